/** Buttons (R21): every press is judged, journalled when a journal is open, and answered. */
import type { Command } from './command.ts'
import { judgePanel, QUIET, taken } from './panel-press.ts'
import type { OpenedHearing, State } from './state.ts'
import { follow, type Step } from './step.ts'
import { judge, type Press, pressLine, REFUSALS, type Verdict } from './verdict.ts'

const hearingOf = (state: State): OpenedHearing | null => ('hearing' in state.hearing ? state.hearing.hearing : null)

/** What a panel is to remember, and to show, of this press. */
const noted = (state: State, { panel, atMs }: Press, { code }: Verdict): State => {
  if (!panel) return state
  const next = taken(state, panel, code)
  return REFUSALS.has(code) && !QUIET.has(code) ? { ...next, presses: { ...next.presses, refusedMs: atMs } } : next
}

/** The press of a button: its line first, then what it brings about, then the answer. */
export const buttonPressed = (before: State, press: Press): Step => {
  const verdict = press.panel ? judgePanel(before, press, press.panel) : judge(before, press)
  const { code, why, act } = verdict
  const state = noted(before, press, verdict)
  const hasLine = code !== 'STARTED' && !QUIET.has(code)
  const step = follow({ state, commands: hasLine ? pressLine(state, press, code, why) : [] }, act)
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
