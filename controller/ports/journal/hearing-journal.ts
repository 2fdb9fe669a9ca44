/** The journal of the open hearing, the same bytes on every store. */
import { createHash } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { bringTo } from '../../base/bring-to.ts'
import { VerbatimError } from '../../base/error.ts'
import { monotonicMs } from '../../base/monotonic.ts'
import type { Reason } from '../../base/reason.ts'
import { utcText } from '../../base/units.ts'
import { type ChainPlace, ChainWriter } from '../../journal/chain.ts'
import { type EntryBody, LATE_KINDS, type SignedPlace } from '../../journal/entry.ts'
import { SegmentEnds } from '../../journal/segment-ends.ts'
import { Appender, type Line } from './appender.ts'

export interface StorePlace {
  name: string
  path: string
}

export interface HearingJournalOptions {
  hearing: string
  /** Where to go on in a journal that exists already, and its length; a new one without it. */
  at?: { place: ChainPlace; bytes: number } | undefined
  ends?: SegmentEnds | undefined
  onStored: (store: string) => void
  onFailure: (store: string, why: Reason) => void
}

const lengthOf = (path: string): Promise<number> =>
  stat(path).then(
    ({ size }) => size,
    () => 0,
  )

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

export class HearingJournal {
  readonly #chain: ChainWriter
  readonly #appenders = new Map<string, Appender>()
  readonly #places = new Map<string, string>()
  #bytes: number
  #closed = false
  #unsigned: SignedPlace | null = null
  /** Lines that no store has taken: they wait for one. */
  #homeless: Line[] = []
  readonly #ends: SegmentEnds
  /** What a store at least has for good. */
  #durableBytes: number
  #waiting: { bytes: number; resolve: () => void }[] = []

  constructor(private readonly options: HearingJournalOptions) {
    this.#chain = new ChainWriter(sha256, options.at?.place)
    this.#bytes = options.at?.bytes ?? 0
    this.#durableBytes = this.#bytes
    this.#ends = options.ends ?? new SegmentEnds()
  }

  get hearing(): string {
    return this.options.hearing
  }

  /** Whether some store has taken every line so far, or may still take it. */
  get isTaken(): boolean {
    return this.#appenders.size > 0
  }

  get ends(): SegmentEnds {
    return this.#ends
  }

  /** The place of the last line, unless that is a signature itself; null before the first. */
  get unsignedPlace(): SignedPlace | null {
    return this.#unsigned
  }

  /** How many lines there are. */
  get lines(): number {
    return this.#chain.place.n
  }

  /** The place of the new line; null when nothing of its kind may follow the line that closed the hearing. */
  append(stamp: { atMs: number; utcMs: number }, body: EntryBody): SignedPlace | null {
    if (this.#closed && !LATE_KINDS.has(body.kind)) return null
    this.#closed ||= body.kind === 'hearing-closed'
    this.#ends.know(body)
    const { line, n, head } = this.#chain.append({ utc: utcText(stamp.utcMs), monoMs: stamp.atMs }, body)
    const bytes = Buffer.from(`${line}\n`)
    const added = { offset: this.#bytes, bytes, sinceMs: monotonicMs() }
    this.#bytes += bytes.length
    for (const appender of this.#appenders.values()) appender.add(added)
    if (!this.#appenders.size) this.#homeless.push(added)
    const place = { upto: n, head }
    this.#unsigned = body.kind === 'signature' ? null : place
    return place
  }

  /** The store takes part from here on; what its copy lacks is first brought from another that takes part. */
  join({ name, path }: StorePlace): void {
    if (this.#appenders.has(name)) return
    // They waited for a store, not for this one.
    const homeless = this.#homeless.splice(0).map((line) => ({ ...line, sinceMs: monotonicMs() }))
    const start = homeless[0]?.offset ?? this.#bytes
    const file = join(path, this.options.hearing, 'journal.ndjson')
    const other = [...this.#appenders.keys()][0] ?? [...this.#places.keys()].find((place) => place !== name)
    const isNew = start === 0 && !this.#places.has(name)
    const prepare = async () => {
      if (isNew && (await lengthOf(file)) > 0)
        throw new VerbatimError('JOURNAL_EXISTS', `${file} belongs to another hearing`)
      if (!other || start === 0) return
      const living = this.#appenders.get(other)
      // The store that failed last has all but the waiting lines: its own file is the truth.
      if (!living && (await lengthOf(file)) >= start) return
      await living?.settle()
      await bringTo(file, this.#places.get(other)!, start)
    }
    this.#places.set(name, file)
    const { onFailure, onStored } = this.options
    const failed = (why: Reason, notWritten: Line[]) => {
      this.#appenders.delete(name)
      // A store that is still being brought up to here has no copy of these lines either.
      if (![...this.#appenders.values()].some((other) => other.isReady)) this.#keep(notWritten)
      onFailure(name, why)
    }
    const stored = (bytes: number) => {
      this.#confirm(bytes)
      onStored(name)
    }
    const appender = new Appender(file, prepare, failed, stored)
    this.#appenders.set(name, appender)
    for (const line of homeless) appender.add(line)
  }

  #keep(lines: Line[]): void {
    const known = new Set(this.#homeless.map(({ offset }) => offset))
    this.#homeless = [...this.#homeless, ...lines.filter(({ offset }) => !known.has(offset))].sort(
      (a, b) => a.offset - b.offset,
    )
  }

  leave(name: string, why: Reason): void {
    this.#appenders.get(name)?.fail(why)
  }

  watch(): void {
    for (const appender of this.#appenders.values()) appender.watch()
  }

  /** Resolves when every line so far is durable on one store at least: no power cut takes it back. */
  async durable(): Promise<void> {
    const bytes = this.#bytes
    if (bytes > this.#durableBytes) await new Promise<void>((resolve) => this.#waiting.push({ bytes, resolve }))
  }

  #confirm(bytes: number): void {
    this.#durableBytes = Math.max(this.#durableBytes, bytes)
    for (const { resolve } of this.#waiting.filter(({ bytes }) => bytes <= this.#durableBytes)) resolve()
    this.#waiting = this.#waiting.filter(({ bytes }) => bytes > this.#durableBytes)
  }

  async settle(): Promise<void> {
    await Promise.all([...this.#appenders.values()].map((appender) => appender.settle()))
  }

  async close(): Promise<void> {
    await Promise.all([...this.#appenders.values()].map((appender) => appender.close()))
  }
}
