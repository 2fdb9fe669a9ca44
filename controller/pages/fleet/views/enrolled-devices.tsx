/**
 * Who belongs to the fleet. However many they are, Tab stops at the search and at one button: arrow keys walk from
 * device to device, as in the grid of the ARIA Authoring Practices.
 */
import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { EnrolledDevice } from '../../../wire/console.ts'
import { Moment } from '../parts/moment.tsx'
import { SearchBox } from '../parts/search-box.tsx'
import { SureButton } from '../parts/sure-button.tsx'
import { courtName, words } from '../state.ts'
import { momentText } from '../time.ts'

interface EnrolledDevicesProps {
  devices: readonly EnrolledDevice[]
  revoke: (device: EnrolledDevice) => unknown
}

/** More are found by search. */
const MOST_ROWS = 100

const placeAfter = (key: string, from: number, count: number): number | null => {
  const places: Record<string, number> = { ArrowDown: from + 1, ArrowUp: from - 1, Home: 0, End: count - 1 }
  const place = places[key]
  return place === undefined ? null : Math.max(0, Math.min(count - 1, place))
}

export const EnrolledDevices = ({ devices, revoke }: EnrolledDevicesProps) => {
  const table = useRef<HTMLTableElement>(null)
  /** Where to go on when one was revoked. */
  const after = useRef('')
  const [wanted, setWanted] = useState('')
  /** The device at which Tab stops, while it is shown. */
  const [at, setAt] = useState('')
  const { enrol, noneFound } = words.value
  const text = wanted.trim().toLocaleLowerCase()
  const found = devices.filter((one) =>
    `${one.room} ${courtName(one.court)} ${one.device}`.toLocaleLowerCase().includes(text),
  )
  const shown = found.slice(0, MOST_ROWS)
  const walked = shown.filter(({ revokedAt }) => revokedAt === null).map(({ device }) => device)
  const stop = walked.includes(at) ? at : walked[0]
  const buttonOf = (device: string | undefined) =>
    table.current?.querySelector<HTMLElement>(`[data-device="${device}"] button`)
  const walk = (event: KeyboardEvent): void => {
    // Whoever is asked whether it is meant answers first.
    if (!(event.target instanceof HTMLElement) || event.target.closest('.sure')) return
    const device = event.target.closest<HTMLElement>('[data-device]')?.dataset.device ?? ''
    const to = placeAfter(event.key, walked.indexOf(device), walked.length)
    if (to === null) return
    event.preventDefault()
    buttonOf(walked[to])?.focus()
  }
  useLayoutEffect(() => {
    // Its button is gone: whoever came by keyboard goes on with the one after it.
    if (after.current && document.activeElement === document.body) buttonOf(after.current)?.focus()
    after.current = ''
  }, [walked.join()])
  return (
    <>
      <search class="choices">
        <SearchBox value={wanted} typed={setWanted} />
        <span class="faint" role="status">
          {found.length > shown.length ? enrol.shownOf(shown.length, found.length) : found.length ? '' : noneFound}
        </span>
      </search>
      {walked.length > 1 ? (
        <p class="faint" id="enrolled-keys">
          {enrol.keys}
        </p>
      ) : null}
      {/* biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a table may be a grid (ARIA in HTML) */}
      <table ref={table} role="grid" aria-label={enrol.devices} aria-describedby="enrolled-keys" onKeyDown={walk}>
        <tbody>
          {shown.map((one) => (
            <tr key={one.device} data-device={one.device}>
              <td>
                <b>{one.room}</b> <span class="faint">{courtName(one.court)}</span>
              </td>
              <td>
                <code>{one.device}</code>
              </td>
              <td>
                <Moment utc={one.enrolledAt} />
              </td>
              <td>{one.revokedAt ? enrol.revoked(momentText(one.revokedAt)) : enrol.until(momentText(one.expires))}</td>
              <td>
                {one.revokedAt ? null : (
                  <SureButton
                    text={enrol.revoke}
                    whom={`${one.room}, ${courtName(one.court)}`}
                    isSkipped={one.device !== stop}
                    focused={() => setAt(one.device)}
                    does={() => {
                      const place = walked.indexOf(one.device)
                      after.current = walked[place + 1] ?? walked[place - 1] ?? ''
                      revoke(one)
                    }}
                  />
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  )
}
