/**
 * Writes fragments to one store, in order, and says when they are durable:
 * `write, with fdatasync in it -> index line -> confirm`; a new file's directory is synchronised too, or a power cut
 * could lose its name (R11). Each store has a queue of its own, so a slow or dead disk never holds up the other (R12).
 */
import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { makeFolders, syncFolder, writeAll } from '../base/durable.ts'
import { codeOf, messageOf } from '../base/error.ts'
import { monotonicMs } from '../base/monotonic.ts'
import { type Reason, reason } from '../base/reason.ts'
import { requireStore } from '../base/store-marker.ts'

export interface StoreJob {
  /** Path inside the hearing folder. */
  file: string
  offset: number
  bytes: Uint8Array
  /** Line of the source's index, without its line feed. */
  indexLine: string
  confirm: () => void
}

export interface StoreFailure {
  code: string
  reason: Reason
}

/**
 * A segment file is new by construction; a name used before is refused rather than overwritten. O_DSYNC does what
 * fdatasync after each write would, in one turn of a thread instead of two. The index is without: its only reader is
 * the worker that wrote it.
 */
const NEW_AND_DURABLE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_DSYNC

/** A disk that has not taken what is offered for so long is given up; until then memory holds it (R12). */
export const GIVE_UP_MS = 60_000

export class StoreWriter {
  readonly #files = new Map<string, FileHandle>()
  readonly #held = new Set<string>()
  #queue: { job: StoreJob; sinceMs: number }[] = []
  #writing: { sinceMs: number } | null = null
  #draining = false
  #settling: (() => void)[] = []
  #failed = false

  /**
   * @param folder the hearing's folder in this store
   * @param index path of the source's index file inside it
   * @param onFailure called once; nothing is confirmed after it
   */
  constructor(
    readonly store: string,
    private readonly folder: string,
    private readonly index: string,
    private readonly onFailure: (failure: StoreFailure) => void,
  ) {}

  /** How long the oldest unconfirmed fragment has waited. */
  get waitingMs(): number {
    const since = this.#writing?.sinceMs ?? this.#queue[0]?.sinceMs
    return since === undefined ? 0 : monotonicMs() - since
  }

  /** Whether this store holds the file from its first byte; a store that joined later waits for the next segment. */
  takes(file: string, startsSegment: boolean): boolean {
    if (startsSegment && !this.#failed) this.#held.add(file)
    return this.holds(file)
  }

  holds(file: string): boolean {
    return this.#held.has(file)
  }

  add(job: StoreJob): void {
    if (this.#failed) return
    this.#queue.push({ job, sinceMs: monotonicMs() })
    if (this.#draining) return
    this.#draining = true
    // The fragments of all tracks of a source come in one breath: together they cost one round of synchronising.
    setImmediate(() => void this.#drain())
  }

  /** Call now and then: a write that hangs never comes back by itself. */
  watch(): void {
    if (this.waitingMs > GIVE_UP_MS)
      this.fail('STALLED', reason('The disk does not answer.', `no write finished for ${GIVE_UP_MS} ms`))
  }

  fail(code: string, why: Reason): void {
    if (this.#failed) return
    this.#failed = true
    this.#queue = []
    this.onFailure({ code, reason: why })
    this.#tellSettled()
    // A write may still hang in the kernel: the files are closed when it returns.
    if (!this.#writing) void this.#closeFiles()
  }

  /** Resolves when all that was added is durable, or the store has failed. */
  async settle(): Promise<void> {
    if (this.#failed || (!this.#writing && !this.#queue.length)) return
    await new Promise<void>((resolve) => this.#settling.push(resolve))
  }

  #tellSettled(): void {
    for (const resolve of this.#settling.splice(0)) resolve()
  }

  /** Closes the files of this leg; the next fragment opens its own. */
  async close(): Promise<void> {
    await this.settle()
    if (!this.#writing) await this.#closeFiles()
  }

  async #drain(): Promise<void> {
    while (this.#queue.length && !this.#failed) {
      const batch = this.#queue
      this.#queue = []
      this.#writing = { sinceMs: batch[0]!.sinceMs }
      try {
        await this.#write(batch.map(({ job }) => job))
        this.#writing = null
        if (!this.#failed) for (const { job } of batch) job.confirm()
      } catch (fault) {
        this.#writing = null
        this.fail(codeOf(fault), reason(explain(codeOf(fault)), `${this.folder}: ${messageOf(fault)}`))
      }
    }
    this.#draining = false
    if (this.#failed) await this.#closeFiles()
    this.#tellSettled()
  }

  async #write(jobs: StoreJob[]): Promise<void> {
    const pieces = []
    for (const [path, own] of groupByFile(jobs)) pieces.push({ file: await this.#file(path), own })
    await Promise.all(pieces.map(({ file, own }) => writeAll(file, bytesOf(own), own[0]!.offset)))
    const index = await this.#file(this.index)
    await index.appendFile(jobs.map((job) => `${job.indexLine}\n`).join(''))
    await this.#closeAllBut(new Set([...jobs.slice(-64).map((job) => job.file), this.index]))
  }

  async #file(path: string): Promise<FileHandle> {
    const known = this.#files.get(path)
    if (known) return known
    const whole = join(this.folder, path)
    await requireStore(dirname(this.folder))
    await makeFolders(dirname(whole))
    const file = await open(whole, path === this.index ? 'a' : NEW_AND_DURABLE)
    await syncFolder(dirname(whole))
    this.#files.set(path, file)
    return file
  }

  /** A rotated segment's file is closed once its successor of the same track is being written. */
  async #closeAllBut(current: ReadonlySet<string>): Promise<void> {
    const tracks = new Set([...current].map((path) => dirname(path)))
    for (const [path, file] of this.#files)
      if (!current.has(path) && tracks.has(dirname(path))) {
        this.#files.delete(path)
        await file.close()
      }
  }

  async #closeFiles(): Promise<void> {
    const files = [...this.#files.values()]
    this.#files.clear()
    await Promise.allSettled(files.map((file) => file.close()))
  }
}

const groupByFile = (jobs: StoreJob[]): Map<string, StoreJob[]> => {
  const groups = new Map<string, StoreJob[]>()
  for (const job of jobs) groups.set(job.file, [...(groups.get(job.file) ?? []), job])
  return groups
}

/** Fragments of one file follow each other without a hole. */
const bytesOf = (jobs: StoreJob[]): Uint8Array =>
  jobs.length === 1 ? jobs[0]!.bytes : Buffer.concat(jobs.map(({ bytes }) => bytes))

const explain = (code: string): string => {
  if (code === 'ENOSPC' || code === 'EDQUOT') return 'The disk is full.'
  if (code === 'EROFS' || code === 'EACCES' || code === 'EPERM') return 'The disk cannot be written.'
  if (code === 'ENOENT' || code === 'ENODEV' || code === 'ENXIO') return 'The disk is gone.'
  return 'The disk reports an error.'
}
