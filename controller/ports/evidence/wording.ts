import { clockText } from '../../base/units.ts'
import type { Row } from '../../journal/verify/about.ts'
import type { ByteFindingCode, Finding as Found, Place } from '../../journal/verify/finding.ts'

/** What the sentences of a check need beside the finding. */
export interface Checked {
  dir: string
  mirror: string
  labelOf: (track: string) => string
}

interface Sentences {
  clerk: string
  engineer: string
}

/** `from 0:10:02.0 to 0:10:09.5 (7.5 s)` */
const spanText = ({ fromMs = 0, toMs = 0 }: Place): string =>
  `from ${clockText(fromMs)} to ${clockText(toMs)} (${((toMs - fromMs) / 1_000).toFixed(1)} s)`

const bytesText = ({ file, offset = 0, bytes = 0 }: Place): string => `${file} bytes ${offset} to ${offset + bytes}`

const mirrorWords = (onMirror: boolean | undefined): string => {
  if (onMirror === undefined) return ''
  return onMirror ? ' The other disk has it whole.' : ' The other disk does not have it whole either.'
}

type Teller<Code extends ByteFindingCode> = (found: Found<Code>, checked: Checked) => Sentences

type RowFinding = Found & { about: Row }

const row =
  (words: string, what: (about: Row) => string) =>
  (found: RowFinding, { labelOf }: Checked): Sentences => {
    const { run, fromSeq, toSeq, stores } = found.about
    return {
      clerk: `${labelOf(found.track!)}, ${spanText(found)}: ${words}.${mirrorWords(found.onMirror)}`,
      engineer: `${bytesText(found)}, run ${run} fragments ${fromSeq} to ${toSeq}: ${what(found.about)}; confirmed on ${stores.join(' and ') || 'no store'}`,
    }
  }

const fault =
  (clerk: string) =>
  ({ about }: { about: { fault: string; detail: string } }): Sentences => ({
    clerk,
    engineer: `${about.fault}: ${about.detail}`,
  })

const detail =
  (clerk: string) =>
  ({ about }: { about: { detail: string } }): Sentences => ({ clerk, engineer: about.detail })

const unreadable = ({ code }: Row) => `unreadable (${code})`

const TELL: { [Code in ByteFindingCode]: Teller<Code> } = {
  'journal-missing': detail('There is no journal here: this is not the folder of a hearing.'),
  'journal-unreadable': detail('The journal cannot be read.'),
  'journal-empty': ({ about }) => ({
    clerk: 'The journal holds nothing that can be read, so nothing can be said about the recording.',
    engineer: `${about.bytes} bytes without a single entry`,
  }),
  'journal-excessive': () => ({
    clerk: 'The journal holds more than the journal of any hearing can hold, so not all of it was compared.',
    engineer: 'a limit on faults, files, or kept lines was reached',
  }),
  'journal-line': fault('A line of the journal is spoiled and cannot be read.'),
  'journal-chain': fault('A line of the journal was changed, removed, added or moved.'),
  'journal-torn': fault(
    'The last line of the journal was cut off while it was written. Nothing confirmed is lost by that.',
  ),
  'journal-added': fault('Something was added to the journal after the hearing was closed.'),
  'mirror-unreadable': detail('The other disk has no journal that can be read, so it was not compared.'),
  'mirror-shorter': ({ about }, { dir, mirror }) => ({
    clerk: `The journal on ${about.shorter} disk ends earlier.`.replace('on other', 'on the other'),
    engineer: `${about.here} entries in ${dir}, ${about.there} in ${mirror}; equal as far as both go`,
  }),
  'mirror-differs': ({ offset, file }, { dir, mirror }) => ({
    clerk: 'The journals on the two disks tell different things: one of them was changed or spoiled.',
    engineer: `${dir} and ${mirror} differ at byte ${offset} of ${file}`,
  }),
  'fragment-damaged': row(
    'the recording is not the one that was made: the file was changed or the disk spoiled it',
    () => 'damaged',
  ),
  'fragment-lost': row(
    'the recording was safely on disk and is gone: the file was deleted or cut, or the disk lost it',
    () => 'missing',
  ),
  'fragment-absent': row('the recording never reached this disk', () => 'missing'),
  'fragment-unreadable': row('the disk cannot read the recording', unreadable),
  'fragment-sealed': (found, { labelOf }) => ({
    clerk: `${labelOf(found.track!)}, ${spanText(found)}: sealed, and left out of this copy.`,
    engineer: `${bytesText(found)}: an empty box in place of fragments under ${found.about.seals}`,
  }),
  'not-permitted': row('the recording could not be checked, because you may not open the file', unreadable),
  'bytes-added': (found) => ({
    clerk: `${found.file}: ${found.bytes} bytes were added that are not part of the hearing.`,
    engineer: `${bytesText(found)} belong to no fragment in the journal`,
  }),
  'bytes-unlisted': (found) => {
    const tail = found.about.why === 'tail'
    const clerk = tail
      ? 'a piece left over from an interruption; the journal names it'
      : `${found.bytes} bytes are not in the journal yet`
    const engineer = `${bytesText(found)} belong to no fragment in the journal`
    return {
      clerk: `${found.file}: ${clerk}.`,
      engineer: tail ? `${engineer}; a tail entry explains them` : engineer,
    }
  },
  'file-unlisted': ({ file, bytes }) => ({
    clerk: `${file} lies in the hearing's folder and is not part of the hearing.`,
    engineer: `${file}, ${bytes} bytes, is not in the journal`,
  }),
  gap: (found, { labelOf }) => ({
    clerk: `${labelOf(found.track!)}: nothing recorded ${spanText(found)}. ${found.about.reason}`,
    engineer: `gap entry of ${found.track}, ${found.fromMs} to ${found.toMs} ms`,
  }),
  interruption: ({ about }) => ({
    clerk: about.reason,
    engineer: `last line ${about.stoppedUtc}, next line ${about.resumedUtc}`,
  }),
  'hearing-open': ({ about }) => ({
    clerk: 'The hearing was not closed: it is being recorded, or the recorder was interrupted.',
    engineer: `no hearing-closed entry in ${about.entries} entries`,
  }),
}

/** The sentences of a check's finding. */
export const sentencesOf = <Code extends ByteFindingCode>(found: Found<Code>, checked: Checked): Sentences =>
  (TELL[found.code as Code] as unknown as Teller<Code>)(found, checked)
