/**
 * What a press means that was made while the recorder was away, and that a panel tells of when it is back. One table:
 * evidence wants that too much is recorded rather than too little, and that nobody's later decision is undone.
 */
import { MINUTE_MS } from '../base/units.ts'
import type { Button } from '../wire/clerk.ts'
import type { PanelPress } from './event.ts'
import type { HearingState, State } from './state.ts'
import type { AnswerCode, Press } from './verdict.ts'

/** A younger press is one of now: so long a panel waits before it says that nobody is heard. */
export const FRESH_PRESS_MS = 2_000
/** However short an interruption must be for a hearing to go on by itself. */
const LEAST_LIMIT_MS = MINUTE_MS

/**
 * `before`: since then the hearing went on or off the record, so something else was decided later; for MARK, the
 * hearing had not begun. `long-ago`: longer than an interruption after which a hearing still goes on by itself.
 */
export type Pressed = 'before' | 'long-ago'

export interface OldPress {
  button: Button
  hearing: readonly HearingState['is'][]
  /** Null: any time. */
  pressed: Pressed | null
  /** `act`: as a press of now, which says how long ago it was. Otherwise it is refused with that code. */
  becomes: 'act' | Extract<AnswerCode, 'OVERTAKEN' | 'TOO_OLD'>
  /** What happens, and why. */
  says: string
}

const NONE = ['idle', 'closed'] as const
const OPEN = ['recording', 'off-record'] as const

/** The first row that fits counts. What has no row is judged as a press of now: REC while recording, STOP without a hearing. */
export const OLD_PRESSES: readonly OldPress[] = [
  {
    ...{ button: 'rec', hearing: NONE, pressed: 'long-ago', becomes: 'TOO_OLD' },
    says: 'Refused: whoever pressed has gone, and a room that believes itself alone must not be recorded.',
  },
  {
    ...{ button: 'rec', hearing: NONE, pressed: null, becomes: 'act' },
    says: 'The recording begins now; what was said since the press is lost, and the journal says how long that was.',
  },
  {
    ...{ button: 'rec', hearing: ['off-record'], pressed: 'before', becomes: 'OVERTAKEN' },
    says: 'Refused: the hearing went off the record later, and that holds.',
  },
  {
    ...{ button: 'rec', hearing: ['off-record'], pressed: 'long-ago', becomes: 'TOO_OLD' },
    says: 'Refused: a recess of which nobody thinks any more must not become a recording.',
  },
  {
    ...{ button: 'rec', hearing: ['off-record'], pressed: null, becomes: 'act' },
    says: 'The hearing goes on the record now.',
  },
  {
    ...{ button: 'off', hearing: ['recording'], pressed: 'before', becomes: 'OVERTAKEN' },
    says: 'Refused: the hearing went on the record later, and that holds.',
  },
  {
    ...{ button: 'off', hearing: ['recording'], pressed: null, becomes: 'act' },
    says: 'The hearing goes off the record now; what was recorded since the press stays, and can be sealed.',
  },
  {
    ...{ button: 'stop', hearing: OPEN, pressed: 'before', becomes: 'OVERTAKEN' },
    says: 'Refused: the hearing went on or off the record later, so it was not to be over.',
  },
  {
    ...{ button: 'stop', hearing: OPEN, pressed: null, becomes: 'act' },
    says: 'The hearing ends now.',
  },
  {
    ...{ button: 'mark', hearing: OPEN, pressed: 'before', becomes: 'OVERTAKEN' },
    says: 'Refused: the hearing had not begun then.',
  },
  {
    ...{ button: 'mark', hearing: OPEN, pressed: null, becomes: 'act' },
    says: 'The mark is put where the button was pressed.',
  },
]

/** When the hearing last went on or off the record; for MARK, when it began. Null without a hearing. */
const decidedMs = ({ hearing }: State, button: Button): number | null => {
  if (hearing.is !== 'recording' && hearing.is !== 'off-record') return null
  const { zeroMs, spans } = hearing.hearing
  if (button === 'mark') return zeroMs
  const last = spans.at(-1)
  return zeroMs + (last ? (last.toMs ?? last.fromMs) : 0)
}

const fits = (state: State, press: Press, agoMs: number, row: OldPress): boolean => {
  if (row.button !== press.button || !row.hearing.includes(state.hearing.is)) return false
  if (row.pressed === null) return true
  if (row.pressed === 'long-ago') return agoMs > Math.max(LEAST_LIMIT_MS, state.plan.resumeWithinMs)
  const since = decidedMs(state, press.button)
  return since !== null && press.atMs - agoMs < since
}

/** The row for this press; null for a fresh one, and for one that is judged as a press of now. */
export const oldPressOf = (state: State, press: Press, { agoMs }: PanelPress): OldPress | null =>
  agoMs <= FRESH_PRESS_MS ? null : (OLD_PRESSES.find((row) => fits(state, press, agoMs, row)) ?? null)

/** `12 s ago`, `7 min ago`. */
export const agoText = (agoMs: number): string =>
  agoMs < 2 * MINUTE_MS ? `${Math.round(agoMs / 1_000)} s ago` : `${Math.round(agoMs / MINUTE_MS)} min ago`

/** `, pressed 12 s ago`; empty for a press of now. */
export const pressedText = ({ panel }: Press): string =>
  panel && panel.agoMs > FRESH_PRESS_MS ? `, pressed ${agoText(panel.agoMs)}` : ''
