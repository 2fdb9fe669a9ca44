import type { Entry } from '../entry.ts'
import type { Findings, Place } from './finding.ts'
import { fromBase64, type Identity, type Proof } from './proof.ts'
import type { SeenLine } from './survey.ts'
import { msOf, utcText } from './utc.ts'

type DeviceLine = Entry & { kind: 'device' }

/** A device that signs, and what its certificate says. */
export interface Device {
  name: string
  /** Id of its key. */
  key: string
  publicKey: Uint8Array
  /** As they stand in the line. */
  certificates: string
  identity: Identity | null
}

/** Keys of more devices are not kept: a recorder has one, and another after a repair. */
const KEYS_MOST = 32

const sameBytes = (one: Uint8Array, other: Uint8Array): boolean =>
  one.length === other.length && one.every((byte, i) => byte === other[i])

const sameIdentity = (one: Device, other: Device): boolean =>
  one.key === other.key && one.certificates === other.certificates && sameBytes(one.publicKey, other.publicKey)

/** Who signs, line by line. */
export class Devices {
  /** Whom the latest `device` line names. */
  current: Device | null = null
  /** Ids of all keys that were named. */
  readonly keys: string[] = []
  #interrupted = false
  #closed = false
  readonly #dated = new Set<string>()

  constructor(
    private readonly proof: Proof,
    private readonly found: Findings,
  ) {}

  async note({ entry, place }: SeenLine): Promise<void> {
    if (entry.kind === 'interrupted') this.#interrupted = true
    if (entry.kind === 'hearing-closed') this.#closed = true
    if (entry.kind === 'device') await this.#named(entry, place)
  }

  /** Tells, once for each device, that its certificate was not valid when it signed. */
  date({ name, key, identity }: Device, atMs: number, place: Place): void {
    if (!identity || this.#dated.has(key)) return
    const early = atMs < identity.validFromMs
    if (!early && !(atMs > identity.validToMs)) return
    this.#dated.add(key)
    const limitUtc = utcText(early ? identity.validFromMs : identity.validToMs)
    const code = early ? 'certificate-early' : 'certificate-expired'
    this.found.add(code, place, { device: name, atUtc: utcText(atMs), limitUtc })
  }

  async #named(entry: DeviceLine, place: Place): Promise<void> {
    const publicKey = fromBase64(entry.publicKey)
    const identity = await this.proof.identify(entry.certificates.map(fromBase64))
    const before = this.current
    this.current = { name: entry.device, key: entry.key, publicKey, identity, certificates: entry.certificates.join() }
    if (this.proof.sha256(publicKey) !== entry.key) this.found.add('device-key', place, { device: entry.device })
    if (before && before.key !== entry.key) this.#changed(before, entry, place)
    if (!before || !sameIdentity(before, this.current)) this.#identified(this.current, place)
    if (!this.keys.includes(entry.key) && this.keys.length < KEYS_MOST) this.keys.push(entry.key)
    this.#interrupted = false
    this.date(this.current, msOf(entry.utc), place)
  }

  #changed(before: Device, now: DeviceLine, place: Place): void {
    const about = { from: before.name, to: now.device }
    // After the close another device may only add seals and repairs; what it signs then says nothing of the recording.
    const mayChange = this.#interrupted || this.#closed
    this.found.add(mayChange ? 'device-replaced' : 'device-changed', place, about)
  }

  #identified({ name, publicKey, identity }: Device, place: Place): void {
    if (!identity?.publicKey || !sameBytes(identity.publicKey, publicKey)) {
      this.found.add('device-certificate', place, { device: name })
      return
    }
    const about = { device: name, issuer: identity.issuer }
    if (!identity.linked) this.found.add('device-chain', place, about)
    if (identity.trusted === false) this.found.add('device-untrusted', place, about)
    else if (identity.trusted === null && identity.selfSigned) this.found.add('self-signed', place, { device: name })
    else if (identity.trusted === null) this.found.add('device-unchecked', place, about)
  }
}
