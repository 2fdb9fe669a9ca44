/** The wall clock beside the monotonic one: pairs for the journal, and steps (R7, R8). Media never follows a step. */
import { type Reason, reason } from '../base/reason.ts'
import { MINUTE_MS, utcText } from '../base/units.ts'
import type { EventOf, Stamp } from './event.ts'
import type { State } from './state.ts'
import { type Step, stay } from './step.ts'
import { write } from './write.ts'

/** Less is how chrony slews or two readings differ. */
export const STEP_MS = 500
/** A step is news for so long. */
const NEWS_MS = MINUTE_MS

/** A pair of both clocks. */
export const writeClock = (state: State, at: Stamp, stepMs: number, why?: Reason): Step => {
  const { boot, clockSynchronized: synchronized } = state
  const body = { kind: 'clock', boot, monoMs: at.atMs, utcMs: at.utcMs, synchronized, stepMs } as const
  const told = why ?? reason('The clock was read', `monotonic ${at.atMs} ms is ${utcText(at.utcMs)}`)
  return { state: { ...state, lastClockMs: at.atMs }, commands: write(state, at, body, told) }
}

export const clockRead = (state: State, event: EventOf<'clock-read'>): Step => {
  const offsetMs = event.utcMs - event.atMs
  const stepMs = state.clockOffsetMs === null ? 0 : offsetMs - state.clockOffsetMs
  const next: State = { ...state, clockOffsetMs: offsetMs, clockSynchronized: event.synchronized }
  if (Math.abs(stepMs) <= STEP_MS) {
    return event.atMs - state.lastClockMs >= MINUTE_MS ? writeClock(next, event, 0) : stay(next)
  }
  const seconds = Math.round(Math.abs(stepMs) / 100) / 10
  const why = reason(
    `The clock of this machine was set ${stepMs > 0 ? 'forward' : 'back'} by ${seconds} s; the recording is not affected`,
    `wall clock minus monotonic clock changed by ${stepMs} ms`,
  )
  return writeClock({ ...next, clockStep: { atMs: event.atMs, reason: why } }, event, stepMs, why)
}

/** After a while a step is no news any more. */
export const forgetStep = (state: State, at: Stamp): State =>
  state.clockStep && at.atMs - state.clockStep.atMs > NEWS_MS ? { ...state, clockStep: null } : state
