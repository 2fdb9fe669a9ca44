/** One room: how it is now, what was, and what may be done from here. */
import { useEffect, useState } from 'preact/hooks'
import type { RoomDetail } from '../../../wire/console.ts'
import { ask } from '../ask.ts'
import { tell } from '../load.ts'
import { AlarmCard } from '../parts/alarm-card.tsx'
import { Badge } from '../parts/badge.tsx'
import { Moment } from '../parts/moment.tsx'
import { alarms, courtName, language, may, rooms, words } from '../state.ts'
import { agoText } from '../time.ts'
import { eventWords } from '../told-words.ts'
import { ConfigPart } from './room/config-part.tsx'
import { DocketPart } from './room/docket-part.tsx'
import { HistoryPart } from './room/history-part.tsx'
import { OrdersPart } from './room/orders-part.tsx'

const LOOK_MS = 5_000
/** After something was asked of the device: its answer is waited for. */
const SOON_MS = 1_000
const LOOKS_SOON = 20

const Facts = ({ rows }: { rows: readonly (readonly [string, preact.ComponentChildren])[] }) => (
  <dl class="facts">
    {rows.map(([name, value]) => (
      <div key={name}>
        <dt>{name}</dt>
        <dd>{value}</dd>
      </div>
    ))}
  </dl>
)

const Parts = ({ parts }: { parts: Readonly<Record<string, string>> }) => (
  <ul class="parts">
    {Object.entries(parts).map(([name, state]) => (
      <li key={name}>
        <Badge
          tone={['live', 'good'].includes(state) ? 'good' : 'degraded'}
          text={`${name}: ${words.value.partStates[state as keyof typeof words.value.partStates] ?? state}`}
        />
      </li>
    ))}
  </ul>
)

const Now = ({ detail }: { detail: RoomDetail }) => {
  const { state, birth, row, coverage, enrolledAt } = detail
  const { room, hearing, lamp, presence, verdict } = words.value
  // What a silent room said last is no news of it now: nobody may read there that it records.
  const isHeard = row.presence === 'online' || row.presence === 'late'
  const clock =
    state?.clockSynchronized === null || !state ? '–' : state.clockSynchronized ? room.clockYes : room.clockNo
  return (
    <>
      <p class="big">
        <Badge
          tone={
            row.presence === 'lost' || row.verdict === 'failed'
              ? 'failed'
              : row.verdict === 'unknown'
                ? 'quiet'
                : row.verdict
          }
          // The last verdict of a room that is lost, beside a cross, would be read as today's.
          text={row.presence === 'lost' ? presence.lost : verdict[row.verdict]}
        />{' '}
        {row.presence === 'lost' ? '' : `${presence[row.presence]} · `}
        {isHeard ? (
          <b class={row.hearing === 'recording' ? 'recording' : ''}>{hearing[row.hearing]}</b>
        ) : (
          <span>
            {room.lastKnown} {hearing[row.hearing]}
          </span>
        )}{' '}
        {isHeard ? lamp[row.lamp] : ''} <span class="faint">{agoText(row.seenAt)}</span>
      </p>
      <Facts
        rows={[
          [room.sources, <Parts key="sources" parts={state?.sources ?? {}} />],
          [
            room.disks,
            <>
              <Parts parts={state?.disks ?? {}} /> {row.hoursLeft === null ? '' : words.value.hours(row.hoursLeft)}
            </>,
          ],
          [room.supply, state ? room.supplies[state.supply] : '–'],
          [room.clock, clock],
          [
            room.selfTest,
            <>
              {state ? room.selfTests[state.selfTest] : '–'}{' '}
              {state?.selfTestedAt ? <Moment utc={state.selfTestedAt} /> : null}
            </>,
          ],
          [room.coverage, room.coverageText(coverage.recorded, coverage.scheduled, coverage.audible)],
          [room.version, `${birth?.version ?? '–'} ${birth?.model ?? ''} ${birth?.serial ?? ''}`],
          [room.certificate, birth?.certificateExpires ? <Moment utc={birth.certificateExpires} /> : '–'],
          [room.enrolled, <Moment key="enrolled" utc={enrolledAt} />],
          [room.device, <code key="device">{row.device}</code>],
        ]}
      />
    </>
  )
}

const Events = ({ events }: { events: RoomDetail['events'] }) => (
  <ol class="events">
    {events.map(({ seq, kind, time, data }) => (
      <li key={seq}>
        <Moment utc={time} /> <b>{words.value.events[kind as keyof typeof words.value.events] ?? kind}</b>{' '}
        <span class="faint">{eventWords({ kind, data }, language.value)}</span>
      </li>
    ))}
  </ol>
)

export const RoomView = ({ court, device }: { court: string; device: string }) => {
  const [detail, setDetail] = useState<RoomDetail | null>(null)
  const { room } = words.value
  // What the list hears of this room is newer than what was loaded.
  const live = rooms.value.get(device)
  const own = [...alarms.value.values()].filter((row) => row.device === device)
  const [looksSoon, setLooksSoon] = useState(0)
  const isSoon = looksSoon > 0
  const look = () => ask('room', { court, device }).then(setDetail, tell)
  useEffect(() => {
    void look()
    const again = () => {
      void look()
      setLooksSoon((left) => Math.max(0, left - 1))
    }
    const timer = setInterval(again, isSoon ? SOON_MS : LOOK_MS)
    return () => clearInterval(timer)
  }, [court, device, live?.need, live?.hearing, isSoon])
  const asked = () => {
    setLooksSoon(LOOKS_SOON)
    return look()
  }
  if (!detail) return <p class="none">…</p>
  return (
    <article class="room">
      <p>
        <a href="#/">← {room.back}</a>
      </p>
      <h2>
        {(live ?? detail.row).room} <span class="faint">{courtName(court)}</span>
      </h2>
      <div class="columns">
        <div class="stack">
          <section aria-label={words.value.views.alarms} class="card">
            <h3>{words.value.views.alarms}</h3>
            {own.length ? null : <p class="calm">✓ {words.value.alarm.none}</p>}
            <ul class="alarms">
              {own.map((row) => (
                <AlarmCard key={row.id} row={row} withRoom={false} />
              ))}
            </ul>
          </section>
          <section aria-label={room.now} class="card">
            <h3>{room.now}</h3>
            <Now detail={{ ...detail, row: live ?? detail.row }} />
          </section>
          <section aria-label={room.orders} class="card">
            <h3>{room.orders}</h3>
            <OrdersPart detail={detail} done={asked} />
          </section>
        </div>
        <div class="stack">
          <section aria-label={room.history} class="card">
            <h3>{room.history}</h3>
            <HistoryPart court={court} device={device} />
          </section>
          <section aria-label={room.events} class="card">
            <h3>{room.events}</h3>
            {detail.events.length ? <Events events={detail.events} /> : <p class="faint">{room.noEvents}</p>}
          </section>
          <section aria-label={room.configuration} class="card">
            <h3>{room.configuration}</h3>
            <ConfigPart detail={detail} done={asked} />
          </section>
          {may.value.operate ? (
            <section aria-label={room.docket} class="card">
              <h3>{room.docket}</h3>
              <DocketPart court={court} device={device} done={asked} />
            </section>
          ) : null}
        </div>
      </div>
    </article>
  )
}
