import type { HearingSummary } from '../summary.ts'
import { type CheckedTrack, checkedTracks } from './checked-track.ts'
import { Conduct } from './conduct.ts'
import { Devices } from './devices.ts'
import { type HearingFiles, isFault, RECEIPTS_FILE } from './files.ts'
import { type Finding, Findings } from './finding.ts'
import { judgeBytes } from './judge-bytes.ts'
import { Places } from './places.ts'
import type { Proof } from './proof.ts'
import { receiptsIn } from './receipts-file.ts'
import { Signatures } from './signatures.ts'
import { Stamps } from './stamps.ts'
import { type SeenLine, Survey } from './survey.ts'
import { TimeLine } from './time-line.ts'
import { msOf, utcText } from './utc.ts'
import { Witnesses } from './witnesses.ts'

/** `unknown`: it cannot be told, for want of a journal, of signatures or of rights. */
export type Verdict = 'authentic' | 'authentic-with-remarks' | 'not-authentic' | 'unknown'

/** How far something speaks for the record: the last line, and when that was written. */
export interface Reach {
  upto: number
  utc: string
  /** How many signatures or receipts hold. */
  count: number
}

/** What a verifier says about a hearing. */
export interface Verification extends Pick<HearingSummary, 'court' | 'room' | 'case' | 'openedUtc' | 'closedUtc'> {
  verdict: Verdict
  /** Id of the hearing; empty when the journal does not give it. */
  hearing: string
  state: 'open' | 'closed' | 'unknown'
  mediaSeconds: number
  tracks: CheckedTrack[]
  journal: { entries: number; head: string }
  /** The device that the last `device` line names; `issuer` as its certificate gives it. */
  device: { name: string; key: string; issuer: string; trusted: boolean | null } | null
  signed: Reach | null
  witnessed: Reach | null
  stamped: { count: number; firstUtc: string; lastUtc: string } | null
  findings: Finding[]
  /** Findings counted beyond those listed. */
  moreFindings: number
}

export interface VerifyOptions {
  /** The hearing's folder on the other disk. */
  mirror?: HearingFiles | undefined
  /** Receipts from elsewhere, such as from the witness itself: a folder and the file's name in it. */
  receipts?: { files: Pick<HearingFiles, 'read'>; path: string } | undefined
  /** Hears, before anything is hashed, which files there are. */
  onList?: (present: ReadonlyMap<string, number>) => void
}

const verdictOf = (found: Findings): Verdict => {
  // Without a single journal line there is nothing that bytes could be compared with.
  if (found.has('journal-empty')) return 'unknown'
  if (found.hasSeverity('damage')) return 'not-authentic'
  if (found.hasSeverity('unknown')) return 'unknown'
  return found.list.length ? 'authentic-with-remarks' : 'authentic'
}

/** Everything that watches the journal as it is read. */
class Inquiry {
  readonly found = new Findings()
  readonly places = new Places()
  readonly timeLine = new TimeLine()
  readonly conduct = new Conduct(this.found)
  readonly devices: Devices
  readonly signatures: Signatures
  readonly witnesses: Witnesses
  readonly stamps: Stamps
  /** The last line that should be witnessed: the closing, or in an open hearing the last that is signed. */
  #closing = -1

  constructor(proof: Proof) {
    const { places, found } = this
    this.devices = new Devices(proof, found)
    this.signatures = new Signatures(proof, places, this.devices, found)
    this.witnesses = new Witnesses(proof, places, this.devices, found)
    this.stamps = new Stamps(proof, places, found)
  }

