/** An orderly end: the hearing is closed first, then every worker, then the program (R29). */
import { type Reason, reason } from '../base/reason.ts'
import type { EventOf, Stamp } from './event.ts'
import { closeHearing } from './hearing.ts'
import type { State } from './state.ts'
import { type Step, stay } from './step.ts'
import { endWorkers } from './worker.ts'

export const shutdownAsked = (state: State, event: EventOf<'shutdown-asked'>): Step => {
  if (state.shuttingDown) return stay(state)
  return closeHearing({ ...state, shuttingDown: event.reason }, event, event.reason)
}

/** Ends the workers as soon as no hearing needs them. */
export const continueShutdown = (state: State, at: Stamp): Step => {
  const { hearing, shuttingDown } = state
  if (!shuttingDown || (hearing.is !== 'idle' && hearing.is !== 'closed')) return stay(state)
  return endWorkers(state, at, shuttingDown)
}

const isOver = (state: State): boolean =>
  state.shuttingDown !== null &&
  (state.hearing.is === 'idle' || state.hearing.is === 'closed') &&
  Object.values(state.sources).every((source) => source.is === 'off')

/** `exit`, or `power-off` when the battery is low, once: at the step that brought everything to its end. */
export const exitWhenOver = (before: State, state: State): Step => {
  if (isOver(before) || !isOver(state)) return stay(state)
  const why: Reason = state.shuttingDown ?? reason('The recorder is switched off')
  const { supply } = state.power
  // The mains may have come back meanwhile: then the program alone ends, and is started again by whoever watches over it.
  const isDark = supply.is === 'ending' && !supply.isBack
  return { state, commands: [{ do: isDark ? 'power-off' : 'exit', reason: why }] }
}
