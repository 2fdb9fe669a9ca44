import { basename } from 'node:path'
import type { HearingSummary, TrackSummary } from '../../journal/summary.ts'
import { type Finding, Findings, type Verdict } from './finding.ts'
import { filesIn } from './folder.ts'
import { compareJournals } from './mirror.ts'
import { Survey } from './survey.ts'
import { tellUnlisted } from './unlisted.ts'
import { tellGaps, tellSpan } from './wording.ts'

export interface CheckedTrack extends Omit<TrackSummary, 'gaps' | 'segments'> {
  gaps: number
  gapSeconds: number
  segments: number
  /** Fragments that the journal lists and this disk does not have. */
  missing: number
  /** Fragments that are here and are not what the journal says, or cannot be read. */
  damaged: number
}

/** What `verbatim check --json` prints. */
export interface HearingCheck extends Pick<HearingSummary, 'court' | 'room' | 'case' | 'openedUtc' | 'closedUtc'> {
  verdict: Verdict
  /** Id of the hearing; the folder's name when the journal does not give it. */
  hearing: string
  dir: string
  state: 'open' | 'closed' | 'unknown'
  mediaSeconds: number
  offRecord: HearingSummary['offRecord']
  tracks: CheckedTrack[]
  journal: { entries: number; head: string; tornBytes: number }
  findings: Finding[]
  /** Findings counted beyond those listed. */
  moreFindings: number
}

export interface CheckOptions {
  /** The hearing's folder on the other disk: says of each bad stretch whether it is whole there. */
  mirror?: string
  /** Name of the store that `dir` lies on; without it, only bytes that every store confirmed count as lost. */
  store?: string
  /** Bytes of media looked at so far, and in all. */
  onProgress?: (done: number, total: number) => void
}

const checkedTrack = (track: TrackSummary, bad = { missing: 0, damaged: 0 }): CheckedTrack => ({
  ...track,
  gaps: track.gaps.length,
  gapSeconds: Math.round(track.gaps.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0)) / 1_000,
  segments: track.segments.length,
  ...bad,
})

/** Adds what is wrong beyond the journal itself, and the remarks. */
const judge = async (
  dir: string,
  survey: Survey,
  present: Map<string, number>,
  options: CheckOptions,
  found: Findings,
) => {
  const { manifest, reader, segments, confirmed, tails } = survey
  const { tracks, interruptions } = survey.summary
  const labels = new Map(tracks.map(({ name, label }) => [name, label]))
  for (const span of segments.bad)
    tellSpan(span, labels.get(span.track) ?? span.track, confirmed.here(span, options.store), found)
  tellUnlisted(segments.files, present, tails, manifest.closed, found)
  if (options.mirror) await compareJournals(dir, options.mirror, reader, found)
  for (const track of tracks) tellGaps(track, found)
  for (const { lastUtc, resumedUtc, clerk } of interruptions)
    found.add('interruption', { clerk, engineer: `last line ${lastUtc}, next line ${resumedUtc}` })
  if (!manifest.closed)
    found.add('hearing-open', {
      clerk: 'The hearing was not closed: it is being recorded, or the recorder was interrupted.',
      engineer: `no hearing-closed entry in ${reader.count} entries`,
    })
}

/**
 * Compares a hearing folder with its journal: chain, every fragment's bytes, files and bytes nobody listed. Reads each
 * file once and writes nothing. Works on a hearing that is being recorded. Does not throw for what the folder holds.
 */
export const checkHearing = async (dir: string, options: CheckOptions = {}): Promise<HearingCheck> => {
  const found = new Findings()
  const present = await filesIn(dir)
  const mediaBytes = [...present.values()].reduce((sum, bytes) => sum + bytes, 0)
  let done = 0
  const survey = new Survey(dir, options.mirror ?? null, (bytes) => {
    done += bytes
    options.onProgress?.(Math.min(done, mediaBytes), mediaBytes)
  })
  await survey.walk(found)
  const { reader, summary, segments } = survey
  const readable = reader.count > 0
  if (readable) await judge(dir, survey, present, options, found)
  options.onProgress?.(mediaBytes, mediaBytes)
  const { id, court, room, openedUtc, closedUtc, state, mediaSeconds, offRecord } = summary
  return {
    verdict: found.verdict,
    hearing: id || basename(dir),
    ...{ dir, court, room, case: summary.case, openedUtc, closedUtc, mediaSeconds, offRecord },
    state: readable ? state : 'unknown',
    tracks: summary.tracks.map((track) => checkedTrack(track, segments.counts.get(track.name))),
    journal: { entries: reader.count, head: reader.head, tornBytes: reader.tornBytes },
    findings: found.list,
    moreFindings: found.more,
  }
}
