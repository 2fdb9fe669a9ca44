import { join } from 'node:path'
import type { ByteRange, Fault, HashedFile, HearingFiles } from '../../journal/verify/files.ts'
import { filesIn } from './folder.ts'
import { hashRanges } from './hash-ranges.ts'
import { HashThreads, usefulThreads } from './hash-threads.ts'
import { faultOf, openPlain } from './open-plain.ts'

/** Below this a thread takes longer to start than it saves. */
const WORTH_THREADS_BYTES = 64 * 1024 * 1024

export interface FolderOptions {
  /** Threads that hash; as many as there are cores when left out, and none for a small hearing. */
  threads?: number | undefined
  /** Hears of media bytes as they are hashed. */
  onBytes?: ((bytes: number) => void) | undefined
}

const sumOf = (ranges: readonly ByteRange[]): number => ranges.reduce((sum, { bytes }) => sum + bytes, 0)

/** A hearing's folder on a disk. `close` ends its threads. */
export class HearingFolder implements HearingFiles {
  readonly atOnce: number
  readonly #onBytes: (bytes: number) => void
  readonly #threads: HashThreads
  readonly #chosen: boolean
  #hashHere: boolean

  constructor(
    readonly name: string,
    { threads, onBytes = () => {} }: FolderOptions = {},
  ) {
    const count = threads ?? usefulThreads()
    this.atOnce = count + 1
    this.#onBytes = onBytes
    this.#threads = new HashThreads(count)
    this.#hashHere = count === 0
    this.#chosen = threads !== undefined
  }

  async list(): Promise<ReadonlyMap<string, number>> {
    const files = await filesIn(this.name)
    const bytes = [...files.values()].reduce((sum, size) => sum + size, 0)
    if (!this.#chosen && bytes < WORTH_THREADS_BYTES) this.#hashHere = true
    return files
  }

  async read(path: string, offset: number, length: number): Promise<Uint8Array | Fault> {
    try {
      const { file } = await openPlain(join(this.name, path))
      try {
        const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(length), 0, length, offset)
        return buffer.subarray(0, bytesRead)
      } finally {
        await file.close()
      }
    } catch (thrown) {
      const fault = faultOf(thrown)
      return fault.why === 'absent' ? { ...fault, detail: `${join(this.name, path)} does not exist` } : fault
    }
  }

  async sha256(path: string, ranges: readonly ByteRange[]): Promise<HashedFile> {
    if (!this.#hashHere) return this.#threads.hash(join(this.name, path), ranges, this.#onBytes)
    const hashed = hashRanges(join(this.name, path), ranges)
    this.#onBytes(sumOf(ranges))
    return hashed
  }

  close(): Promise<void> {
    return this.#threads.close()
  }
}
