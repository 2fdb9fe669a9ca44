import type { Entry } from '../entry.ts'
import { signaturePayload } from '../payload.ts'
import type { Devices } from './devices.ts'
import type { Findings, Place } from './finding.ts'
import type { Places } from './places.ts'
import { fromBase64, type Proof } from './proof.ts'
import type { SeenLine } from './survey.ts'
import { msOf, secondsBetween, utcText } from './utc.ts'

type SignatureLine = Entry & { kind: 'signature' }

/** A signature speaks for a line at most so far back: README.md, Signatures. */
const BACK_MOST = 1_000
/** A device signs every ten seconds; twice that is late. */
const LATE_MS = 20_000
/** So much may be unsigned at the end of a hearing that was interrupted. */
const UNSIGNED_END_MS = 30_000

/** Lines that prove themselves, or of which nothing depends. */
const NEEDS_NONE: ReadonlySet<string> = new Set(['signature', 'receipt', 'timestamp'])

const encoder = new TextEncoder()

interface Moment {
  n: number
  utcMs: number
  monoMs: number
}

/** Checks who signed what, and knows how far the journal is signed. */
export class Signatures {
  /** Every line up to this one is signed; -1 when none is. */
  upto = -1
  count = 0
  hearing = ''
  #mediaEndMs = 0
  #signedMediaEndMs = 0
  /** The latest good signature, or what opened or resumed the hearing before the first. */
  #since: Moment | null = null
  #lastWeighty: (Moment & { utc: string }) | null = null
  #closing: Place | null = null
  /** Key of the device that was named when the hearing was closed. */
  #closingKey = ''

  constructor(
    private readonly proof: Proof,
    private readonly places: Places,
    private readonly devices: Devices,
    private readonly found: Findings,
  ) {}

  async note({ entry, place }: SeenLine): Promise<void> {
    if (entry.kind === 'signature') {
      await this.#check(entry, place)
      return
    }
    const moment = { n: entry.n, utcMs: msOf(entry.utc), monoMs: entry.monoMs, utc: entry.utc }
    if (!this.#closing && !NEEDS_NONE.has(entry.kind)) this.#lastWeighty = moment
    if (entry.kind === 'hearing-opened' && this.#since === null) {
      this.hearing = entry.id
      this.#since = moment
    }
    // What was lost between is told as an interruption.
    if (entry.kind === 'interrupted') this.#since = moment
    if (entry.kind === 'hearing-closed') {
      this.#closing = place
      this.#closingKey = this.devices.current?.key ?? ''
    }
    if (entry.kind === 'fragments' || entry.kind === 'found')
      for (const { mediaMs, durationMs } of entry.fragments)
        this.#mediaEndMs = Math.max(this.#mediaEndMs, mediaMs + durationMs)
  }

  /** Tells what of the journal nobody has signed. */
  end(): void {
    const last = this.#lastWeighty
    if (this.upto < 0) this.found.add('unsigned', {}, {})
    else if (last && last.n > this.upto) this.#tellEnd(last)
    if (this.#closing && this.upto >= 0 && this.#closing.line! > this.upto)
      this.found.add('closing-unsigned', this.#closing, {})
  }

  #tellEnd(last: Moment & { utc: string }): void {
    const signedMs = this.places.utcMsOf(this.upto)
    const place = { fromUtc: utcText(signedMs), toUtc: last.utc }
    const unsignedMs = Math.max(0, last.utcMs - signedMs, this.#mediaEndMs - this.#signedMediaEndMs)
    const seconds = secondsBetween(0, unsignedMs)
    this.found.add(unsignedMs > UNSIGNED_END_MS ? 'unsigned-long' : 'unsigned-end', place, { seconds })
  }

  async #check(entry: SignatureLine, place: Place): Promise<void> {
    const { upto, head, key, n } = entry
    const device = this.devices.current
    const known = upto < n && n - upto <= BACK_MOST ? this.places.headOf(upto) : null
    if (!device || device.key !== key || this.#isLateComer(key)) this.found.add('signature-foreign', place, { upto })
    else if (known === null) this.found.add('signature-place', place, { upto })
    else if (known !== head) this.found.add('signature-head', place, { upto })
    else if (!(await this.#isSigned(entry, device.publicKey))) this.found.add('signature-bad', place, { upto })
    else {
      this.devices.date(device, msOf(entry.utc), place)
      this.#advance(entry)
    }
  }

  /** A device that was named after the close cannot speak for a record that its own device had not signed to its end. */
  #isLateComer(key: string): boolean {
    return this.#closing !== null && key !== this.#closingKey && this.upto < this.#closing.line!
  }

  async #isSigned(entry: SignatureLine, publicKey: Uint8Array): Promise<boolean> {
    const text = encoder.encode(signaturePayload(this.hearing, entry))
    return this.proof.ed25519(publicKey, text, fromBase64(entry.signature))
  }

  #advance({ n, upto, utc, monoMs }: SignatureLine): void {
    const now = { n, utcMs: msOf(utc), monoMs }
    const since = this.#since
    const isLate = since !== null && monoMs - since.monoMs > LATE_MS
    if (isLate && (!this.#closing || upto <= this.#closing.line!)) {
      const stretch = { fromUtc: utcText(since.utcMs), toUtc: utc }
      this.found.add('signature-late', stretch, { seconds: secondsBetween(since.monoMs, monoMs) })
    }
    this.#since = now
    this.upto = Math.max(this.upto, upto)
    this.#signedMediaEndMs = this.#mediaEndMs
    this.count++
  }
}
