import { AlarmCard } from '../parts/alarm-card.tsx'
import { sortedAlarms, words } from '../state.ts'

/** What is in the page at once; the gravest are first, and the rest is found by room. */
const MOST = 200

/** Every alarm of the region. */
export const AlarmsView = () => {
  const rows = sortedAlarms.value
  return (
    <section aria-label={words.value.views.alarms}>
      {rows.length ? null : <p class="calm">✓ {words.value.alarm.none}</p>}
      <ul class="alarms">
        {rows.slice(0, MOST).map((row) => (
          <AlarmCard key={`${row.device}/${row.id}`} row={row} withRoom />
        ))}
      </ul>
      {rows.length > MOST ? <p class="faint">+ {rows.length - MOST}</p> : null}
    </section>
  )
}