  async note(line: SeenLine): Promise<void> {
    const { entry, head, place } = line
    this.timeLine.note(entry)
    this.conduct.note(line)
    await this.devices.note(line)
    await this.signatures.note(line)
    if (entry.kind === 'receipt') {
      const spoiled = () => this.found.add('receipt-bad', place, { upto: entry.upto })
      await this.witnesses.note(this.signatures.hearing, entry, place, spoiled)
    }
    if (entry.kind === 'timestamp') await this.stamps.note(entry, place)
    if (entry.kind === 'hearing-closed' && this.#closing < 0) this.#closing = entry.n
    this.places.note(entry.n, head, msOf(entry.utc))
  }

  /** Receipts that do not stand in the journal. */
  async noteReceipts(files: Pick<HearingFiles, 'read'>, path: string, mustBe: boolean): Promise<void> {
    for await (const item of receiptsIn(files, path)) {
      if (isFault(item)) {
        if (mustBe || item.why !== 'absent')
          this.found.add('receipts-unreadable', { file: path }, { detail: item.detail })
        return
      }
      const spoiled = () => this.found.add('receipt-void', item.place, {})
      if (item.receipt) await this.witnesses.note(this.signatures.hearing, item.receipt, item.place, spoiled)
      else spoiled()
    }
  }

  end(): void {
    this.signatures.end()
    if (this.signatures.upto >= 0) this.witnesses.end(this.#closing < 0 ? this.signatures.upto : this.#closing)
  }

  /** Whoever can write to the disk could order a seal of his own; of an unsigned journal nothing can be told anyway. */
  readonly sealCounts = (line: number): boolean => this.signatures.upto < 0 || line <= this.signatures.upto

  reach({ upto, count }: { upto: number; count: number }): Reach | null {
    return upto < 0 ? null : { upto, count, utc: utcText(this.places.utcMsOf(upto)) }
  }
}

const deviceIn = ({ current }: Devices): Verification['device'] =>
  current && {
    name: current.name,
    key: current.key,
    issuer: current.identity?.issuer ?? '',
    trusted: current.identity?.trusted ?? null,
  }

const stampedBy = ({ count, firstMs, lastMs }: Stamps): Verification['stamped'] =>
  count ? { count, firstUtc: utcText(firstMs), lastUtc: utcText(lastMs) } : null

/**
 * Checks a hearing: every byte against the journal, the journal against its chain, the chain against who signed,
 * witnessed and stamped it. Reads each file once. Never rejects for what the folder holds, and says the same of the
 * same bytes every time.
 */
export const verifyHearing = async (
  files: HearingFiles,
  proof: Proof,
  { mirror, receipts, onList = () => {} }: VerifyOptions = {},
): Promise<Verification> => {
  const inquiry = new Inquiry(proof)
  const { found } = inquiry
  const present = await files.list()
  onList(present)
  const survey = new Survey(files, mirror ?? null, proof.sha256, found, (line) => inquiry.note(line))
  await survey.walk()
  const readable = survey.reader.count > 0
  if (readable) {
    await inquiry.noteReceipts(files, RECEIPTS_FILE, false)
    if (receipts) await inquiry.noteReceipts(receipts.files, receipts.path, true)
    inquiry.end()
    const { sealCounts } = inquiry
    await judgeBytes(survey, { files, mirror: mirror ?? null, present, sha256: proof.sha256, sealCounts }, found)
    survey.seals.tell(sealCounts, found)
  }
  const { summary, reader, segments } = survey
  const { id, court, room, openedUtc, closedUtc, state, mediaSeconds } = summary
  return {
    verdict: verdictOf(found),
    hearing: id,
    ...{ court, room, case: summary.case, openedUtc, closedUtc, mediaSeconds },
    state: readable ? state : 'unknown',
    tracks: checkedTracks(summary, segments.counts),
    journal: { entries: reader.count, head: reader.head },
    device: deviceIn(inquiry.devices),
    signed: inquiry.reach(inquiry.signatures),
    witnessed: inquiry.reach(inquiry.witnesses),
    stamped: stampedBy(inquiry.stamps),
    findings: found.list.map((finding) => inquiry.timeLine.date(finding)),
    moreFindings: found.more,
  }
}
