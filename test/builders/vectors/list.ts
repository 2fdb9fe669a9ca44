/** Every vector, with what a verifier must find. Verdicts and codes are written by hand, before any verifier ran. */
import { signaturePayload } from '../../../controller/journal/payload.ts'
import type { FindingCode } from '../../../controller/journal/verify/finding.ts'
import type { Verdict } from '../../../controller/journal/verify/verify.ts'
import { box } from '../../../controller/media/box.ts'
import { stampAt } from '../journal.ts'
import { SignedHearing } from '../signed-hearing.ts'
import { withBitTurned, withBitTurnedBehind, withFile, withLines, without, withoutTrack } from './changes.ts'
import { begun, clock, ended, type Folder, LOCKED, locked, sealed, whole } from './hearing.ts'
import { mediaOf } from './media.ts'
import { device, expired, spare, stranger, witness } from './people.ts'
import { copyOf } from './sealed-copy.ts'

export interface Vector {
  name: string
  /** One sentence for who reads `expected.json`. */
  shows: string
  verdict: Verdict
  codes: FindingCode[]
  make: () => Folder | Promise<Folder>
  /** False where the verifier is given no trust list. */
  trust?: false
  /** Receipts that the witness itself hands out, given to the verifier beside the folder. */
  receipts?: () => string
}

const remarks = 'authentic-with-remarks'
const wrong = 'not-authentic'

/** Lines of {@link whole}: 0 opening, 1 device, 2 and 3 fragments, 4 signature, 5 receipt, 6 and 7 fragments, 8 mark. */
const MARK = 8
const JUDGE = 'judge/0001.mp4'

const interrupted = (by = device): SignedHearing => {
  const hearing = begun().resume(by)
  const why = { clerk: 'A piece of a fragment.', engineer: 'torn' }
  hearing.line({ kind: 'tail', store: 'main', file: JUDGE, offset: hearing.files.get(JUDGE)!.length, bytes: 9, why })
  return ended(hearing)
}

/** The folder as the power cut left it: with the piece that the `tail` line names. */
const withTail = (folder: Folder): Folder =>
  withFile(folder, JUDGE, Buffer.concat([folder.get(JUDGE)!, Buffer.from('torn tail')]))

/** Empty boxes as in a copy, and the encrypted file. */
const lockedAway = async (): Promise<Folder> =>
  withFile(await copyOf(locked()), LOCKED, Buffer.from(locked().get(LOCKED)!))

