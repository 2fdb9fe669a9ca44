/** Every room, the neediest first: who needs somebody now? */
import type { RoomRow } from '../../../wire/console.ts'
import { Badge, type Tone } from '../parts/badge.tsx'
import { LongList } from '../parts/long-list.tsx'
import { SearchBox } from '../parts/search-box.tsx'
import { counts, court, courtName, courts, FILTERS, filter, search, shown, words } from '../state.ts'
import { agoText } from '../time.ts'

const ROW_PX = 46

const toneOf = ({ presence, verdict, need }: RoomRow): Tone => {
  if (presence === 'lost' || verdict === 'failed' || need >= 70) return 'failed'
  if (verdict === 'degraded' || presence === 'late') return 'degraded'
  if (verdict === 'watch') return 'watch'
  return presence === 'online' && verdict === 'good' ? 'good' : 'quiet'
}

const stateText = (row: RoomRow): string => {
  const { presence, hearing, lamp, scheduled } = words.value
  const parts = [row.presence === 'online' ? hearing[row.hearing] : presence[row.presence]]
  if (row.presence === 'online' && row.lamp === 'blinking') parts.push(lamp.blinking)
  if (row.scheduled && row.hearing !== 'recording') parts.push(scheduled)
  return parts.join(' · ')
}

const worstText = ({ worst }: RoomRow): string => {
  const { hubAlarms, troubles } = words.value
  return { ...troubles, ...hubAlarms }[worst as keyof typeof hubAlarms] ?? worst.replaceAll('_', ' ').toLowerCase()
}

/** What the device says of itself, unless the hub knows worse: "good" beside a cross would be read as good. */
const verdictText = (row: RoomRow): string => {
  const { presence, verdict, inAlarm } = words.value
  if (row.presence === 'lost') return presence.lost
  const isOwn = toneOf(row) !== 'failed' || row.verdict === 'failed'
  return isOwn ? verdict[row.verdict] : inAlarm
}

const Row = ({ row }: { row: RoomRow }) => (
  <>
    <span class="cell-verdict">
      <Badge tone={toneOf(row)} text={verdictText(row)} />
    </span>
    <span class="cell-room">
      <b>{row.room}</b> <span class="faint">{courtName(row.court)}</span>
    </span>
    <span class={`cell-state${row.hearing === 'recording' && row.presence === 'online' ? ' recording' : ''}`}>
      {stateText(row)}
    </span>
    <span class="cell-alarms">
      {row.worst ? worstText(row) : ''}
      {row.alarms > 1 ? ` (${row.alarms})` : ''}
    </span>
    <span class="cell-disks faint">{row.hoursLeft === null ? '' : words.value.hours(row.hoursLeft)}</span>
    <span class="cell-seen faint">{agoText(row.seenAt)}</span>
  </>
)

export const RoomsView = () => {
  const { filters, everyCourt, columns, nobody, noneFound, noneYet, rooms } = words.value
  const items = shown.value
  return (
    <section class="rooms" aria-label={words.value.views.rooms}>
      <search class="choices">
        <div class="filters">
          {FILTERS.map((name) => (
            <button
              type="button"
              key={name}
              aria-pressed={filter.value === name}
              onClick={() => {
                filter.value = name
              }}
            >
              {filters[name]} <b>{counts.value[name].toLocaleString(words.value.locale)}</b>
            </button>
          ))}
        </div>
        <SearchBox
          value={search.value}
          typed={(text) => {
            search.value = text
          }}
        />
        <select
          aria-label={columns.court}
          value={court.value}
          onChange={({ currentTarget }) => {
            court.value = currentTarget.value
          }}
        >
          <option value="">{everyCourt}</option>
          {[...courts.value.values()].map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
        <span class="faint" role="status">
          {rooms(items.length)}
        </span>
        <a href="/coverage.csv" download>
          {words.value.coverageFile}
        </a>
      </search>
      {counts.value.need === 0 && counts.value.all > 0 ? <p class="calm">✓ {nobody}</p> : null}
      <div class="row head" aria-hidden="true">
        <span class="cell-verdict">{columns.need}</span>
        <span class="cell-room">{columns.room}</span>
        <span class="cell-state">{columns.state}</span>
        <span class="cell-alarms">{columns.alarms}</span>
        <span class="cell-disks">{columns.disks}</span>
        <span class="cell-seen">{columns.seen}</span>
      </div>
      <LongList
        items={items}
        rowHeight={ROW_PX}
        keyOf={({ device }) => device}
        label={words.value.views.rooms}
        row={(row) => <Row row={row} />}
        open={(row) => {
          location.hash = `#/room/${row.court}/${row.device}`
        }}
      />
      {items.length === 0 ? <p class="none">{counts.value.all ? noneFound : noneYet}</p> : null}
    </section>
  )
}
