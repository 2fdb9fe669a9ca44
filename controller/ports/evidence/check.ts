import { basename } from 'node:path'
import { codeOf, messageOf } from '../../base/error.ts'
import { Manifest } from '../../journal/manifest.ts'
import { JournalReader } from '../../journal/read.ts'
import type { HearingSummary, TrackSummary } from '../../journal/summary.ts'
import { Confirmed } from './confirmed.ts'
import { type Finding, Findings, type Verdict } from './finding.ts'
import { filesIn } from './folder.ts'
import { JOURNAL_FILE, readJournal, sha256 } from './journal-file.ts'
import { compareJournals } from './mirror.ts'
import { Segments } from './segments.ts'
import { type KnownTail, tellUnlisted } from './unlisted.ts'
import { tellFault, tellGaps, tellSpan } from './wording.ts'

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
  /** Bytes looked at so far, and in all. */
  onProgress?: (done: number, total: number) => void
}

const checkedTrack = (track: TrackSummary, bad: { missing: number; damaged: number }): CheckedTrack => ({
  ...track,
  gaps: track.gaps.length,
  gapSeconds: Math.round(track.gaps.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0)) / 1_000,
  segments: track.segments.length,
  ...bad,
})

/**
 * Compares a hearing folder with its journal: chain, every fragment's bytes, files and bytes nobody listed. Reads each
 * file once and writes nothing. Works on a hearing that is being recorded. Does not throw for what the folder holds.
 */
export const checkHearing = async (dir: string, options: CheckOptions = {}): Promise<HearingCheck> => {
  const found = new Findings()
  const reader = new JournalReader(sha256)
  const manifest = new Manifest()
  const confirmed = new Confirmed()
  const tails: KnownTail[] = []
  const present = await filesIn(dir)
  let total = 0
  for (const bytes of present.values()) total += bytes
  let mediaBytes = 0
  const progress = () => options.onProgress?.(mediaBytes + reader.wholeBytes, total + reader.wholeBytes)
  const segments = new Segments(dir, options.mirror ?? null, (bytes) => {
    mediaBytes += bytes
    progress()
  })
  try {
    for await (const item of readJournal(dir, reader)) {
      if (item.is === 'fault') {
        tellFault(item, manifest.closed, found)
        continue
      }
      const { entry } = item
      manifest.add(entry)
      confirmed.note(entry)
      if (entry.kind === 'tail') tails.push(entry)
      if (entry.kind === 'fragments' || entry.kind === 'found')
        for (const fragment of entry.fragments) await segments.add(fragment)
    }
    if (reader.count === 0)
      found.add('journal-empty', {
        file: JOURNAL_FILE,
        clerk: 'The journal holds nothing that can be read, so nothing can be said about the recording.',
        engineer: `${reader.wholeBytes + reader.tornBytes} bytes without a single entry`,
      })
  } catch (thrown) {
    const missing = codeOf(thrown) === 'JOURNAL_MISSING'
    found.add(missing ? 'journal-missing' : 'journal-unreadable', {
      file: JOURNAL_FILE,
      clerk: missing ? 'There is no journal here: this is not the folder of a hearing.' : 'The journal cannot be read.',
      engineer: messageOf(thrown),
    })
  }
  await segments.end()
  const summary = manifest.summary({ entries: reader.count, head: reader.head })
  if (reader.count > 0) {
    const labels = new Map(summary.tracks.map(({ name, label }) => [name, label]))
    for (const span of segments.bad)
      tellSpan(span, labels.get(span.track) ?? span.track, confirmed.here(span, options.store), found)
    tellUnlisted(segments.files, present, tails, manifest.closed, found)
    if (options.mirror) await compareJournals(dir, options.mirror, reader, found)
    for (const track of summary.tracks) tellGaps(track, found)
    for (const { lastUtc, resumedUtc, clerk } of summary.interruptions)
      found.add('interruption', { clerk, engineer: `last line ${lastUtc}, next line ${resumedUtc}` })
    if (!manifest.closed)
      found.add('hearing-open', {
        clerk: 'The hearing was not closed: it is being recorded, or the recorder was interrupted.',
        engineer: `no hearing-closed entry in ${reader.count} entries`,
      })
  }
  options.onProgress?.(total + reader.wholeBytes, total + reader.wholeBytes)
  const { id, court, room, openedUtc, closedUtc, state, mediaSeconds, offRecord } = summary
  return {
    verdict: found.verdict,
    hearing: id || basename(dir),
    ...{ dir, court, room, case: summary.case, openedUtc, closedUtc, mediaSeconds, offRecord },
    state: reader.count > 0 ? state : 'unknown',
    tracks: summary.tracks.map((track) =>
      checkedTrack(track, segments.counts.get(track.name) ?? { missing: 0, damaged: 0 }),
    ),
    journal: { entries: reader.count, head: reader.head, tornBytes: reader.tornBytes },
    findings: found.list,
    moreFindings: found.more,
  }
}
