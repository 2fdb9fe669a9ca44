/** How a press of a button is judged: what it brings about, or why it is refused (R13, R21). */
import { type Reason, reason } from '../base/reason.ts'
import { clockText } from '../base/units.ts'
import type { Command } from './command.ts'
import type { EventOf } from './event.ts'
import { hoursForecast } from './forecast.ts'
import { closeHearing, mediaMsAt, openHearing, pauseHearing, resumeHearing, stopReason } from './hearing.ts'
import { pressedText } from './old-press.ts'
import type { State } from './state.ts'
import { type Step, stay } from './step.ts'
import { openHearingOf, write } from './write.ts'

/** What an answer's `code` may be; the first row accepts, the second refuses. */
export type AnswerCode =
  | 'STARTED'
  | 'RESUMED'
  | 'ALREADY_RECORDING'
  | 'PAUSED'
  | 'ALREADY_OFF_RECORD'
  | 'STOPPED'
  | 'ALREADY_CLOSING'
  | 'MARKED'
  | 'SEALED'
  | 'TESTING'
  | 'TAKEN_BEFORE'
  | 'NOT_A_PRESS'
  | 'NO_HEARING'
  | 'CLOSING'
  | 'SHUTTING_DOWN'
  | 'NO_STORE'
  | 'NO_SPACE'
  | 'NO_SOURCE'
  | 'SEAL_INVALID'
  | 'SEAL_FAILED'
  | 'HEARING_OPEN'
  | 'HOLD_STOP'
  | 'OVERTAKEN'
  | 'TOO_OLD'
  | 'COMES_AGAIN'

/** The codes that refuse; all others accept. */
export const REFUSALS: ReadonlySet<AnswerCode> = new Set([
  'NO_HEARING',
  'CLOSING',
  'SHUTTING_DOWN',
  'NO_STORE',
  'NO_SPACE',
  'NO_SOURCE',
  'SEAL_INVALID',
  'SEAL_FAILED',
  'HEARING_OPEN',
  'HOLD_STOP',
  'OVERTAKEN',
  'TOO_OLD',
  'COMES_AGAIN',
])

export type Press = EventOf<'button-pressed'>

/** How a press is judged, and what it does when it is accepted. `STARTED` journals the press itself, for its journal is opened by it. */
export interface Verdict {
  code: AnswerCode
  why: Reason
  act: (state: State) => Step
}

/** The number of a panel's press stands in its line: told again after a power cut, it is known. */
const panelOf = ({ panel }: Press) => {
  if (!panel) return {}
  const { name, epoch, number, agoMs } = panel
  return { panel: { name, epoch, number, agoMs } }
}

/** The journal's line of a press (R18). */
export const pressLine = (state: State, press: Press, code: AnswerCode, why: Reason): Command[] =>
  write(
    state,
    press,
    {
      ...{ kind: 'press', button: press.button, by: press.by, note: press.note },
      ...{ accepted: !REFUSALS.has(code), reason: why },
      ...panelOf(press),
    },
    why,
  )

/** What a button means in the present state of the hearing. */
export const judge = (state: State, press: Press): Verdict => {
  switch (press.button) {
    case 'rec':
      return judgeRec(state, press)
    case 'off':
      return judgeOff(state, press)
    case 'stop':
      return judgeStop(state, press)
    case 'mark':
      return judgeMark(state, press)
  }
}

const verdict = (code: AnswerCode, clerk: string, engineer: string, act: (state: State) => Step = stay): Verdict => ({
  code,
  why: reason(clerk, engineer),
  act,
})

const noHearing = (press: Press): Verdict =>
  verdict(
    'NO_HEARING',
    'No hearing is open; press REC first',
    `${press.button} by ${press.by} while no hearing is open`,
  )

const closing = (press: Press): Verdict =>
  verdict('CLOSING', 'The hearing is just being closed; wait a moment', `${press.button} by ${press.by} while closing`)

