/** Presses that come from a panel (R21): each counts once, whatever was cut off in between, and none is lost on the way. */
import { reason } from '../base/reason.ts'
import { PANEL_LONG_MS } from '../wire/panel.ts'
import type { PanelPress } from './event.ts'
import { agoText, oldPressOf } from './old-press.ts'
import type { State } from './state.ts'
import { put, stay } from './step.ts'
import { type AnswerCode, judge, type Press, type Verdict } from './verdict.ts'

/** Sources and disks are waited for so long after a start before REC is refused for want of them. */
const STARTING_MS = 30_000

/** Nothing is journalled of these: nothing was pressed, or nothing is judged yet. */
export const QUIET: ReadonlySet<AnswerCode> = new Set(['TAKEN_BEFORE', 'NOT_A_PRESS', 'COMES_AGAIN'])

const verdict = (code: AnswerCode, clerk: string, engineer: string): Verdict => ({
  code,
  why: reason(clerk, engineer),
  act: stay,
})

/**
 * What a panel's button did, as a press is judged. STOP counts when it is held, unless the court has set otherwise: a
 * STOP by mistake takes words from the record for good, a STOP too short takes nothing, and the lamp shows it.
 */
export const judgePanel = (state: State, press: Press, panel: PanelPress): Verdict => {
  const said = `${press.button} ${panel.kind} ${panel.epoch}/${panel.number} by ${press.by}`
  if (isTaken(state, panel)) return verdict('TAKEN_BEFORE', 'This press was taken already', said)
  const asked = kindOf(state, press, panel)
  if (asked === 'nothing') return verdict('NOT_A_PRESS', 'Nothing was asked for', said)
  if (mustWait(state, press)) return verdict('COMES_AGAIN', 'This press waits for a moment', said)
  if (asked === 'too-short')
    return verdict(
      'HOLD_STOP',
      `STOP was pressed too briefly; to end the hearing, hold it for ${PANEL_LONG_MS / 1_000} s`,
      `${said}: held for ${panel.heldMs} ms`,
    )
  const row = oldPressOf(state, press, panel)
  if (!row || row.becomes === 'act') return judge(state, press)
  const button = press.button.toUpperCase()
  const ago = agoText(panel.agoMs)
  return verdict(row.becomes, `${button} was pressed ${ago} and has no effect any more`, `${said}, ${ago}: ${row.says}`)
}

/** The same from now on is known. What waits is not taken: the panel tells it again. */
export const taken = (state: State, { name, epoch, number }: PanelPress, code: AnswerCode): State =>
  code === 'COMES_AGAIN' || code === 'TAKEN_BEFORE'
    ? state
    : { ...state, presses: { ...state.presses, taken: put(state.presses.taken, name, [{ epoch, number }]) } }

const isTaken = ({ presses }: State, { name, epoch, number }: PanelPress): boolean =>
  (presses.taken[name] ?? []).some((known) => known.epoch === epoch && known.number === number)

const kindOf = (state: State, { button }: Press, { kind, heldMs }: PanelPress): 'press' | 'too-short' | 'nothing' => {
  const isHeldToCount = button === 'stop' && state.plan.stopNeedsLongPress
  if (kind === (isHeldToCount ? 'long' : 'press')) return 'press'
  return isHeldToCount && kind === 'release' && heldMs < PANEL_LONG_MS ? 'too-short' : 'nothing'
}

/** It would be refused for something that passes by itself: a hearing being closed, an interruption, a start. */
const mustWait = (state: State, press: Press): boolean => {
  if (state.recovery) return true
  if (press.button !== 'rec') return false
  if (state.hearing.is === 'closing') return true
  const isStarting = press.atMs - state.presses.startedMs < STARTING_MS
  return isStarting && ['NO_STORE', 'NO_SOURCE'].includes(judge(state, press).code)
}
