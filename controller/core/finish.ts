/** The end of a hearing: what is missing from its tracks is told, its last lines are written, its files closed. */
import type { Command } from './command.ts'
import type { EventOf, Stamp } from './event.ts'
import { missingBetween } from './gap.ts'
import { searchAll } from './salvage.ts'
import { wantScrub } from './scrub.ts'
import type { OpenedHearing, State } from './state.ts'
import { put, type Step, stay } from './step.ts'
import { writeGaps } from './track.ts'
import { write, writeCheckpoint } from './write.ts'

/** The last lines of a hearing, once nobody writes any more. */
export const finishHearing = (state: State, at: Stamp): Step => {
  const { hearing: closing, recovery, salvages } = state
  if (closing.is !== 'closing' || closing.finishing || recovery) return stay(state)
  if (closing.waitingFor.length || Object.keys(salvages).length) return stay(state)
  if (!closing.searched) return searchAll({ ...state, hearing: { ...closing, searched: true } }, at)
  const { hearing, reason: why } = closing
  const mediaMs = closedAtMs(state, hearing)
  const gapped = writeTailGaps(state, at, hearing)
  const finish: Command = {
    do: 'finish-hearing',
    hearing: hearing.id,
    case: hearing.case,
    openedUtcMs: hearing.openedUtcMs,
    sealed: hearing.seals > 0,
    reason: why,
  }
  return {
    state: { ...gapped.state, hearing: { ...closing, finishing: true, sinceMs: at.atMs } },
    commands: [
      ...gapped.commands,
      ...writeCheckpoint(gapped.state, at),
      ...write(state, at, { kind: 'hearing-closed', mediaMs, reason: why }, why),
      finish,
    ],
  }
}

/** Where the hearing ends on its time line: where it last was on the record, or where its media ends. */
const closedAtMs = (state: State, hearing: OpenedHearing): number => {
  const spans = hearing.spans.map((span) => span.toMs ?? span.fromMs)
  return Math.max(0, ...spans, ...Object.values(state.tracks).map((track) => track.endMs))
}

/** A track that ended before the hearing did misses its end; one that never began misses everything. */
const writeTailGaps = (state: State, at: Stamp, hearing: OpenedHearing): Step => {
  let tracks = state.tracks
  const commands: Command[] = []
  for (const [name, track] of Object.entries(state.tracks)) {
    const pieces = missingBetween(hearing.spans, Math.max(0, track.endMs), closedAtMs(state, hearing))
    if (!pieces.length) continue
    commands.push(...writeGaps(state, at, track, pieces))
    tracks = put(tracks, name, { ...track, gaps: track.gaps + pieces.length })
  }
  return { state: { ...state, tracks }, commands }
}

/** The files are closed; the register knows. */
export const hearingFinished = (state: State, event: EventOf<'hearing-finished'>): Step => {
  const { hearing } = state
  if (hearing.is !== 'closing' || !hearing.finishing || hearing.hearing.id !== event.hearing) return stay(state)
  return stay(closed(state, event))
}

/** The hearing is over, whether its port said so or never will. */
export const closed = (state: State, at: Stamp): State => {
  if (state.hearing.is !== 'closing') return state
  const { id, case: caseNumber } = state.hearing.hearing
  const mediaMs = closedAtMs(state, state.hearing.hearing)
  return {
    ...(state.hearing.hearing.seals ? wantScrub(state) : state),
    hearing: { is: 'closed', id, case: caseNumber, sinceMs: at.atMs, mediaMs },
    gates: {},
    salvages: {},
    unwritten: [],
    unwrittenMirrored: [],
  }
}