const judgeRec = (state: State, press: Press): Verdict => {
  switch (state.hearing.is) {
    case 'recording':
      return verdict('ALREADY_RECORDING', 'The hearing is already being recorded', `REC by ${press.by} while recording`)
    case 'closing':
      return closing(press)
    case 'off-record': {
      const why = reason(
        `The hearing is on the record again${pressedText(press)}`,
        `REC by ${press.by} while off the record`,
      )
      return { code: 'RESUMED', why, act: (next) => resumeHearing(next, press, why) }
    }
    default:
      return refuseRec(state, press) ?? startRec(press)
  }
}

const startRec = (press: Press): Verdict => {
  const caseNumber = press.case.trim()
  const why = reason(
    `Recording has begun${caseNumber ? `: case ${caseNumber}` : ''}${pressedText(press)}`,
    `REC by ${press.by} while idle`,
  )
  const line = (state: State) => pressLine(state, press, 'STARTED', why)
  return { code: 'STARTED', why, act: (state) => openHearing(state, press, caseNumber, line, why) }
}

/** Why a new hearing cannot begin; null when it can (R13). */
const refuseRec = (state: State, press: Press): Verdict | null => {
  const said = `REC by ${press.by}`
  if (state.shuttingDown)
    return verdict('SHUTTING_DOWN', 'The recorder is being switched off', `${said}: ${state.shuttingDown.engineer}`)
  const hours = hoursForecast(state)
  if (hours === null) {
    const stores = Object.entries(state.stores).map(([name, store]) => `${name} is ${store.is}`)
    return verdict('NO_STORE', 'No disk is ready to record on; call technical support', `${said}: ${stores.join(', ')}`)
  }
  const { expectedHours } = state.plan
  if (hours < expectedHours)
    return verdict(
      'NO_SPACE',
      `The disks hold only ${hours.toFixed(1)} more hours; a hearing needs ${expectedHours}`,
      `${said}: ${hours.toFixed(3)} hours left on the best good store at ${Math.round(state.plan.bytesPerSecond)} B/s`,
    )
  if (!Object.values(state.sources).some((source) => source.is === 'live')) {
    const sources = Object.entries(state.sources).map(([name, source]) => `${name} is ${source.is}`)
    return verdict('NO_SOURCE', 'No camera or microphone is ready', `${said}: ${sources.join(', ')}`)
  }
  return null
}

const judgeOff = (state: State, press: Press): Verdict => {
  switch (state.hearing.is) {
    case 'recording': {
      const note = press.note.trim() || 'recess'
      const why = reason(`Off the record: ${note}${pressedText(press)}`, `OFF RECORD by ${press.by}`)
      return { code: 'PAUSED', why, act: (next) => pauseHearing(next, press, why) }
    }
    case 'off-record':
      return verdict('ALREADY_OFF_RECORD', 'The hearing is already off the record', `OFF RECORD by ${press.by} again`)
    case 'closing':
      return closing(press)
    default:
      return noHearing(press)
  }
}

const judgeStop = (state: State, press: Press): Verdict => {
  switch (state.hearing.is) {
    case 'recording':
    case 'off-record': {
      const why = stopReason(state.hearing.hearing, press, press.by, pressedText(press))
      return { code: 'STOPPED', why, act: (next) => closeHearing(next, press, why) }
    }
    case 'closing':
      return verdict('ALREADY_CLOSING', 'The hearing is already being closed', `STOP by ${press.by} while closing`)
    default:
      return noHearing(press)
  }
}

const judgeMark = (state: State, press: Press): Verdict => {
  const open = openHearingOf(state.hearing)
  if (!open || state.hearing.is === 'closing') return state.hearing.is === 'closing' ? closing(press) : noHearing(press)
  const mediaMs = mediaMsAt(open, press.atMs - (press.panel?.agoMs ?? 0))
  const why = reason(`Marked at ${clockText(mediaMs)}${press.note ? `: ${press.note}` : ''}`, `MARK by ${press.by}`)
  const body = { kind: 'mark', mediaMs, note: press.note, by: press.by } as const
  return { code: 'MARKED', why, act: (next) => ({ state: next, commands: write(next, press, body, why) }) }
}
