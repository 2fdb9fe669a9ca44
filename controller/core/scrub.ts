/**
 * Scrubbing: between hearings what lies on the disks is read again, for a disk that lies is noticed only by reading. The
 * port chooses what has not been read for longest, and goes slowly; here it is judged when it may.
 */
import { type Reason, reason } from '../base/reason.ts'
import type { Command } from './command.ts'
import type { EventOf, Stamp } from './event.ts'
import type { State } from './state.ts'
import { type Step, stay } from './step.ts'

/** A clerk who presses REC again soon is not disturbed. */
export const CALM_MS = 20_000

const isCalm = (state: State, atMs: number): boolean => {
  const { hearing } = state
  if (hearing.is === 'closed') return atMs - hearing.sinceMs >= CALM_MS
  return hearing.is === 'idle' && atMs - state.scrub.endedMs >= CALM_MS
}

/** One hearing at a time, in the calm between hearings, while every store is good. */
export const tickScrub = (state: State, at: Stamp): Step => {
  const { scrub, plan, stores } = state
  if (!plan.scrubEveryMs || scrub.running || state.shuttingDown || !isCalm(state, at.atMs)) return stay(state)
  if (at.atMs - scrub.endedMs < plan.scrubEveryMs) return stay(state)
  if (!Object.values(stores).every(({ is }) => is === 'good')) return stay(state)
  const why = reason('An earlier hearing is being read again, to see that the disks still have it', 'scrub')
  return { state: { ...state, scrub: { ...scrub, running: true } }, commands: [{ do: 'scrub', reason: why }] }
}

/** The disks are a hearing's own while it lasts. */
export const stopScrub = (state: State): Step => {
  if (!state.scrub.running || (state.hearing.is !== 'recording' && !state.shuttingDown)) return stay(state)
  const command: Command = { do: 'stop-scrub', reason: reason('Reading again is put off', 'a hearing, or the end') }
  return { state: { ...state, scrub: { ...state.scrub, running: false } }, commands: [command] }
}

/** What could not be repaired stays a trouble until a later reading finds the hearing whole. */
export const scrubEnded = (state: State, event: EventOf<'scrub-ended'>): Step => {
  const { hearing, bad, atMs } = event
  const { [hearing]: _before, ...others }: Record<string, Reason> = state.scrub.troubles
  const troubles = bad ? { ...others, [hearing]: event.reason } : others
  return stay({ ...state, scrub: { running: false, endedMs: atMs, troubles } })
}