export const VECTORS: readonly Vector[] = [
  {
    name: 'good',
    shows: 'A hearing that was opened, recorded, closed, signed by a certified device and witnessed.',
    ...{ verdict: 'authentic', codes: [] },
    make: () => whole().folder(),
  },
  {
    name: 'no-trust-list',
    shows: 'The good hearing, checked by somebody who has no certificate of the court.',
    ...{ verdict: remarks, codes: ['device-unchecked', 'witness-unchecked'], trust: false },
    make: () => whole().folder(),
  },
  {
    name: 'self-signed',
    shows: 'A device that is not enrolled, checked without a trust list.',
    ...{ verdict: remarks, codes: ['self-signed', 'witness-unchecked'], trust: false },
    make: () => ended(begun(stranger)).folder(),
  },
  {
    name: 'unknown-device',
    shows: 'A device that certifies itself, and that the trust list does not know.',
    ...{ verdict: wrong, codes: ['device-untrusted'] },
    make: () => ended(begun(stranger)).folder(),
  },
  {
    name: 'unsigned',
    shows: 'Nobody signed anything.',
    ...{ verdict: 'unknown', codes: ['unsigned'] },
    make: () => new SignedHearing(device, 'hearing-1', mediaOf('hearing-1')).open().record().close().folder(),
  },
  {
    name: 'media-bit',
    shows: 'One bit of a segment file is turned.',
    ...{ verdict: wrong, codes: ['fragment-damaged'] },
    make: () => withBitTurned(whole().folder(), JUDGE, 250),
  },
  {
    name: 'line-bit',
    shows: 'One bit of a line is turned: “The witness” of the mark has become “Uhe witness”.',
    // The next line has another hash, and so has every head that is signed and witnessed after it.
    ...{ verdict: wrong, codes: ['journal-chain'] },
    make: () => withBitTurnedBehind(whole().folder(), '"note":"'),
  },
  {
    name: 'signature-bit',
    shows: 'One bit of a signature is turned.',
    ...{ verdict: wrong, codes: ['signature-bad', 'journal-chain'] },
    make: () => withBitTurnedBehind(whole().folder(), '"signature":"'),
  },
  {
    name: 'receipt-bit',
    shows: 'One bit of the last receipt is turned, which is the last line.',
    ...{ verdict: wrong, codes: ['receipt-bad', 'unwitnessed-end'] },
    make: () => {
      const folder = whole().folder()
      const at = folder.get('journal.ndjson')!.lastIndexOf('"signature":"')
      return withBitTurned(folder, 'journal.ndjson', at + '"signature":"'.length)
    },
  },
  {
    name: 'line-removed',
    shows: 'The line of the mark is taken out.',
    ...{ verdict: wrong, codes: ['journal-chain', 'journal-chain'] },
    make: () => withLines(whole(), (lines) => lines.toSpliced(MARK, 1)),
  },
  {
    name: 'line-added',
    shows: 'A line of a stranger stands before the mark, with the number and the hash that belong there.',
    ...{ verdict: wrong, codes: ['journal-chain', 'journal-chain'] },
    make: () => {
      const forged = begun()
      forged.record().record().line({ kind: 'mark', mediaMs: 1_400, note: 'Nothing was said.', by: 'clerk' })
      return withLines(whole(), (lines) => lines.toSpliced(MARK, 0, forged.lines[MARK]!))
    },
  },
  {
    name: 'lines-swapped',
    shows: 'The mark and the line before it are in each other’s place.',
    ...{ verdict: wrong, codes: Array.from({ length: 6 }, () => 'journal-chain' as const) },
    make: () => withLines(whole(), (lines) => lines.toSpliced(MARK - 1, 2, lines[MARK]!, lines[MARK - 1]!)),
  },
  {
    name: 'line-duplicated',
    shows: 'The line of the mark stands twice.',
    ...{ verdict: wrong, codes: ['journal-chain', 'journal-chain'] },
    make: () => withLines(whole(), (lines) => lines.toSpliced(MARK, 0, lines[MARK]!)),
  },
  {
    name: 'tail-cut',
    shows: 'The journal is cut after its first receipt, where it looks as after a power cut.',
    ...{ verdict: remarks, codes: ['bytes-unlisted', 'bytes-unlisted', 'hearing-open'] },
    make: () => withLines(whole(), (lines) => lines.slice(0, 6)),
  },
  {
    name: 'tail-cut-witnessed',
    shows: 'The same, and the witness hands out a receipt for a line that is not there any more.',
    ...{ verdict: wrong, codes: ['receipt-beyond', 'bytes-unlisted', 'bytes-unlisted', 'hearing-open'] },
    make: () => withLines(whole(), (lines) => lines.slice(0, 6)),
    receipts: () => `${JSON.stringify(whole().receiptFor(witness, 9))}\n`,
  },
  {
    name: 'torn-line',
    shows: 'A power cut came while a line was written.',
    ...{ verdict: remarks, codes: ['journal-torn', 'bytes-unlisted', 'bytes-unlisted', 'hearing-open'] },
    make: () => withLines(whole(), (lines) => [...lines.slice(0, 6), lines[6]!.slice(0, 100)]),
  },
  {
    name: 'track-removed',
    shows: 'The folder of a track is gone.',
    ...{ verdict: wrong, codes: ['fragment-lost'] },
    make: () => without(whole().folder(), JUDGE),
  },
  {
    name: 'track-removed-everywhere',
    shows: 'A track is gone from the folder, and from the journal, whose chain is made anew without the device’s key.',
    ...{
      verdict: wrong,
      codes: ['signature-head', 'receipt-differs', 'signature-head', 'receipt-differs', 'unsigned'],
    },
    make: () => without(withoutTrack(whole(), 'judge'), JUDGE),
  },
  {
    name: 'segment-replaced',
    shows: 'A segment file of another hearing, of the same length, stands in the place of one.',
    ...{ verdict: wrong, codes: ['fragment-damaged'] },
    make: () => withFile(whole().folder(), JUDGE, ended(begun(device, 'hearing-2')).files.get(JUDGE)!),
  },
  {
    name: 'journal-replaced',
    shows: 'The journal is that of another hearing of the same device.',
    ...{ verdict: wrong, codes: ['fragment-damaged', 'fragment-damaged'] },
    make: () =>
      withFile(whole().folder(), 'journal.ndjson', ended(begun(device, 'hearing-2')).folder().get('journal.ndjson')!),
  },
  {
    name: 'wrong-key',
    shows: 'The last signature is by another key than it says.',
    ...{ verdict: wrong, codes: ['signature-bad', 'unsigned-end', 'closing-unsigned'] },
    make: () => {
      const hearing = begun().record().record().close()
      const forged = { upto: hearing.heads.length - 1, head: hearing.heads.at(-1)!, ...stampAt(hearing.second) }
      return hearing
        .sign({ signature: stranger.sign(signaturePayload(hearing.id, forged)) })
        .receipt(witness)
        .folder()
    },
  },
  {
    name: 'foreign-key',
    shows: 'The last signature is good, by a key that no line before it names.',
    ...{ verdict: wrong, codes: ['signature-foreign', 'unsigned-end', 'closing-unsigned'] },
    make: () => begun().record().record().close().sign({}, stranger).receipt(witness).folder(),
  },
  {
    name: 'expired-certificate',
    shows: 'The certificate of the device had expired when it signed.',
    ...{ verdict: remarks, codes: ['certificate-expired'] },
    make: () => ended(begun(expired)).folder(),
  },
  {
    name: 'clock-step',
    shows: 'The wall clock was set forward by an hour; media time goes on.',
    ...{ verdict: remarks, codes: ['clock-step'] },
    make: () => {
      const hearing = begun()
      hearing.line(clock(hearing, 3_600_000))
      return ended(hearing).folder()
    },
  },
  {
    name: 'sealed',
    shows: 'A portion of the judge’s track is sealed by order; this is the original, which keeps it.',
    ...{ verdict: remarks, codes: ['seal'] },
    make: () => sealed().folder(),
  },
  {
    name: 'sealed-copy',
    shows: 'The copy for the parties: empty boxes stand where the sealed fragments were.',
    ...{ verdict: remarks, codes: ['fragment-sealed', 'seal'] },
    make: () => copyOf(sealed().folder()),
  },
  {
    name: 'sealed-too-much',
    shows: 'In the copy another fragment, that no seal covers, is replaced in the same way.',
    ...{ verdict: wrong, codes: ['fragment-sealed', 'fragment-damaged', 'seal'] },
    make: async () => {
      const copy = await copyOf(sealed().folder())
      const bytes = Buffer.from(copy.get(JUDGE)!)
      const last = mediaOf('hearing-1')('judge', 4).length
      const at = bytes.length - last
      Buffer.from(box('free', new Uint8Array(last - 8))).copy(bytes, at)
      return withFile(copy, JUDGE, bytes)
    },
  },
  {
    name: 'locked-away',
    shows:
      'The original in a court with a key of its own: what is sealed is encrypted to it, and empty boxes stand there.',
    ...{ verdict: remarks, codes: ['fragment-sealed', 'seal'] },
    make: () => lockedAway(),
  },
  {
    name: 'locked-altered',
    shows: 'One bit of the encrypted file is turned.',
    ...{ verdict: wrong, codes: ['fragment-sealed', 'locked-altered', 'seal'] },
    make: async () => withBitTurned(await lockedAway(), LOCKED, 60),
  },
  {
    name: 'interrupted',
    shows: 'The power failed and came back; a piece of a fragment is left at the end of a file.',
    ...{ verdict: remarks, codes: ['bytes-unlisted', 'interruption'] },
    make: () => withTail(interrupted().folder()),
  },
  {
    name: 'replaced-device',
    shows: 'After a failure another certified device goes on.',
    ...{ verdict: remarks, codes: ['device-replaced', 'bytes-unlisted', 'interruption'] },
    make: () => withTail(interrupted(spare).folder()),
  },
  {
    name: 'changed-device',
    shows: 'Another device signs from the middle on, though nothing was interrupted.',
    ...{ verdict: wrong, codes: ['device-changed'] },
    make: () => {
      const hearing = begun()
      hearing.device = spare
      return ended(hearing.name()).folder()
    },
  },
]
