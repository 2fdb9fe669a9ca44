import type { JournalItem } from '../../journal/read.ts'
import type { TrackSummary } from '../../journal/summary.ts'
import { type FindingCode, type Findings, spanText } from './finding.ts'
import { JOURNAL_FILE } from './journal-file.ts'
import type { BadSpan } from './segments.ts'

/** Tells a fault of the journal. A torn tail of an open hearing is what a power cut leaves; of a closed one it is not. */
export const tellFault = (item: JournalItem & { is: 'fault' }, closed: boolean, found: Findings): void => {
  const { code, message } = item.fault
  const place = { file: JOURNAL_FILE, offset: item.offset, bytes: item.bytes, engineer: `${code}: ${message}` }
  if (code === 'torn' && closed)
    found.add('journal-added', { ...place, clerk: 'Something was added to the journal after the hearing was closed.' })
  else if (code === 'torn')
    found.add('journal-torn', {
      ...place,
      clerk: 'The last line of the journal was cut off while it was written. Nothing confirmed is lost by that.',
    })
  else if (code === 'number' || code === 'chain')
    found.add('journal-chain', { ...place, clerk: 'A line of the journal was changed, removed, added or moved.' })
  else found.add('journal-line', { ...place, clerk: 'A line of the journal is spoiled and cannot be read.' })
}

const codeOfSpan = ({ state }: BadSpan, confirmedHere: boolean): FindingCode => {
  if (state.is === 'damaged') return 'fragment-damaged'
  if (state.is === 'missing') return confirmedHere ? 'fragment-lost' : 'fragment-absent'
  return state.code === 'EACCES' || state.code === 'EPERM' ? 'not-permitted' : 'fragment-unreadable'
}

const WORDS: Partial<Record<FindingCode, string>> = {
  'fragment-damaged': 'the recording is not the one that was made: the file was changed or the disk spoiled it',
  'fragment-lost': 'the recording was safely on disk and is gone: the file was deleted or cut, or the disk lost it',
  'fragment-absent': 'the recording never reached this disk',
  'fragment-unreadable': 'the disk cannot read the recording',
  'not-permitted': 'the recording could not be checked, because you may not open the file',
}

const mirrorWords = (onMirror: boolean | null): string => {
  if (onMirror === null) return ''
  return onMirror ? ' The other disk has it whole.' : ' The other disk does not have it whole either.'
}

/** Tells a row of fragments that is not whole. */
export const tellSpan = (span: BadSpan, label: string, confirmedHere: boolean, found: Findings): void => {
  const { track, file, run, fromSeq, toSeq, offset, bytes, fromMs, toMs, onMirror, state, stores } = span
  const code = codeOfSpan(span, confirmedHere)
  const what = state.is === 'unreadable' ? `unreadable (${state.code})` : state.is
  found.add(code, {
    ...{ track, file, offset, bytes, fromMs, toMs },
    ...(onMirror === null ? {} : { onMirror }),
    clerk: `${label}, ${spanText(fromMs, toMs)}: ${WORDS[code]}.${mirrorWords(onMirror)}`,
    engineer: `${file} bytes ${offset} to ${offset + bytes}, run ${run} fragments ${fromSeq} to ${toSeq}: ${what}; confirmed on ${stores.join(' and ') || 'no store'}`,
  })
}

/** Tells the gaps that the journal itself tells. */
export const tellGaps = (track: TrackSummary, found: Findings): void => {
  for (const { fromMs, toMs, clerk } of track.gaps)
    found.add('gap', {
      ...{ track: track.name, fromMs, toMs },
      clerk: `${track.label}: nothing recorded ${spanText(fromMs, toMs)}. ${clerk}`,
      engineer: `gap entry of ${track.name}, ${fromMs} to ${toMs} ms`,
    })
}
