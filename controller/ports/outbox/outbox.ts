/**
 * Events on their way to the hub: numbered for life, chained by hash, durable before they count as raised, and kept
 * until the hub says that it has them. Whoever raises one never waits, and never hears of a fault.
 */
import { BackOff, type BackOffLimits } from '../../base/back-off.ts'
import { codeOf, type ErrorCode, messageOf } from '../../base/error.ts'
import { sleep } from '../../base/within.ts'
import type { EventAck } from '../../wire/fleet/fleet-event.ts'
import { Acknowledged } from './acknowledged.ts'
import { type KeptEvent, LOST, type NewEvent, newAgain, numbered, type Raiser } from './kept-event.ts'
import type { SeqRange, Shelf } from './shelf.ts'

export interface OutboxLimits {
  /** More that wait are not taken. */
  events: number
  /** Nor beyond this, on the disk. */
  bytes: number
}

export interface OutboxOptions {
  shelf: Shelf
  raiser: Raiser
  limits?: OutboxLimits
  /** Told of what an administrator should know: OUTBOX_FULL, OUTBOX_DAMAGED; once until it is over. */
  complain: (code: ErrorCode, text: string) => void
  utcMs?: () => number
  retry?: BackOffLimits
}

type Unkept = NewEvent & { kept?: (seq: number) => void }

const LIMITS: OutboxLimits = { events: 1_000_000, bytes: 2 ** 30 }
const RETRY: BackOffLimits = { firstMs: 250, longestMs: 30_000 }
/** Made durable together at most. */
const BATCH = 200
/** Waiting for a disk that does not answer. */
const MAX_UNKEPT = 2_000
/** The hub may be ahead of a device that was restored from a copy, but not by this. */
const MAX_JUMP = 1_000_000_000
/** What cannot be read now is tried again then. */
const UNREADABLE_MS = 60_000

export class Outbox {
  readonly #acknowledged = new Acknowledged()
  readonly #urgent = new Set<number>()
  readonly #retry: BackOff
  readonly #listeners = new Set<() => void>()
  readonly #unreadable = new Set<number>()
  #unreadableUntilMs = 0
  #last: { seq: number; hash: string | null } = { seq: 0, hash: null }
  /** No ordinary event below it waits. */
  #ordinaryFrom = 1
  #unkept: Unkept[] = []
  #refused = { count: 0, toldCode: false }
  /** Up to here the hub has what this machine raised, and no other one's of the same numbers. */
  #own = 0
  /** The last number when the outbox was opened. */
  #openedAt = 0
  /** The hub has events up to here. */
  #jumpTo = 0
  #isOpen = false
  #isClosed = false
  #working: Promise<void> | null = null
  #opening: Promise<void>

  /** Opens what was kept before, in its own time: events may be raised at once. */
  constructor(private readonly options: OutboxOptions) {
    this.#retry = new BackOff(options.retry ?? RETRY)
    this.#opening = this.#open()
  }

  /** Events that the hub has not confirmed. */
  get waiting(): number {
    return this.#acknowledged.countWaiting(this.#last.seq) + this.#unkept.length
  }

  /** Number of the last event that is durable. */
  get last(): number {
    return this.#last.seq
  }

  /** No more are taken until the hub has some. */
  get isFull(): boolean {
    const { events, bytes } = this.options.limits ?? LIMITS
    return this.#acknowledged.countWaiting(this.#last.seq) >= events || this.options.shelf.bytes >= bytes
  }

