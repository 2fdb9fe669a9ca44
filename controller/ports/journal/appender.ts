/**
 * The journal file of one store: lines at their places, in order, each batch made durable by one write.
 * A disk that hangs keeps only its own lines waiting.
 */
import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { makeFolders, syncFolder, writeAll } from '../../base/durable.ts'
import { messageOf } from '../../base/error.ts'
import { monotonicMs } from '../../base/monotonic.ts'
import { type Reason, reason } from '../../base/reason.ts'
import { requireStore } from '../../base/store-marker.ts'

/** A disk that has not taken a line for so long is given up. */
const GIVE_UP_MS = 60_000

/** Opened like this a write does what fdatasync after it would, in one turn of a thread instead of two. */
const DURABLE = constants.O_RDWR | constants.O_CREAT | constants.O_DSYNC

/** A journal line and its place in the file. */
export interface Line {
  offset: number
  bytes: Buffer
  sinceMs: number
}

export class Appender {
  #file: FileHandle | null = null
  #queue: Line[] = []
  #inFlight: Line[] = []
  #ready: Promise<void> | null
  #writingSinceMs: number | null = null
  #failed = false
  #idle: (() => void)[] = []

  /**
   * @param prepare brings the file to the length at which the first line will be added; runs before anything is written
   * @param onFailure called once with the lines that are not durable here; nothing more is written
   */
  constructor(
    private readonly path: string,
    prepare: (path: string) => Promise<void>,
    private readonly onFailure: (why: Reason, notWritten: Line[]) => void,
    /** The file is durable up to here. */
    private readonly onStored: (bytes: number) => void,
  ) {
    this.#ready = this.#open(prepare)
    void this.#ready.catch((fault: unknown) => this.fail(reason('The journal cannot be written.', messageOf(fault))))
  }

  /** Whether the file has all that came before the first line added. */
  get isReady(): boolean {
    return this.#file !== null
  }

  add(line: Line): void {
    if (this.#failed) return
    this.#queue.push(line)
    if (this.#writingSinceMs === null) void this.#drain()
  }

  /** Call now and then: a write that hangs never comes back by itself. */
  watch(): void {
    if (this.#writingSinceMs !== null && monotonicMs() - this.#writingSinceMs > GIVE_UP_MS)
      this.fail(reason('The disk does not answer.', `no journal line written for ${GIVE_UP_MS} ms`))
  }

  /** Resolves when every line so far is durable, or the file has failed. */
  async settle(): Promise<void> {
    await this.#ready?.catch(() => {})
    if (this.#failed || (this.#writingSinceMs === null && !this.#queue.length)) return
    await new Promise<void>((resolve) => this.#idle.push(resolve))
  }

  async close(): Promise<void> {
    await this.settle()
    this.#failed = true
    if (this.#writingSinceMs === null) await this.#file?.close().catch(() => {})
  }

  fail(why: Reason): void {
    if (this.#failed) return
    this.#failed = true
    const lost = [...this.#inFlight, ...this.#queue]
    this.#queue = []
    if (this.#writingSinceMs === null) void this.#file?.close().catch(() => {})
    this.onFailure(why, lost)
    this.#rest()
  }

  async #open(prepare: (path: string) => Promise<void>): Promise<void> {
    await requireStore(dirname(dirname(this.path)))
    await makeFolders(dirname(this.path))
    await prepare(this.path)
    this.#file = await open(this.path, DURABLE)
    await syncFolder(dirname(this.path))
    this.#ready = null
  }

  async #drain(): Promise<void> {
    this.#writingSinceMs = monotonicMs()
    try {
      await this.#ready
      while (this.#queue.length && !this.#failed) {
        const batch = this.#queue
        this.#queue = []
        this.#inFlight = batch
        this.#writingSinceMs = batch[0]!.sinceMs
        const bytes = Buffer.concat(batch.map((line) => line.bytes))
        await writeAll(this.#file!, bytes, batch[0]!.offset)
        this.#inFlight = []
        if (!this.#failed) this.onStored(batch[0]!.offset + bytes.length)
      }
    } catch (fault) {
      this.fail(reason('The journal cannot be written.', messageOf(fault)))
    }
    this.#writingSinceMs = null
    if (this.#failed) await this.#file?.close().catch(() => {})
    this.#rest()
  }

  #rest(): void {
    for (const resolve of this.#idle.splice(0)) resolve()
  }
}
