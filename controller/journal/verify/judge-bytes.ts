import type { HearingFiles } from './files.ts'
import type { ByteFindingCode, Findings, Place } from './finding.ts'
import { compareJournals } from './mirror.ts'
import type { Proof } from './proof.ts'
import type { BadSpan } from './segments.ts'
import type { Survey } from './survey.ts'
import { tellUnlisted } from './unlisted.ts'

type RowCode = Extract<ByteFindingCode, `fragment-${'damaged' | 'lost' | 'absent' | 'unreadable'}` | 'not-permitted'>

const codeOfSpan = ({ state }: BadSpan, confirmedHere: boolean): RowCode => {
  if (state.is === 'missing') return confirmedHere ? 'fragment-lost' : 'fragment-absent'
  if (state.is === 'unreadable') return state.forbidden ? 'not-permitted' : 'fragment-unreadable'
  return 'fragment-damaged'
}

/** Tells a row of fragments that is not whole. */
const tellSpan = (span: BadSpan, confirmedHere: boolean, found: Findings): void => {
  const { track, file, offset, bytes, fromMs, toMs, onMirror, state, run, fromSeq, toSeq, stores } = span
  const place: Place = { track, file, offset, bytes, fromMs, toMs, ...(onMirror === null ? {} : { onMirror }) }
  const code = state.is === 'unreadable' ? state.code : ''
  found.add(codeOfSpan(span, confirmedHere), place, { run, fromSeq, toSeq, stores, code })
}

/** Tells a row that a copy has replaced: as sealed where a seal covers it, as damaged elsewhere. */
const tellReplaced = (span: BadSpan, survey: Survey, sealCounts: (line: number) => boolean, found: Findings): void => {
  for (const { seals, ...piece } of survey.seals.divide(span, sealCounts)) {
    const place = { track: span.track, file: span.file, ...piece }
    if (seals.length) found.add('fragment-sealed', place, { seals: seals.join(', ') })
    else {
      tellSpan({ ...span, ...piece }, true, found)
      const count = survey.segments.counts.get(span.track)
      if (count) count.damaged += span.parts.filter((_, i) => i % 3 === 0 && isWithin(span.parts[i]!, piece)).length
    }
  }
}

const isWithin = (at: number, { offset, bytes }: { offset: number; bytes: number }): boolean =>
  at >= offset && at < offset + bytes

export interface ByteJudgement {
  files: HearingFiles
  mirror: HearingFiles | null
  /** Files of the folder with their lengths, before anything was read. */
  present: ReadonlyMap<string, number>
  sha256: Proof['sha256']
  /** Name of the store that the folder lies on; without it, only bytes that every store confirmed count as lost. */
  store?: string | undefined
  /** Whether a seal of this line may be relied on. */
  sealCounts: (line: number) => boolean
}

/** Tells what is wrong with the bytes, and the remarks that the journal itself makes about them. */
export const judgeBytes = async (survey: Survey, judgement: ByteJudgement, found: Findings): Promise<void> => {
  const { manifest, reader, segments, confirmed, tails } = survey
  const { tracks, interruptions } = survey.summary
  for (const span of segments.bad)
    if (span.state.is === 'replaced') tellReplaced(span, survey, judgement.sealCounts, found)
    else tellSpan(span, confirmed.here(span, judgement.store), found)
  tellUnlisted(segments.files, survey.locked.without(judgement.present), tails, manifest.closed, found)
  await survey.locked.tell(judgement, found)
  if (judgement.mirror) await compareJournals(judgement.files, judgement.mirror, reader, judgement.sha256, found)
  for (const track of tracks)
    for (const { fromMs, toMs, clerk } of track.gaps)
      found.add('gap', { track: track.name, fromMs, toMs }, { reason: clerk })
  for (const { lastUtc, resumedUtc, clerk } of interruptions)
    found.add('interruption', {}, { stoppedUtc: lastUtc, resumedUtc, reason: clerk })
  if (!manifest.closed) found.add('hearing-open', {}, { entries: reader.count })
}