  /**
   * Returns at once. The event is raised when it is durable, and then numbered in the order of these calls.
   * @param kept told of the number; never, when the event is refused
   */
  raise(event: NewEvent, kept?: (seq: number) => void): void {
    if (this.#isClosed) return
    if (this.#unkept.length >= MAX_UNKEPT) return this.#refuse('the disk takes no events')
    this.#unkept.push(kept ? { ...event, kept } : event)
    this.#work()
  }

  /** @returns ends it. `listener` is told when events have become durable. */
  onKept(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** What should be sent next: urgent ones first, each kind in its own order. `except` is on its way already. */
  async next(limit: number, except: { has(seq: number): boolean }): Promise<KeptEvent[]> {
    await this.#opening
    const seqs = this.#pick(limit, except)
    if (!seqs.length) return []
    const { events, gone } = await this.options.shelf.read(seqs)
    this.#lose(gone.filter((seq) => !this.#acknowledged.has(seq)))
    if (events.length + gone.length < seqs.length) this.#rest(seqs, [...events.map(({ seq }) => seq), ...gone])
    return events.filter(({ seq }) => !this.#acknowledged.has(seq))
  }

  /** The hub has these durably. Never rejects. */
  async acknowledge({ upto, ahead, hash }: EventAck): Promise<void> {
    await this.#opening
    if (upto > this.#last.seq + MAX_JUMP) return
    if (upto > this.#last.seq) {
      this.#jumpTo = Math.max(this.#jumpTo, upto)
      return this.#work()
    }
    const again = hash === undefined ? [] : await this.#takenByAnother(upto, hash)
    this.#acknowledged.take(upto, ahead, this.#last.seq)
    await this.#forget()
    this.#unkept.push(...again.map(newAgain))
    if (again.length) this.#work()
    if (this.#refused.count && !this.isFull) this.#work()
  }

  /** Resolves when everything raised so far is durable, or was refused. */
  async settled(): Promise<void> {
    while (this.#working) await this.#working
  }

  /** Takes no more. What is not durable by now is lost: wait for `settled` first. */
  async close(): Promise<void> {
    this.#isClosed = true
    await this.#opening
    await this.#working
    await this.options.shelf.close().catch(() => {})
  }

  async #open(): Promise<void> {
    while (!this.#isClosed)
      try {
        const { last, urgent, upto, ahead, lost, untold } = await this.options.shelf.open()
        if (last) this.#last = last
        this.#openedAt = this.#last.seq
        this.#own = upto
        this.#acknowledged.take(upto, ahead, this.#last.seq)
        for (const range of lost) this.#acknowledged.lose(range)
        for (const seq of urgent) if (!this.#acknowledged.has(seq)) this.#urgent.add(seq)
        this.#isOpen = true
        if (untold.length) this.#tellLost(untold)
        return
      } catch (fault) {
        this.options.complain('OUTBOX_DAMAGED', messageOf(fault))
        this.#retry.failed()
        await sleep(this.#retry.leftMs)
      }
  }

  #work(): void {
    if (this.#working) return
    this.#working = this.#keepAll().finally(() => {
      this.#working = null
      if (this.#unkept.length && !this.#isClosed) this.#work()
    })
  }

  async #keepAll(): Promise<void> {
    await this.#opening
    while (this.#isOpen && !this.#isClosed) {
      if (this.#jumpTo > this.#last.seq) await this.#jump(this.#jumpTo)
      if (this.isFull) this.#refuseAll()
      else this.#tellRefused()
      if (!this.#unkept.length || !(await this.#keep(this.#unkept.slice(0, BATCH)))) return
    }
  }

  /** False when the outbox was closed meanwhile. The same bytes are tried until they are durable. */
  async #keep(batch: readonly Unkept[]): Promise<boolean> {
    let { seq, hash } = this.#last
    const events = batch.map((event) => {
      const kept = numbered(event, ++seq, hash, this.options.raiser)
      hash = kept.hash
      return kept
    })
    let hasTold = false
    for (;;)
      try {
        await this.options.shelf.append(events)
        break
      } catch (fault) {
        const code = codeOf(fault) === 'ENOSPC' ? 'OUTBOX_FULL' : 'OUTBOX_DAMAGED'
        if (!hasTold) this.options.complain(code, `events cannot be kept: ${messageOf(fault)}`)
        hasTold = true
        if (this.#isClosed) return false
        this.#retry.failed()
        await sleep(this.#retry.leftMs)
      }
    this.#retry.succeeded()
    this.#unkept.splice(0, batch.length)
    this.#last = { seq, hash }
    for (const event of events) if (event.urgent) this.#urgent.add(event.seq)
    for (const [i, { kept }] of batch.entries()) kept?.(events[i]!.seq)
    for (const listener of this.#listeners) listener()
    return true
  }

  #pick(limit: number, except: { has(seq: number): boolean }): number[] {
    if (performance.now() > this.#unreadableUntilMs) this.#unreadable.clear()
    const seqs: number[] = []
    const isFree = (seq: number) => !except.has(seq) && !this.#acknowledged.has(seq) && !this.#unreadable.has(seq)
    for (const seq of this.#urgent) {
      if (seqs.length >= limit) return seqs
      if (isFree(seq)) seqs.push(seq)
    }
    this.#ordinaryFrom = Math.max(this.#ordinaryFrom, this.#acknowledged.upto + 1)
    while (this.#ordinaryFrom <= this.#last.seq && this.#acknowledged.has(this.#ordinaryFrom)) this.#ordinaryFrom++
    for (let seq = this.#ordinaryFrom; seq <= this.#last.seq && seqs.length < limit; seq++)
      if (!this.#urgent.has(seq) && isFree(seq)) seqs.push(seq)
    return seqs
  }

  #rest(asked: readonly number[], settled: readonly number[]): void {
    if (!this.#unreadable.size) this.#unreadableUntilMs = performance.now() + UNREADABLE_MS
    for (const seq of asked) if (!settled.includes(seq)) this.#unreadable.add(seq)
  }

  #lose(seqs: readonly number[]): void {
    if (!seqs.length) return
    const ranges: [number, number][] = []
    for (const seq of [...seqs].sort((a, b) => a - b)) {
      const range = ranges.at(-1)
      if (range && range[1] === seq - 1) range[1] = seq
      else ranges.push([seq, seq])
    }
    for (const range of ranges) this.#acknowledged.lose(range)
    for (const seq of seqs) this.#urgent.delete(seq)
    this.#tellLost(ranges)
  }

  /**
   * This device's memory is older than the hub's: its numbers go on behind those that were used. What was raised since
   * it was opened has numbers that the hub knows as others, and is raised again.
   */
  async #jump(to: number): Promise<void> {
    this.options.complain('OUTBOX_DAMAGED', `the hub has event ${to}, and the last known here is ${this.#last.seq}`)
    const since = Array.from({ length: this.#last.seq - this.#openedAt }, (_, i) => this.#openedAt + 1 + i)
    const { events } = await this.options.shelf.read(since.filter((seq) => !this.#acknowledged.has(seq)))
    this.#unkept.unshift(...events.map(newAgain))
    this.#last = { seq: to, hash: null }
    this.#openedAt = to
    this.#own = to
    this.#acknowledged.take(to, [], to)
    await this.#forget()
  }

  /**
   * Where the hub has another event under a number of this device, another machine speaks in its name, or this one was
   * restored from a copy. What was raised here under the numbers up to that one: it is to be raised again.
   */
  async #takenByAnother(upto: number, hash: string): Promise<KeptEvent[]> {
    const from = this.#own + 1
    if (upto < from) return []
    const [own] = (await this.options.shelf.read([upto])).events
    // What cannot be read now is compared later, by a higher number.
    if (!own) return []
    this.#own = Math.max(this.#own, upto)
    if (own.hash === hash) return []
    this.options.complain('OUTBOX_DAMAGED', `the hub has another event ${upto}; ${from} to ${upto} are raised again`)
    const { events } = await this.options.shelf.read(Array.from({ length: upto - from + 1 }, (_, i) => from + i))
    return events.filter(({ kind }) => kind !== LOST)
  }

  async #forget(): Promise<void> {
    for (const seq of this.#urgent) if (this.#acknowledged.has(seq)) this.#urgent.delete(seq)
    await this.options.shelf
      .forget(this.#acknowledged.upto, this.#acknowledged.ahead)
      .catch((fault: unknown) => this.options.complain('OUTBOX_DAMAGED', messageOf(fault)))
  }

  /** What is wanting is said before anything later is. */
  #tellLost(ranges: readonly SeqRange[]): void {
    const told = ranges.map(([fromSeq, toSeq]) => `${fromSeq} to ${toSeq}`).join(', ')
    this.options.complain('OUTBOX_DAMAGED', `events ${told} are gone`)
    for (const [fromSeq, toSeq] of ranges) this.#tell({ why: 'damaged', count: toSeq - fromSeq + 1, fromSeq, toSeq })
    this.#work()
  }

  #tellRefused(): void {
    const { count } = this.#refused
    if (!count) return
    this.#refused = { count: 0, toldCode: false }
    this.#tell({ why: 'refused', count, fromSeq: null, toSeq: null })
  }

  /** What is gone for good is said nevertheless. */
  #refuseAll(): void {
    const [lost, others] = [
      this.#unkept.filter(({ kind }) => kind === LOST),
      this.#unkept.filter(({ kind }) => kind !== LOST),
    ]
    this.#unkept = lost
    for (const _ of others) this.#refuse('the hub has confirmed none of those that wait')
  }

  /** Behind what waits already: its number is not given yet. */
  #tell(data: NewEvent['data']): void {
    this.#unkept.push({ kind: LOST, urgent: true, utcMs: this.options.utcMs?.() ?? Date.now(), data })
  }

  #refuse(why: string): void {
    this.#refused.count++
    if (this.#refused.toldCode) return
    this.#refused.toldCode = true
    this.options.complain('OUTBOX_FULL', `no more events are taken: ${why}`)
  }
}
