import type { ReceiptEntry } from '../entry.ts'
import { receiptPayload } from '../payload.ts'
import type { Devices } from './devices.ts'
import type { Findings, Place } from './finding.ts'
import type { Places } from './places.ts'
import { fromBase64, type Identity, type Proof } from './proof.ts'
import { msOf, secondsBetween, utcText } from './utc.ts'

/** A witness that is reached answers within seconds. */
const LATE_MS = 60_000
/** Clocks that are kept agree better. */
const AHEAD_MS = 5_000
/** One for every signature of three months. */
const RECEIPTS_MOST = 1_000_000
const WITNESSES_MOST = 100

const encoder = new TextEncoder()

const sameBytes = (one: Uint8Array, other: Uint8Array): boolean =>
  one.length === other.length && one.every((byte, i) => byte === other[i])

/** That the record up to a line existed at a time. */
interface Witnessed {
  upto: number
  receivedMs: number
}

/** A stretch of the record that was shown to a witness at one time. */
interface Stretch {
  fromMs: number
  toMs: number
  receivedMs: number
}

const isValidAt = ({ validFromMs, validToMs }: Identity, atMs: number): boolean =>
  atMs >= validFromMs && atMs <= validToMs

/** Checks receipts, and knows from when to when the record was witnessed. */
export class Witnesses {
  /** The highest line that a witness has seen; -1 when none has. */
  upto = -1
  readonly #seen: Witnessed[] = []
  readonly #known = new Map<string, boolean>()

  constructor(
    private readonly proof: Proof,
    private readonly places: Places,
    private readonly devices: Devices,
    private readonly found: Findings,
  ) {}

  get count(): number {
    return this.#seen.length
  }

  /** @param spoiled what to report when the receipt does not prove itself */
  async note(hearing: string, receipt: ReceiptEntry, place: Place, spoiled: () => void): Promise<void> {
    if (!(await this.#isSigned(hearing, receipt))) spoiled()
    else if (await this.#isTrusted(receipt, place)) this.#compare(receipt, place)
  }

  async #isSigned(hearing: string, receipt: ReceiptEntry): Promise<boolean> {
    const publicKey = fromBase64(receipt.publicKey)
    if (this.proof.sha256(publicKey) !== receipt.witness) return false
    const signature = fromBase64(receipt.signature)
    for (const key of this.devices.keys) {
      const text = encoder.encode(receiptPayload(key, hearing, receipt, receipt.receivedUtc))
      if (await this.proof.ed25519(publicKey, text, signature)) return true
    }
    return false
  }

  async #isTrusted(receipt: ReceiptEntry, place: Place): Promise<boolean> {
    const id = [receipt.witness, ...receipt.certificates].join()
    const known = this.#known.get(id)
    if (known !== undefined) return known
    const publicKey = fromBase64(receipt.publicKey)
    const trusted = this.proof.pinned(publicKey) || (await this.#trust(receipt, publicKey))
    const about = { witness: receipt.witness }
    if (trusted === false) this.found.add('witness-untrusted', place, about)
    if (trusted === null) this.found.add('witness-unchecked', place, about)
    if (this.#known.size < WITNESSES_MOST) this.#known.set(id, trusted !== false)
    return trusted !== false
  }

  /** Whether its certificates lead to the trust list; null when there is no list. */
  async #trust(receipt: ReceiptEntry, publicKey: Uint8Array): Promise<boolean | null> {
    if (this.proof.pinned(publicKey) === null) return null
    const identity = await this.proof.identify(receipt.certificates.map(fromBase64))
    if (!identity?.publicKey || !sameBytes(identity.publicKey, publicKey)) return false
    return identity.trusted === true && identity.linked && isValidAt(identity, msOf(receipt.receivedUtc))
  }

  #compare({ upto, head, receivedUtc }: ReceiptEntry, place: Place): void {
    const known = this.places.headOf(upto)
    if (upto > this.places.last) this.found.add('receipt-beyond', place, { upto, receivedUtc, last: this.places.last })
    else if (known === null) this.found.add('receipt-place', place, { upto })
    else if (known !== head) this.found.add('receipt-differs', place, { upto, receivedUtc })
    else this.#count(upto, msOf(receivedUtc), place)
  }

  #count(upto: number, receivedMs: number, place: Place): void {
    if (Number.isNaN(receivedMs)) return
    this.upto = Math.max(this.upto, upto)
    if (this.#seen.length < RECEIPTS_MOST) this.#seen.push({ upto, receivedMs })
    const aheadMs = this.places.utcMsOf(upto) - receivedMs
    if (aheadMs > AHEAD_MS)
      this.found.once('clock-ahead', place, { by: 'witness', seconds: secondsBetween(0, aheadMs) })
  }

  /** Tells what was witnessed late, and what never was. @param lastLine the last line that should have been witnessed */
  end(lastLine: number): void {
    if (this.upto < 0) {
      this.found.add('unwitnessed', {}, {})
      return
    }
    for (const { fromMs, toMs, receivedMs } of this.#stretches())
      if (receivedMs - fromMs > LATE_MS) {
        const stretch = { fromUtc: utcText(fromMs), toUtc: utcText(toMs) }
        this.found.add('witnessed-late', stretch, { receivedUtc: utcText(receivedMs) })
      }
    if (lastLine > this.upto) {
      const [fromMs, toMs] = [this.places.utcMsOf(this.upto), this.places.utcMsOf(lastLine)]
      const stretch = { fromUtc: utcText(fromMs), toUtc: utcText(toMs) }
      this.found.add('unwitnessed-end', stretch, { seconds: secondsBetween(fromMs, toMs) })
    }
  }

  /**
   * Stretches of the record by the first time at which a witness had seen them. Whoever has seen a line has seen all
   * before it, so of two receipts the earlier counts for what both speak for.
   */
  #stretches(): Stretch[] {
    const seen = this.#seen.toSorted((a, b) => b.upto - a.upto || a.receivedMs - b.receivedMs)
    const earliest: Witnessed[] = []
    for (const one of seen) {
      const later = earliest.at(-1)
      if (!later || one.receivedMs < later.receivedMs) earliest.push(one)
    }
    let fromMs = this.places.utcMsOf(0)
    return earliest.toReversed().map(({ upto, receivedMs }) => {
      const toMs = this.places.utcMsOf(upto)
      const stretch = { fromMs, toMs, receivedMs }
      fromMs = toMs
      return stretch
    })
  }
}
