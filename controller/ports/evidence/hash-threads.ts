import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { ByteRange, HashedFile } from '../../journal/verify/files.ts'

/** So large that a message costs nothing beside it, so small that threads end at about the same time. */
const BATCH_BYTES = 8 * 1024 * 1024
const BATCH_RANGES = 1_000
const MOST_THREADS = 8

/** As many as there are cores. */
export const usefulThreads = (): number => Math.min(MOST_THREADS, availableParallelism())

interface Batch {
  path: string
  ranges: ByteRange[]
  done: (hashed: HashedFile) => void
  failed: (fault: Error) => void
}

/** Ranges in a row, cut where a batch is full. */
const batchesOf = (ranges: readonly ByteRange[]): ByteRange[][] => {
  const batches: ByteRange[][] = []
  let room = 0
  for (const { offset, bytes } of ranges) {
    const last = batches.at(-1)
    if (last && room >= bytes && last.length < BATCH_RANGES) last.push({ offset, bytes })
    else {
      batches.push([{ offset, bytes }])
      room = BATCH_BYTES
    }
    room -= bytes
  }
  return batches.length ? batches : [[]]
}

/** The bundle holds the thread as a file beside the program. From the sources, where it is beside this file, it needs tsx. */
const startThread = (): Worker => {
  if (!import.meta.url.endsWith('.ts')) return new Worker(new URL('./hash-thread.js', import.meta.url))
  const [tsx, thread] = [import.meta.resolve('tsx/esm/api'), import.meta.resolve('./hash-thread.ts')]
  return new Worker(`import('${tsx}').then(({ register }) => register()).then(() => import('${thread}'))`, {
    eval: true,
  })
}

/** Hashes in threads of their own, so that every core is used. They end with `close`. */
export class HashThreads {
  readonly #waiting: Batch[] = []
  readonly #idle: Worker[] = []
  readonly #all: Worker[] = []
  readonly #inHand = new Map<Worker, Batch>()

  constructor(private readonly count: number) {}

  /** As `hashRanges`, in batches that several threads share. Rejects only when a thread dies. */
  async hash(path: string, ranges: readonly ByteRange[], onBytes: (bytes: number) => void): Promise<HashedFile> {
    const parts = await Promise.all(
      batchesOf(ranges).map(async (batch) => {
        const hashed = await this.#run(path, batch)
        onBytes(batch.reduce((sum, { bytes }) => sum + bytes, 0))
        return hashed
      }),
    )
    return { size: parts.at(-1)!.size, hashes: parts.flatMap(({ hashes }) => hashes) }
  }

  async close(): Promise<void> {
    await Promise.all(this.#all.map((thread) => thread.terminate()))
  }

  #run(path: string, ranges: ByteRange[]): Promise<HashedFile> {
    return new Promise((done, failed) => {
      this.#waiting.push({ path, ranges, done, failed })
      this.#next()
    })
  }

  #next(): void {
    if (!this.#waiting.length) return
    const thread = this.#idle.pop() ?? (this.#all.length < this.count ? this.#start() : null)
    if (!thread) return
    const batch = this.#waiting.shift()!
    this.#inHand.set(thread, batch)
    thread.ref()
    thread.postMessage({ path: batch.path, ranges: batch.ranges })
  }

  #start(): Worker {
    const thread = startThread()
    this.#all.push(thread)
    thread.on('message', (hashed: HashedFile) => {
      const batch = this.#inHand.get(thread)
      this.#inHand.delete(thread)
      // An idle thread keeps no program from ending.
      thread.unref()
      this.#idle.push(thread)
      batch?.done(hashed)
      this.#next()
    })
    thread.on('error', (fault: Error) => this.#inHand.get(thread)?.failed(fault))
    return thread
  }
}
