/**
 * What the hub must not forget: events before it acknowledges them, and all that it would be wrong to lose with a restart.
 * Writing goes to a thread, whatever came while it was busy as one transaction; reading is quick and done at once.
 */
import { join } from 'node:path'
import { makeFolders } from '../../base/durable.ts'
import { messageOf } from '../../base/error.ts'
import type { Average, Done, Holding, IncomingEvent, Job, Retention, Skip } from './job.ts'
import { StoreReader } from './store-reader.ts'
import { ThreadLink } from './thread-link.ts'
import type { Write } from './write.ts'

/** In one transaction. */
const MOST_EVENTS = 2_000
const MOST_WRITES = 5_000
/** While the disk takes nothing: then the oldest of what can be done without gives way. */
const MOST_LATER = 200_000
const AGAIN_MS = 1_000

export interface EventStoreOptions {
  folder: string
  /** What became of events, the moment they are durable and before anybody is told. */
  onKept: (events: readonly IncomingEvent[], done: Done) => void
  /** The disk takes nothing (why), or takes again (null). Events that came meanwhile are not acknowledged. */
  onFault: (why: string | null) => void
  /** For tests: a disk that is full beyond so many pages. */
  maxPages?: number
}

interface Awaited {
  writes: Write[]
  resolve: () => void
  reject: (fault: unknown) => void
}

export class EventStore {
  readonly read: StoreReader
  #events: IncomingEvent[] = []
  #skips: Skip[] = []
  #averages: Average[] = []
  #later: Write[] = []
  #awaited: Awaited[] = []
  #isBusy = false
  #fault: string | null = null
  #pause: NodeJS.Timeout | null = null
  #idle: (() => void)[] = []

  static async open(options: EventStoreOptions): Promise<EventStore> {
    await makeFolders(options.folder)
    const path = join(options.folder, 'fleet.sqlite')
    const link = await ThreadLink.open(path, options.maxPages)
    return new EventStore(link, new StoreReader(path), options)
  }

  private constructor(
    private readonly link: ThreadLink,
    reader: StoreReader,
    private readonly options: EventStoreOptions,
  ) {
    this.read = reader
  }

  /** Why the disk takes nothing; null when it does. */
  get fault(): string | null {
    return this.#fault
  }

  /** An event that cannot be kept is forgotten: its device sends it again, for nobody acknowledges it. */
  keep(event: IncomingEvent): void {
    // While the disk takes nothing, what is tried is what came last: the others come again.
    if (this.#events.length >= MOST_EVENTS * 4) this.#events.splice(0, MOST_EVENTS)
    this.#events.push(event)
    this.#work()
  }

  skip(skip: Skip): void {
    this.#skips.push(skip)
    this.#work()
  }

  average(average: Average): void {
    this.#averages.push(average)
    if (this.#averages.length > MOST_LATER) this.#averages.splice(0, MOST_WRITES)
    this.#work()
  }

  /** In the order of the calls, some time; tried until it is durable. */
  writeLater(...writes: Write[]): void {
    this.#later.push(...writes)
    if (this.#later.length > MOST_LATER) this.#later.splice(0, MOST_WRITES)
    this.#work()
  }

  /** Resolves when all of it is durable. Rejects with EVENTS_UNKEPT: then nothing of it is, and it is not tried again. */
  write(...writes: Write[]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#awaited.push({ writes, resolve, reject })
      this.#work()
    })
  }

  /** What is held of devices now, for acknowledgements that a broker has forgotten. */
  async holdings(devices: readonly string[]): Promise<Holding[]> {
    const answered = await this.link.ask({ do: 'holdings', devices })
    return answered.is === 'done' ? answered.done.holdings : []
  }

  /** Removes what is too old or too much, a piece at a time, so that what comes in is not held up. */
  async tidy(retention: Retention): Promise<number> {
    let removed = 0
    for (;;) {
      const answered = await this.link.ask({ do: 'tidy', ...retention })
      if (answered.is !== 'tidied' || !answered.events) return removed
      removed += answered.events
    }
  }

  /** After what was given to it, as far as the disk takes it. */
  async close(): Promise<void> {
    if (this.#isBusy) await new Promise<void>((resolve) => this.#idle.push(resolve))
    if (this.#pause) clearTimeout(this.#pause)
    this.read.close()
    await this.link.ask({ do: 'close' }).catch(() => {})
  }

  #work(): void {
    if (this.#isBusy || this.#pause) return
    this.#isBusy = true
    void this.#keepAll().finally(() => {
      this.#isBusy = false
      if (this.#fault !== null) this.#tryAgain()
      // It may have come after the last look and before this.
      else if (this.#hasWork) return this.#work()
      for (const resolve of this.#idle.splice(0)) resolve()
    })
  }

  #tryAgain(): void {
    this.#pause = setTimeout(() => {
      this.#pause = null
      this.#work()
    }, AGAIN_MS)
    this.#pause.unref()
  }

  get #hasWork(): boolean {
    const { length } = this.#events
    return length + this.#skips.length + this.#averages.length + this.#later.length + this.#awaited.length > 0
  }

  async #keepAll(): Promise<void> {
    while (this.#hasWork) {
      // What came in one piece goes out in one transaction.
      await new Promise(setImmediate)
      const awaited = this.#awaited.splice(0)
      const job: Job = {
        events: this.#events.splice(0, MOST_EVENTS),
        skips: this.#skips.splice(0),
        averages: this.#averages.splice(0, MOST_WRITES),
        writes: [...this.#later.splice(0, MOST_WRITES), ...awaited.flatMap(({ writes }) => writes)],
      }
      try {
        const answered = await this.link.ask({ do: 'keep', ...job })
        this.#well()
        if (answered.is === 'done') this.options.onKept(job.events, answered.done)
        for (const { resolve } of awaited) resolve()
      } catch (fault) {
        const laterCount = job.writes.length - awaited.reduce((sum, { writes }) => sum + writes.length, 0)
        this.#later.unshift(...job.writes.slice(0, laterCount))
        this.#averages.unshift(...job.averages)
        this.#skips.unshift(...job.skips)
        for (const { reject } of awaited) reject(fault)
        this.#ill(messageOf(fault))
        return
      }
    }
  }

  #well(): void {
    if (this.#fault === null) return
    this.#fault = null
    this.options.onFault(null)
  }

  #ill(why: string): void {
    const isNew = this.#fault === null
    this.#fault = why
    if (isNew) this.options.onFault(why)
  }
}
