import { basename } from 'node:path'
import type { HearingSummary } from '../../journal/summary.ts'
import { type CheckedTrack, checkedTracks } from '../../journal/verify/checked-track.ts'
import { type ByteFindingCode, Findings, type Finding as Found } from '../../journal/verify/finding.ts'
import { judgeBytes } from '../../journal/verify/judge-bytes.ts'
import { Survey } from '../../journal/verify/survey.ts'
import { type Finding, type Verdict, verdictOf } from './finding.ts'
import { HearingFolder } from './hearing-folder.ts'
import { sha256 } from './journal-file.ts'
import { mediaProgress } from './media-progress.ts'
import { type Checked, sentencesOf } from './wording.ts'

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

/** A check's finding as it is printed: nothing of it is new, and its place keeps its form. */
const worded = (found: Found<ByteFindingCode>, checked: Checked): Finding => {
  const { about: _, line: __, ...rest } = found
  return { ...rest, ...sentencesOf(found, checked) }
}

/**
 * Compares a hearing folder with its journal: chain, every fragment's bytes, files and bytes nobody listed. Reads each
 * file once and writes nothing. Works on a hearing that is being recorded. Does not throw for what the folder holds.
 */
export const checkHearing = async (dir: string, options: CheckOptions = {}): Promise<HearingCheck> => {
  const progress = mediaProgress(options.onProgress)
  const files = new HearingFolder(dir, { onBytes: progress.add })
  const mirror = options.mirror === undefined ? null : new HearingFolder(options.mirror, { threads: 0 })
  try {
    return await checkFiles(dir, files, mirror, progress, options)
  } finally {
    await files.close()
  }
}

const checkFiles = async (
  dir: string,
  files: HearingFolder,
  mirror: HearingFolder | null,
  progress: ReturnType<typeof mediaProgress>,
  { store, mirror: mirrorDir = '' }: CheckOptions,
): Promise<HearingCheck> => {
  const found = new Findings()
  const present = await files.list()
  progress.begin(present)
  const survey = new Survey(files, mirror, sha256, found)
  await survey.walk()
  const { reader, summary, segments } = survey
  const readable = reader.count > 0
  if (readable) await judgeBytes(survey, { files, mirror, present, sha256, store, sealCounts: () => true }, found)
  progress.end()
  const labels = new Map(summary.tracks.map(({ name, label }) => [name, label]))
  const checked: Checked = { dir, mirror: mirrorDir, labelOf: (track) => labels.get(track) ?? track }
  const { id, court, room, openedUtc, closedUtc, state, mediaSeconds, offRecord } = summary
  return {
    verdict: verdictOf(found),
    hearing: id || basename(dir),
    ...{ dir, court, room, case: summary.case, openedUtc, closedUtc, mediaSeconds, offRecord },
    state: readable ? state : 'unknown',
    tracks: checkedTracks(summary, segments.counts),
    journal: { entries: reader.count, head: reader.head, tornBytes: reader.tornBytes },
    findings: found.list.map((one) => worded(one as Found<ByteFindingCode>, checked)),
    moreFindings: found.more,
  }
}
