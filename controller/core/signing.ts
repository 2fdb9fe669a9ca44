/** Whether journals can be signed. A key that fails is a trouble and stands in the journal; nothing waits for it. */
import { type Reason, reason } from '../base/reason.ts'
import type { Command } from './command.ts'
import type { EventOf, Stamp } from './event.ts'
import type { State } from './state.ts'
import { type Step, stay } from './step.ts'
import { write } from './write.ts'

const line = (state: State, at: Stamp, to: 'good' | 'failed', why: Reason): Command[] =>
  write(state, at, { kind: 'signer', to, reason: why }, why)

/** Told once, not at every place that is not signed. */
export const signingFailed = (state: State, event: EventOf<'signing-failed'>): Step =>
  state.unsigned
    ? stay(state)
    : {
        state: { ...state, unsigned: event.reason },
        commands: line(state, event, 'failed', event.reason),
      }

export const journalSigned = (state: State, event: EventOf<'journal-signed'>): Step => {
  if (!state.unsigned) return stay(state)
  const why = reason('The recording is being signed again', `failed before: ${state.unsigned.engineer}`)
  return { state: { ...state, unsigned: null }, commands: line(state, event, 'good', why) }
}

/** A key that had failed before the hearing began. */
export const writeUnsigned = (state: State, at: Stamp): Command[] =>
  state.unsigned ? line(state, at, 'failed', state.unsigned) : []
