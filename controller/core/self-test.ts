/** What the recorder found when it tested itself at its start: for the status, and for every journal from then on. */
import { reason } from '../base/reason.ts'
import type { Command } from './command.ts'
import type { EventOf, Stamp } from './event.ts'
import type { State } from './state.ts'
import type { Step } from './step.ts'
import { write } from './write.ts'

/** A hearing that was taken up again may be open by then. */
export const selfTested = (state: State, event: EventOf<'self-tested'>): Step => {
  const next = { ...state, selfTest: event.results }
  return { state: next, commands: writeSelfTest(next, event) }
}

/** Nothing while the test still runs: its end is told to an open hearing too. */
export const writeSelfTest = (state: State, at: Stamp): Command[] => {
  const { selfTest: results } = state
  if (!results) return []
  const failed = results.filter(({ ok }) => !ok).map(({ what, detail }) => `${what}: ${detail}`)
  const why = reason(
    failed.length ? 'The recorder tested itself and found faults' : 'The recorder tested itself and is in order',
    failed.join('; ') || `${results.length} tests passed`,
  )
  return write(state, at, { kind: 'self-test', results }, why)
}
