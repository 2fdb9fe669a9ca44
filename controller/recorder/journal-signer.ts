/** Signs the places of one journal, one after the other. It keeps nobody waiting: a signature is journalled when it comes. */

import { isSignatureOf } from '../base/ed25519.ts'
import { messageOf } from '../base/error.ts'
import { now } from '../base/monotonic.ts'
import { type Reason, reason } from '../base/reason.ts'
import { utcText } from '../base/units.ts'
import { sleep, within } from '../base/within.ts'
import type { SignedPlace } from '../journal/entry.ts'
import { type SignedMoment, signaturePayload } from '../journal/payload.ts'
import type { Identity } from '../ports/identity/identity.ts'
import type { HearingJournal } from '../ports/journal/hearing-journal.ts'

/** A signer that has not answered by then is given up for this place; the next place is another try. */
export const SIGN_MS = 5_000
/** The format's limit: a signature does not speak for a place further back. */
const MAX_LINES_BACK = 1_000

export interface JournalSignerOptions {
  journal: HearingJournal
  identity: Identity
  onSigned: (signed: SignedMoment & { key: string; signature: string }) => void
  onFailure: (why: Reason) => void
  /** Of one signature, in milliseconds. */
  limitMs?: number
}

export class JournalSigner {
  #waiting: SignedPlace | null = null
  #signing: Promise<void> | null = null
  #ended = false

  constructor(private readonly options: JournalSignerOptions) {}

  /** Signs the place once the one before it is done. A place that still waits is dropped: the later speaks for it too. */
  add(place: SignedPlace): void {
    this.#waiting = place
    this.#signing ??= this.#signAll()
  }

  /** Waits until nothing is being signed, at most for `limitMs`; false when something still is. */
  async rest(limitMs: number): Promise<boolean> {
    if (this.#signing) await Promise.race([this.#signing, sleep(limitMs)])
    return !this.#signing
  }

  /** Waits for what is being signed, at most for `limitMs`; what comes later comes to a closed journal. */
  async end(limitMs: number): Promise<void> {
    await this.rest(limitMs)
    if (this.#signing) this.#tell(`the end of ${this.options.journal.hearing} was not signed within ${limitMs} ms`)
    this.#ended = true
    this.#waiting = null
  }

  async #signAll(): Promise<void> {
    for (let place = this.#waiting; place; place = this.#waiting) {
      this.#waiting = null
      await this.#sign(place)
    }
    this.#signing = null
  }

  async #sign(place: SignedPlace): Promise<void> {
    const { journal, identity, onSigned, limitMs = SIGN_MS } = this.options
    try {
      const stamp = now()
      const moment = { ...place, utc: utcText(stamp.utcMs), monoMs: stamp.atMs }
      const text = Buffer.from(signaturePayload(journal.hearing, moment))
      const signature = await within(limitMs, identity.signer.sign(text), 'the signer')
      // A token may answer with another key, or with anything: what does not verify is no evidence.
      if (!isSignatureOf(identity.signer.publicKey, text, signature))
        throw new Error('the signature is not of the key of this device')
      if (this.#ended) return
      if (journal.lines - place.upto > MAX_LINES_BACK) throw new Error(`${journal.lines - place.upto} lines too late`)
      const { key } = identity.entry
      const signed = { key, signature: Buffer.from(signature).toString('base64') }
      journal.append(stamp, { kind: 'signature', ...place, ...signed })
      onSigned({ ...moment, ...signed })
    } catch (fault) {
      this.#tell(`line ${place.upto} of ${journal.hearing}: ${messageOf(fault)}`)
    }
  }

  /** Of a journal that is closed it was told that its end is not signed. */
  #tell(engineer: string): void {
    const why = reason('The recording goes on, but it is not being signed; call technical support', engineer)
    if (!this.#ended) this.options.onFailure(why)
  }
}
