/**
 * What `hearing.json` holds: the hearing in short, for people and pages. Derived from the journal and never proof of
 * anything; it can be written again from the journal at any time.
 */
export const SUMMARY_FORMAT = 'verbatim-hearing/1'

/** Time on the media time line during which a track holds nothing although it should. */
export interface GapSummary {
  fromMs: number
  toMs: number
  clerk: string
}

export interface TrackSummary {
  name: string
  label: string
  media: 'video' | 'audio'
  source: string
  /** Codec of the latest fragment; null before the first. */
  codec: string | null
  /** Paths of the segment files inside the hearing folder, in order. */
  segments: string[]
  fragments: number
  bytes: number
  /** Sum of the fragments' durations. */
  seconds: number
  gaps: GapSummary[]
}

/** Time spent off the record. `toMs` is null while it lasts. */
export interface OffRecordSummary {
  fromMs: number
  toMs: number | null
  reason: string
}

export interface HearingSummary {
  format: typeof SUMMARY_FORMAT
  id: string
  court: string
  room: string
  case: string
  openedUtc: string
  closedUtc: string | null
  state: 'open' | 'closed'
  /** Length of the media time line, recesses and gaps included. */
  mediaSeconds: number
  tracks: TrackSummary[]
  offRecord: OffRecordSummary[]
  marks: { mediaMs: number; utc: string; note: string; by: string }[]
  /** Crashes and power cuts: the last line before, and the first after. */
  interruptions: { lastUtc: string; resumedUtc: string; clerk: string }[]
  /** Every change of a store that the journal tells: trouble, and its end. */
  stores: { store: string; utc: string; to: string; clerk: string }[]
  journal: { entries: number; head: string }
}

/** Where an interrupted hearing stands, for whoever carries on with it. */
export interface ResumePoint {
  /** CLOCK_MONOTONIC at media time 0, in the clock of boot `boot`. */
  zeroMonoMs: number
  boot: string
  paused: boolean
  /** Wall time of the last line. */
  lastUtc: string
  /** End of the last fragment of any track on the media time line; 0 before the first. */
  mediaEndMs: number
  tracks: Record<string, TrackPlace>
}

/** The last fragment of a track that the journal knows, and what came before it in numbers. */
export interface TrackPlace {
  run: number
  seq: number
  fragments: number
  bytes: number
  seconds: number
  gaps: number
  /** End of the last fragment on the media time line; -1 before the first. */
  endMs: number
}
