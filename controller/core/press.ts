/** Buttons (R21): every press is judged, journalled when a journal is open, and answered. */
import type { Command } from './command.ts'
import type { OpenedHearing, State } from './state.ts'
import { follow, type Step } from './step.ts'
import { judge, type Press, pressLine, REFUSALS } from './verdict.ts'

const hearingOf = (state: State): OpenedHearing | null => ('hearing' in state.hearing ? state.hearing.hearing : null)

/** The press of a button: its line first, then what it brings about, then the answer. */
export const buttonPressed = (state: State, press: Press): Step => {
  const { code, why, act } = judge(state, press)
  const opens = code === 'STARTED'
  const step = follow({ state, commands: opens ? [] : pressLine(state, press, code, why) }, act)
  const answer: Command = {
    do: 'answer',
    request: press.request,
    accepted: !REFUSALS.has(code),
    code,
    hearing: hearingOf(step.state)?.id ?? null,
    reason: why,
  }
  return { state: step.state, commands: [...step.commands, answer] }
}
