import type { HearingSummary, TrackSummary } from '../summary.ts'

/** A track in numbers, as it was found. */
export interface CheckedTrack extends Omit<TrackSummary, 'gaps' | 'segments'> {
  gaps: number
  gapSeconds: number
  segments: number
  /** Fragments that the journal lists and this disk does not have. */
  missing: number
  /** Fragments that are here and are not what the journal says, or cannot be read. */
  damaged: number
}

type BadCounts = ReadonlyMap<string, { missing: number; damaged: number }>

export const checkedTracks = ({ tracks }: HearingSummary, bad: BadCounts): CheckedTrack[] =>
  tracks.map((track) => ({
    ...track,
    gaps: track.gaps.length,
    gapSeconds: Math.round(track.gaps.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0)) / 1_000,
    segments: track.segments.length,
    ...(bad.get(track.name) ?? { missing: 0, damaged: 0 }),
  }))
