/** The hearing: idle, recording, off the record, closing, closed. Presses arrive through press.ts. */
import { type Reason, reason } from '../base/reason.ts'
import { clockText } from '../base/units.ts'
import { writeClock } from './clock.ts'
import type { Command } from './command.ts'
import { absenceOf, writeConditions } from './condition.ts'
import type { EventOf, Stamp } from './event.ts'
import { endSpan } from './gap.ts'
import { closeGates, leaveHearing, openGates, openLateGate, storesToWrite } from './gate.ts'
import { hearingId } from './hearing-id.ts'
import { summarizeLevels } from './level.ts'
import { writeSelfTest } from './self-test.ts'
import { endStalls } from './signal.ts'
import type { HearingState, OpenedHearing, State, Track } from './state.ts'
import { follow, type Step, stay } from './step.ts'
import { freshTrack } from './track.ts'
import { openHearingOf, write, writeCheckpoint } from './write.ts'

/** Where the hearing stands on its own time line. */
export const mediaMsAt = (hearing: OpenedHearing, atMs: number): number => Math.max(0, atMs - hearing.zeroMs)

/** Journals the change from one state to another, with where every track stands. */
const turn = (state: State, at: Stamp, to: HearingState, hearing: OpenedHearing, why: Reason): Step => {
  const next = { ...state, hearing: to, lastCheckpointMs: at.atMs }
  const mediaMs = mediaMsAt(hearing, at.atMs)
  const body = { kind: 'state', from: state.hearing.is, to: to.is, mediaMs, reason: why } as const
  return { state: next, commands: [...write(next, at, body, why), ...writeCheckpoint(next, at)] }
}

const freshTracks = (state: State): Record<string, Track> =>
  Object.fromEntries(
    state.plan.tracks.map((config): [string, Track] => [
      config.name,
      { ...freshTrack(config, state.tracks[config.name]), trouble: absenceOf(state, config.source) },
    ]),
  )

/** Two hearings of one second, or of one second that a clock set back lets come twice, need two folders. */
const unlike = (known: readonly string[], id: string): string => {
  let name = id
  for (let again = 2; known.includes(name); again++) name = `${id}-${again}`
  return name
}

/** REC from idle: media time begins at the press (R8). The gates come before the paper, for samples do not wait. */
export const openHearing = (state: State, at: Stamp, caseNumber: string, press: PressLine, why: Reason): Step => {
  const id = unlike(state.hearingIds, hearingId(at.utcMs, state.plan.room, caseNumber))
  const hearing: OpenedHearing = {
    id,
    case: caseNumber,
    openedUtcMs: at.utcMs,
    zeroMs: at.atMs,
    spans: [{ fromMs: 0, toMs: null }],
    seals: 0,
  }
  const to: HearingState = { is: 'recording', hearing, sinceMs: at.atMs }
  const fresh: State = {
    ...state,
    hearing: to,
    hearingIds: [...state.hearingIds, id],
    tracks: freshTracks(state),
    gates: {},
    salvages: {},
    journalStoredMs: null,
    lastSummaryMs: at.atMs,
  }
  const open: Command = {
    do: 'open-hearing',
    hearing: id,
    case: caseNumber,
    openedUtcMs: at.utcMs,
    stores: storesToWrite(state),
    reason: why,
  }
  return follow(
    { state: fresh, commands: [open] },
    (next) => openGates(next, at, why),
    (next) => ({ state: next, commands: writeOpened(next, at, hearing, why) }),
    (next) => writeClock(next, at, 0),
    (next) => ({
      state: next,
      commands: [...press(next), ...writeSelfTest(next, at), ...writeConditions(next, at)],
    }),
    (next) => {
      const turned = turn({ ...next, hearing: state.hearing }, at, to, hearing, why)
      return { state: turned.state, commands: turned.commands }
    },
  )
}

/** Builds the line of the press, once there is a journal to take it. */
export type PressLine = (state: State) => Command[]

const writeOpened = (state: State, at: Stamp, hearing: OpenedHearing, why: Reason): Command[] => {
  const { court, room, tracks } = state.plan
  return write(
    state,
    at,
    {
      kind: 'hearing-opened',
      id: hearing.id,
      court,
      room,
      case: hearing.case,
      zeroMonoMs: hearing.zeroMs,
      boot: state.boot,
      tracks,
      reason: why,
    },
    why,
  )
}

/** OFF RECORD: nothing is written from the press on (R21). */
export const pauseHearing = (state: State, at: Stamp, why: Reason): Step => {
  if (state.hearing.is !== 'recording') return stay(state)
  const hearing = endRecord(state.hearing.hearing, at)
  return follow(
    closeGates(state, at, false, why),
    (next) => endStalls(next, at, why),
    (next) => summarizeLevels(next, at),
    (next) => turn(next, at, { is: 'off-record', hearing, sinceMs: at.atMs, reason: why }, hearing, why),
  )
}

const endRecord = (hearing: OpenedHearing, at: Stamp): OpenedHearing => ({
  ...hearing,
  spans: endSpan(hearing.spans, mediaMsAt(hearing, at.atMs)),
})

/** REC after OFF RECORD: on the record again. */
export const resumeHearing = (state: State, at: Stamp, why: Reason): Step => {
  if (state.hearing.is !== 'off-record') return stay(state)
  const { hearing } = state.hearing
  const spans = [...hearing.spans, { fromMs: mediaMsAt(hearing, at.atMs), toMs: null }]
  const resumed: OpenedHearing = { ...hearing, spans }
  const to: HearingState = { is: 'recording', hearing: resumed, sinceMs: at.atMs }
  const turned = turn(state, at, to, resumed, why)
  const opened = openGates({ ...turned.state, lastSummaryMs: at.atMs }, at, why)
  return { state: opened.state, commands: [...opened.commands, ...turned.commands] }
}

/** STOP: the gates close for good, and every worker is waited for. */
export const closeHearing = (state: State, at: Stamp, why: Reason): Step => {
  if (state.hearing.is !== 'recording' && state.hearing.is !== 'off-record') return stay(state)
  const hearing = endRecord(state.hearing.hearing, at)
  const waitingFor = Object.keys(state.gates)
  return follow(
    closeGates(state, at, true, why),
    (next) => endStalls(next, at, why),
    (next) => summarizeLevels(next, at),
    (next) =>
      turn(
        next,
        at,
        { is: 'closing', hearing, sinceMs: at.atMs, waitingFor, searched: false, finishing: false, reason: why },
        hearing,
        why,
      ),
  )
}

/** A worker has closed its files of a hearing. */
export const workerClosed = (state: State, event: EventOf<'worker-closed'>): Step => {
  const { source, run, hearing, final } = event
  const open = openHearingOf(state.hearing)
  if (!final || open?.id !== hearing || state.gates[source]?.run !== run) return stay(state)
  return openLateGate(leaveHearing(state, source), event, source)
}

/** What the clerk reads when a hearing ends. */
export const stopReason = (hearing: OpenedHearing, at: Stamp, by: string, pressed = ''): Reason =>
  reason(`The hearing is over after ${clockText(mediaMsAt(hearing, at.atMs))}${pressed}`, `STOP by ${by}`)
