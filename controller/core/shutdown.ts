/** An orderly end: the hearing is closed first, then every worker, then the program (R29). */
import { type Reason, reason } from '../base/reason.ts'
import type { EventOf, Stamp } from './event.ts'
import { closeHearing } from './hearing.ts'
import type { State } from './state.ts'
import { type Step, stay } from './step.ts'
import { endWorkers } from './worker.ts'
import { writeCheckpoint } from './write.ts'

export const shutdownAsked = (state: State, event: EventOf<'shutdown-asked'>): Step => {
  if (state.shuttingDown) return stay(state)
  return closeHearing({ ...state, shuttingDown: event.reason }, event, event.reason)
}

/** Ends the workers as soon as no hearing needs them. */
export const continueShutdown = (state: State, at: Stamp): Step => {
  const { shuttingDown } = state
  return shuttingDown && !needsWorkers(state) ? endWorkers(state, at, shuttingDown) : stay(state)
}

/** The battery ends, and the court wants the hearing to go on when the power is back: it stays open. */
const isKept = ({ hearing, power, plan }: State): boolean =>
  power.supply.is === 'ending' && plan.power.keepsHearing && (hearing.is === 'recording' || hearing.is === 'off-record')

const needsWorkers = (state: State): boolean =>
  state.hearing.is !== 'idle' && state.hearing.is !== 'closed' && !isKept(state)

const isOver = (state: State): boolean =>
  state.shuttingDown !== null &&
  !needsWorkers(state) &&
  Object.values(state.sources).every((source) => source.is === 'off')

/** `exit`, or `power-off` when the battery is low, once: at the step that brought everything to its end. */
export const exitWhenOver = (before: State, state: State, at: Stamp): Step => {
  if (isOver(before) || !isOver(state)) return stay(state)
  const why: Reason = state.shuttingDown ?? reason('The recorder is switched off')
  const { supply } = state.power
  // The mains may have come back meanwhile: then the program alone ends, and is started again by whoever watches over it.
  const isDark = supply.is === 'ending' && !supply.isBack
  const last = writeCheckpoint(state, at)
  return { state, commands: [...last, { do: isDark ? 'power-off' : 'exit', reason: why }] }
}
