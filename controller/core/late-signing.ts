/**
 * Closed hearings whose end nobody has signed, for the key did not sign then. In the calm it is tried again: what the key
 * signs late is proved from then on, and what is sealed can be locked away.
 */
import { reason } from '../base/reason.ts'
import type { EventOf } from './event.ts'
import { wantScrub } from './scrub.ts'
import type { State } from './state.ts'
import { type Step, stay } from './step.ts'

/** A token that hangs takes seconds of somebody's patience each time. */
export const TRY_AGAIN_MS = 60_000

export const endsUnsigned = (state: State, { count, signed, atMs }: EventOf<'ends-unsigned'>): Step => {
  const next: State = { ...state, lateSigning: { count, isTrying: false, triedMs: atMs } }
  return stay(signed ? wantScrub(next) : next)
}

export const tickLateSigning = (state: State, at: EventOf<'tick'>): Step => {
  const { lateSigning, hearing, shuttingDown } = state
  const isCalm = (hearing.is === 'idle' || hearing.is === 'closed') && !shuttingDown
  if (!lateSigning.count || lateSigning.isTrying || !isCalm) return stay(state)
  if (at.atMs - lateSigning.triedMs < TRY_AGAIN_MS) return stay(state)
  const why = reason(
    'What was not signed is signed now, if the key answers',
    `${lateSigning.count} hearings end unsigned`,
  )
  return {
    state: { ...state, lateSigning: { ...lateSigning, isTrying: true } },
    commands: [{ do: 'sign-closed', reason: why }],
  }
}
