import { hubFaults, hubWellAt, words } from '../state.ts'
import { Moment } from './moment.tsx'

/** Above every view: the hub itself is in trouble, since when, and what to do; and that it is well again. */
export const HubTrouble = () => {
  const { hub, alarm, keys } = words.value
  if (hubFaults.value.length)
    return (
      <section class="hub-trouble" role="alert" aria-label={hub.title}>
        <h2>✕ {hub.title}</h2>
        {hubFaults.value.map(({ code, detail, since }) => (
          <div key={code} data-hub-fault={code}>
            <p>
              <b>{hub.faults[code] ?? code}</b>{' '}
              <span class="faint">
                {hub.since} <Moment utc={since} />
              </span>
            </p>
            {hub.toDo[code] ? (
              <p>
                <b>{alarm.toDo}:</b> {hub.toDo[code]}
              </p>
            ) : null}
            <details>
              <summary>{alarm.engineer}</summary>
              <code>
                {code} {detail}
              </code>
            </details>
          </div>
        ))}
      </section>
    )
  return hubWellAt.value ? (
    <p class="hub-well" role="status">
      ✓ {hub.well} <Moment utc={hubWellAt.value} />{' '}
      <button
        type="button"
        onClick={() => {
          hubWellAt.value = ''
        }}
      >
        {keys.close}
      </button>
    </p>
  ) : null
}
