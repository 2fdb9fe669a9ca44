import type { RoomDetail } from '../../../../wire/console.ts'
import { ask } from '../../ask.ts'
import { tell } from '../../load.ts'
import { Moment } from '../../parts/moment.tsx'
import { SureButton } from '../../parts/sure-button.tsx'
import { language, may, words } from '../../state.ts'
import { resultWords } from '../../told-words.ts'

type Op = keyof typeof words.value.orders

/** These change nothing that anybody would miss. */
const HARMLESS: readonly string[] = ['identify', 'send-logs']

/** What a device may be told from here: nothing that starts, stops or erases a recording. */
export const OrdersPart = ({ detail, done }: { detail: RoomDetail; done: () => unknown }) => {
  const { court, device } = detail.row
  const send = (op: Op) => ask('order', { court, device }, { op }).then(done, tell)
  const { orders, room } = words.value
  return (
    <>
      {may.value.operate ? (
        <p class="buttons">
          {(Object.keys(orders) as Op[]).map((op) =>
            HARMLESS.includes(op) ? (
              <button type="button" key={op} onClick={() => send(op)}>
                {orders[op]}
              </button>
            ) : (
              <SureButton key={op} text={orders[op]} does={() => send(op)} />
            ),
          )}
        </p>
      ) : null}
      {detail.orders.length ? null : <p class="faint">{room.noOrders}</p>}
      <ol class="events">
        {detail.orders.map(({ id, op, by, at, result }) => (
          <li key={id}>
            <Moment utc={at} /> <b>{orders[op as Op] ?? op}</b> <span class="faint">{by}</span>{' '}
            {result ? `${result.ok ? '✓' : '✕'} ${resultWords(result, language.value)}` : room.sent}
            {result?.data ? (
              <details>
                <summary>…</summary>
                <pre>{result.data}</pre>
              </details>
            ) : null}
          </li>
        ))}
      </ol>
    </>
  )
}
