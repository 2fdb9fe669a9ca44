/** One track in the open hearing: fragments are folded into sums, and what is missing between them becomes gaps. */
import { type Reason, reason } from '../base/reason.ts'
import type { FragmentEntry } from '../journal/entry.ts'
import type { TrackConfig } from '../wire/config.ts'
import type { Command } from './command.ts'
import type { EventOf, Stamp } from './event.ts'
import { missingBetween, type Piece } from './gap.ts'
import { endStall } from './signal.ts'
import type { State, Track } from './state.ts'
import { follow, put, type Step, stay } from './step.ts'
import { nameOfTrack } from './words.ts'
import { openHearingOf, write } from './write.ts'

export const NOTHING_HEARD: Track['heard'] = { count: 0, power: 0, peakDbfs: -200, voiced: 0 }

/** A track before its first fragment; what is heard and signalled outside hearings stays known. */
export const freshTrack = (config: TrackConfig, last?: Track): Track => ({
  config,
  run: 0,
  seq: 0,
  fragments: 0,
  bytes: 0,
  seconds: 0,
  gaps: 0,
  endMs: -1,
  confirmedMs: null,
  level: last?.level ?? null,
  heard: NOTHING_HEARD,
  signals: last?.signals ?? {},
  trouble: null,
})

/** The track with one more fragment. */
const fold = (track: Track, fragment: FragmentEntry, confirmedMs: number | null, gaps: number): Track => ({
  ...track,
  ...(isKnown(track, fragment) ? {} : { run: fragment.run, seq: fragment.seq }),
  fragments: track.fragments + 1,
  bytes: track.bytes + fragment.bytes,
  seconds: track.seconds + fragment.durationMs / 1_000,
  gaps: track.gaps + gaps,
  endMs: Math.max(track.endMs, fragment.mediaMs + fragment.durationMs),
  confirmedMs: confirmedMs ?? track.confirmedMs,
  trouble: null,
})

const isKnown = (track: Track, fragment: FragmentEntry): boolean =>
  fragment.run < track.run || (fragment.run === track.run && fragment.seq <= track.seq)

/** Journals gaps of a track with the cause that is known of it. */
export const writeGaps = (state: State, at: Stamp, track: Track, pieces: Piece[]): Command[] => {
  const { name } = track.config
  const why: Reason = track.trouble ?? reason(`${nameOfTrack(state.plan, name)}: a piece is missing`, 'samples missing')
  return pieces.flatMap((piece) => write(state, at, { kind: 'gap', track: name, ...piece, reason: why }, why))
}

/** Within a run the worker counts what is missing between two fragments of a span; everything else the core sees. */
const missingBefore = (state: State, track: Track, fragment: FragmentEntry, gapMs: number | null): Piece[] => {
  const spans = openHearingOf(state.hearing)?.spans ?? []
  const { mediaMs } = fragment
  const fromMs = Math.max(0, track.endMs)
  const present = spans.find((span) => span.fromMs < fromMs && (span.toMs ?? Number.POSITIVE_INFINITY) > mediaMs)
  if (gapMs === null || fragment.run !== track.run || !present) return missingBetween(spans, fromMs, mediaMs)
  return gapMs > 0 ? [{ fromMs: Math.max(present.fromMs, mediaMs - gapMs), toMs: mediaMs }] : []
}

/** Bytes of a track are on disk (R20): counted, gathered for the journal, and the gap before them is told. */
export const fragmentStored = (state: State, event: EventOf<'fragment-stored'>): Step => {
  const { fragment, gapMs } = event
  const track = state.tracks[fragment.track]
  if (!track || !openHearingOf(state.hearing) || !mayWrite(state, event.source, event.run)) return stay(state)
  if (track.config.source !== event.source || fragment.run !== event.run || isKnown(track, fragment)) return stay(state)
  const pieces = missingBefore(state, track, fragment, gapMs)
  // A fragment that no store has confirmed is not on disk, whatever it says.
  const next = fold(track, fragment, fragment.stores.length ? event.atMs : null, pieces.length)
  const told = writeGaps(state, event, track, pieces)
  const known = {
    ...state,
    tracks: put(state.tracks, fragment.track, next),
    unwritten: [...state.unwritten, fragment],
  }
  return follow({ state: known, commands: told }, (now) => endStall(now, event, fragment.track))
}

/** A worker of the open hearing, or one that died in it and whose last words are still on their way. */
const mayWrite = (state: State, source: string, run: number): boolean =>
  state.gates[source]?.run === run || state.salvages[source]?.run === run

/** A second store has what the first already had. */
export const fragmentMirrored = (state: State, event: EventOf<'fragment-mirrored'>): Step => {
  const track = state.tracks[event.track]
  if (!track || !openHearingOf(state.hearing) || event.run !== track.run) return stay(state)
  const { store, run, upto } = event
  const others = state.unwrittenMirrored.filter((one) => one.track !== event.track || one.store !== store)
  const next = { ...state, unwrittenMirrored: [...others, { store, track: event.track, run, upto }] }
  if (upto >= track.seq) next.tracks = put(state.tracks, event.track, { ...track, confirmedMs: event.atMs })
  return stay(next)
}

/**
 * Whole fragments on disk that nobody told of: journalled as found, and the gap shrinks by them. While workers live a
 * word of theirs may cross; in the last search nobody speaks any more, and an older fragment is one that came late.
 */
export const fragmentsFound = (state: State, event: EventOf<'fragments-found'>): Step => {
  if (state.salvages[event.source]?.is !== 'running') return stay(state)
  const last = state.hearing.is === 'closing' && state.hearing.searched
  let tracks = state.tracks
  const found: FragmentEntry[] = []
  const gaps: Command[] = []
  for (const fragment of event.fragments) {
    const track = tracks[fragment.track]
    if (!track || track.config.source !== event.source) continue
    const isLate = isKnown(track, fragment)
    if (isLate && !last) continue
    const pieces = isLate ? [] : missingBefore(state, track, fragment, null)
    gaps.push(...writeGaps(state, event, track, pieces))
    // The cause still stands: it explains the gap between these and the successor's first.
    tracks = put(tracks, fragment.track, { ...fold(track, fragment, null, pieces.length), trouble: track.trouble })
    found.push(fragment)
  }
  if (!found.length) return stay(state)
  const line = write(state, event, { kind: 'found', why: event.reason, fragments: found }, event.reason)
  return { state: { ...state, tracks }, commands: [...line, ...gaps] }
}

/** `track-started`: when a track's first sample on the record was, and what it waited for. */
export const trackStarted = (state: State, event: EventOf<'track-started'>): Step => {
  const { source, run, track, mediaMs, waitedMs, on } = event
  if (state.gates[source]?.run !== run || state.tracks[track]?.config.source !== source) return stay(state)
  const why = reason(
    `${nameOfTrack(state.plan, track)} is being recorded`,
    `first ${on} at ${mediaMs} ms, ${waitedMs} ms after the gate opened`,
  )
  return { state, commands: write(state, event, { kind: 'started', track, run, mediaMs, waitedMs, on }, why) }
}
