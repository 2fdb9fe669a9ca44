/** What an interrupted hearing becomes when the recorder starts again (R10, R11, R29). */
import { type Reason, reason } from '../base/reason.ts'
import { clockText, utcText } from '../base/units.ts'
import { writeClock } from './clock.ts'
import type { EventOf, OpenHearing } from './event.ts'
import { endSpan } from './gap.ts'
import { openGates } from './gate.ts'
import { closeHearing, mediaMsAt } from './hearing.ts'
import { oweAll } from './salvage.ts'
import type { HearingState, OpenedHearing, State, Track } from './state.ts'
import { follow, type Step, stay } from './step.ts'
import { freshTrack } from './track.ts'
import { write, writeCheckpoint } from './write.ts'

type Started = EventOf<'recorder-started'>

/** Media time goes on by the wall clock when the monotonic one began anew, and never goes back (R8). */
const zeroOf = (event: Started, open: OpenHearing): number =>
  open.sameBoot ? open.zeroMonoMs : event.atMs - Math.max(event.utcMs - open.openedUtcMs, open.mediaEndMs + 1)

/** Takes up the hearing its journal tells of; the first tick settles whether it goes on. */
export const recover = (state: State, event: Started, open: OpenHearing): Step => {
  const hearing: OpenedHearing = {
    id: open.id,
    case: open.case,
    openedUtcMs: open.openedUtcMs,
    zeroMs: zeroOf(event, open),
    seals: open.seals ?? 0,
    spans: open.spans ?? [{ fromMs: 0, toMs: open.paused || open.closing ? open.mediaEndMs : null }],
  }
  const why = reason(
    'The recorder was interrupted and looks for what was recorded last',
    `started again with ${open.id} open, last journal line ${utcText(open.lastUtcMs)}, ${open.sameBoot ? 'same' : 'another'} boot`,
  )
  const at = event.atMs
  const to: HearingState = open.paused
    ? { is: 'off-record', hearing, sinceMs: at, reason: why }
    : { is: 'recording', hearing, sinceMs: at }
  const recovery = { lastUtcMs: open.lastUtcMs, closing: open.closing ?? false, living: false, reason: why }
  const tracks = recoverTracks(state, open, why)
  const next = oweAll({ ...state, hearing: to, tracks, recovery, lastSummaryMs: at, lastCheckpointMs: at }, event)
  const body = {
    kind: 'interrupted',
    lastUtc: utcText(open.lastUtcMs),
    boot: event.boot,
    zeroMonoMs: hearing.zeroMs,
    reason: why,
  } as const
  return follow({ state: next, commands: write(next, event, body, why) }, (now) => writeClock(now, event, 0))
}

const recoverTracks = (state: State, open: OpenHearing, why: Reason): Record<string, Track> =>
  Object.fromEntries(
    state.plan.tracks.map((config): [string, Track] => {
      const known = open.tracks[config.name]
      return [config.name, { ...freshTrack(config), ...known, trouble: why }]
    }),
  )

/** A hearing that does not go on ended with its media: the hours until the restart are no gap. */
const endAtInterruption = (state: State): State => {
  if (state.hearing.is !== 'recording') return state
  const { hearing } = state.hearing
  const endMs = Math.max(0, ...Object.values(state.tracks).map((track) => track.endMs))
  return { ...state, hearing: { ...state.hearing, hearing: { ...hearing, spans: endSpan(hearing.spans, endMs) } } }
}

/** The first tick after the start: the interrupted hearing goes on, or is closed as the court has set. */
export const settleRecovery = (state: State, at: EventOf<'tick'>): Step => {
  const { recovery, hearing, plan } = state
  if (!recovery) return stay(state)
  const next: State = { ...state, recovery: null }
  if (hearing.is !== 'recording' && hearing.is !== 'off-record') return stay(next)
  const agoMs = at.utcMs - recovery.lastUtcMs
  if (recovery.closing)
    return closeHearing(
      next,
      at,
      reason('The hearing was being closed when the recorder stopped', 'STOP was journalled'),
    )
  if (!recovery.living && (plan.afterInterruption === 'close' || agoMs > plan.resumeWithinMs)) {
    const set = plan.afterInterruption === 'close' ? 'set to close' : `older than ${plan.resumeWithinMs} ms`
    const why = reason(
      'The hearing was interrupted and is closed; press REC to begin a new one',
      `${agoMs} ms ago, ${set}`,
    )
    return closeHearing(endAtInterruption(next), at, why)
  }
  const mediaMs = mediaMsAt(hearing.hearing, at.atMs)
  const why = reason(
    `The hearing goes on at ${clockText(mediaMs)} after an interruption`,
    recovery.living ? 'workers of this hearing live' : `interrupted ${agoMs} ms ago, set to resume`,
  )
  const body = { kind: 'state', from: 'interrupted', to: hearing.is, mediaMs, reason: why } as const
  return follow(
    { state: { ...next, lastCheckpointMs: at.atMs }, commands: write(next, at, body, why) },
    (now) => ({ state: now, commands: writeCheckpoint(now, at) }),
    (now) => openGates(now, at, why),
  )
}
