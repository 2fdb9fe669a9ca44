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

/** Nobody has recorded for a while. */
export const isCalm = (state: State, atMs: number): boolean => {
  const { hearing } = state
  if (hearing.is === 'closed') return atMs - hearing.sinceMs >= CALM_MS
  return hearing.is === 'idle' && atMs - state.scrub.endedMs >= CALM_MS
}

const areGood = ({ stores }: State): boolean => Object.values(stores).every(({ is }) => is === 'good')

/** One hearing at a time, in the calm between hearings, while every store is good. */
export const tickScrub = (state: State, at: Stamp): Step => {
  const { scrub, plan } = state
  if (scrub.running || state.shuttingDown || !isCalm(state, at.atMs)) return stay(state)
  const sinceMs = at.atMs - scrub.endedMs
  const isTurn = plan.scrubEveryMs > 0 && sinceMs >= plan.scrubEveryMs
  if (!isTurn && !(scrub.due && sinceMs >= CALM_MS)) return stay(state)
  if (!areGood(state)) return stay(state)
  const why = reason('An earlier hearing is being read again, to see that the disks still have it', 'scrub')
  return { state: { ...state, scrub: { ...scrub, running: true } }, commands: [{ do: 'scrub', reason: why }] }
}

/** What was sealed is locked away as soon as it is calm, where the court has a key. */
export const wantScrub = (state: State): State =>
  state.plan.locksSealed ? { ...state, scrub: { ...state.scrub, due: true } } : state

/** The disks are a hearing's own while it lasts, and a disk that is being completed is left alone. */
export const stopScrub = (state: State): Step => {
  const isInTheWay = state.hearing.is === 'recording' || state.shuttingDown !== null || !areGood(state)
  if (!state.scrub.running || !isInTheWay) return stay(state)
  const why = reason('Reading again is put off', 'a hearing, the end, or a disk that is not good')
  const command: Command = { do: 'stop-scrub', reason: why }
  return { state: { ...state, scrub: { ...state.scrub, running: false } }, commands: [command] }
}

/** What could not be repaired stays a trouble until a later reading finds the hearing whole. */
export const scrubEnded = (state: State, event: EventOf<'scrub-ended'>): Step => {
  const { hearing, bad, atMs } = event
  const { [hearing]: _before, ...others }: Record<string, Reason> = state.scrub.troubles
  const troubles = bad ? { ...others, [hearing]: event.reason } : others
  // One that was stopped is waited for as before.
  const due = hearing ? event.due : state.scrub.due
  return stay({ ...state, scrub: { running: false, endedMs: atMs, due, troubles } })
}

/** A restart forgets nothing of it. */
export const scrubRemembered = (state: State, { troubles, due }: EventOf<'scrub-remembered'>): Step => {
  const { scrub } = state
  return stay({ ...state, scrub: { ...scrub, due: scrub.due || due, troubles: { ...troubles, ...scrub.troubles } } })
}
