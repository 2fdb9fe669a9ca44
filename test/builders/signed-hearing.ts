import { ChainWriter } from '../../controller/journal/chain.ts'
import type { EntryBody, FragmentEntry, ReceiptEntry } from '../../controller/journal/entry.ts'
import { receiptPayload, signaturePayload } from '../../controller/journal/payload.ts'
import { sha256 } from './hash.ts'
import type { TestIdentity } from './identity.ts'
import { stampAt } from './journal.ts'

const why = { clerk: 'The REC button was pressed.', engineer: 'press rec' }
const FRAGMENT_MS = 480

/** Bytes that differ from fragment to fragment and are no MP4. */
const madeUpMedia = (track: string, seq: number, bytes: number): Buffer =>
  Buffer.concat([Buffer.alloc(bytes), Buffer.from(sha256(Buffer.from(`${track} ${seq}`)), 'hex')])

/** Writes a small signed hearing, line by line; every line comes a second after the one before. */
export class SignedHearing {
  readonly files = new Map<string, Buffer>()
  readonly heads: string[] = []
  /** When each line was written, in seconds. */
  readonly seconds: number[] = []
  readonly #writer = new ChainWriter(sha256)
  readonly #lines: string[] = []
  readonly #seq = new Map<string, number>()
  second = 0
  /** Fragments of each track so far, of all runs. */
  #recorded = 0
  #run = 1

  constructor(
    public device: TestIdentity,
    readonly id = 'hearing-1',
    private readonly mediaOf = madeUpMedia,
  ) {}

  /** Appends a line and returns its number. */
  line(body: EntryBody, stamp = stampAt(this.second)): number {
    const { line, n, head } = this.#writer.append(stamp, body)
    this.#lines.push(`${line}\n`)
    this.heads.push(head)
    this.seconds.push(this.second)
    this.second++
    return n
  }

  open(): this {
    const tracks = [
      { name: 'hall', label: 'Hall camera', media: 'video' as const, source: 'hall', channel: 0 },
      { name: 'judge', label: 'Judge', media: 'audio' as const, source: 'desk', channel: 1 },
    ]
    this.line({
      ...{ kind: 'hearing-opened', id: this.id, court: 'Court of Examples', room: 'Room 3', case: '2-17/2026' },
      ...{ zeroMonoMs: 5_000, boot: 'boot-1', tracks, reason: why },
    })
    return this.name()
  }

  /** The `device` line. */
  name(device = this.device): this {
    const { name, key, publicKey, certificates } = device
    this.line({ kind: 'device', device: name, key, publicKey, certificates })
    return this
  }

  /** A fragment of each track. */
  record(bytes = 40): this {
    const fragments = ['hall', 'judge'].map((track): FragmentEntry => {
      const seq = (this.#seq.get(track) ?? 0) + 1
      this.#seq.set(track, seq)
      const file = `${track}/000${this.#run}.mp4`
      const before = this.files.get(file) ?? Buffer.alloc(0)
      const media = this.mediaOf(track, seq, bytes)
      this.files.set(file, Buffer.concat([before, media]))
      return {
        ...{ track, run: this.#run, seq, file, offset: before.length, bytes: media.length, sha256: sha256(media) },
        ...{
          mediaMs: this.#recorded * FRAGMENT_MS,
          durationMs: FRAGMENT_MS,
          samples: 12,
          codec: 'opus',
          stores: ['main'],
        },
      }
    })
    this.#recorded++
    this.line({ kind: 'fragments', fragments })
    return this
  }

  /** Power comes back: other runs of the workers, other segment files, and the device says again who it is. */
  resume(device = this.device): this {
    const lastUtc = stampAt(this.second - 1).utc
    this.#run++
    this.#seq.clear()
    this.device = device
    const reason = { clerk: 'Power failed.', engineer: 'another boot' }
    this.line({ kind: 'interrupted', lastUtc, boot: `boot-${this.#run}`, zeroMonoMs: 5_000, reason })
    return this.name()
  }

  /** A signature over everything so far. */
  sign(change: Partial<EntryBody & { kind: 'signature' }> = {}, by = this.device): this {
    const place = { upto: this.heads.length - 1, head: this.heads.at(-1)!, ...change }
    const signature = change.signature ?? by.sign(signaturePayload(this.id, { ...place, ...stampAt(this.second) }))
    this.line({ kind: 'signature', upto: place.upto, head: place.head, key: change.key ?? by.key, signature })
    return this
  }

  /** What a witness answers to a signed place, `lateSeconds` after that line was written. */
  receiptFor(witness: TestIdentity, upto = this.#signedPlace(), lateSeconds = 1, change: Partial<ReceiptEntry> = {}) {
    const head = change.head ?? this.heads[upto] ?? sha256(Buffer.from('elsewhere'))
    const receivedUtc = stampAt((this.seconds[upto] ?? upto) + lateSeconds).utc
    const signature = witness.sign(receiptPayload(this.device.key, this.id, { upto, head }, receivedUtc))
    const { key, publicKey, certificates } = witness
    return { upto, head, receivedUtc, witness: key, publicKey, certificates, signature, ...change }
  }

  receipt(witness: TestIdentity, ...rest: [number?, number?, Partial<ReceiptEntry>?]): this {
    this.line({ kind: 'receipt', ...this.receiptFor(witness, ...rest) })
    return this
  }

  close(): this {
    this.line({ kind: 'hearing-closed', mediaMs: 2_000, reason: why })
    return this
  }

  /** Path to bytes, journal included. */
  folder(): Map<string, Buffer> {
    return new Map([...this.files, ['journal.ndjson', Buffer.from(this.#lines.join(''))]])
  }

  get lines(): readonly string[] {
    return this.#lines
  }

  #signedPlace(): number {
    const place = /"kind":"signature","upto":(\d+)/.exec(
      this.#lines.findLast((line) => line.includes('"kind":"signature"')) ?? '',
    )
    return Number(place?.[1] ?? 0)
  }
}

/** Opened, recorded, signed, closed, signed and, when there is a witness, witnessed. */
export const goodHearing = (device: TestIdentity, witness?: TestIdentity): SignedHearing => {
  const hearing = new SignedHearing(device).open().record().record().sign()
  if (witness) hearing.receipt(witness)
  hearing.record().record().close().sign()
  if (witness) hearing.receipt(witness)
  return hearing
}
