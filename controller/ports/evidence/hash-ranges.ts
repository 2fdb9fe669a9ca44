import { createHash, hash } from 'node:crypto'
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import type { ByteRange, HashedFile, RangeHash } from '../../journal/verify/files.ts'
import { faultOf, PLAIN_READ } from './open-plain.ts'

const WINDOW_BYTES = 1024 * 1024
const window = Buffer.allocUnsafe(WINDOW_BYTES)

/** Reads forward through a file in large blocks, so that small fragments cost no system call each. */
class Forward {
  #from = 0
  #filled = 0

  constructor(private readonly file: number) {}

  /** SHA-256 of a range; `missing` when the file ends within it. */
  hash({ offset, bytes }: ByteRange): RangeHash {
    if (bytes <= WINDOW_BYTES) {
      const block = this.#block(offset, bytes)
      return block ? hash('sha256', block) : 'missing'
    }
    const sum = createHash('sha256')
    for (let at = offset; at < offset + bytes; ) {
      const block = this.#block(at, Math.min(WINDOW_BYTES, offset + bytes - at))
      if (!block) return 'missing'
      sum.update(block)
      at += block.length
    }
    return sum.digest('hex')
  }

  /** Exactly these bytes, at most a window; null behind the end of the file. */
  #block(offset: number, bytes: number): Buffer | null {
    if (offset < this.#from || offset + bytes > this.#from + this.#filled) this.#fill(offset)
    const at = offset - this.#from
    return at + bytes <= this.#filled ? window.subarray(at, at + bytes) : null
  }

  #fill(offset: number): void {
    this.#from = offset
    this.#filled = 0
    while (this.#filled < WINDOW_BYTES) {
      const read = readSync(this.file, window, this.#filled, WINDOW_BYTES - this.#filled, offset + this.#filled)
      if (read === 0) return
      this.#filled += read
    }
  }
}

const attempt = (hashOne: () => RangeHash): RangeHash => {
  try {
    return hashOne()
  } catch (thrown) {
    return faultOf(thrown)
  }
}

/**
 * Hashes ranges of a file in the order given, in the thread that calls it. Never throws: a file that cannot be read is
 * a result.
 */
export const hashRanges = (path: string, ranges: readonly ByteRange[]): HashedFile => {
  let file: number | null = null
  try {
    file = openSync(path, PLAIN_READ)
    const stat = fstatSync(file)
    if (!stat.isFile()) throw Object.assign(new Error('not a plain file'), { code: 'NOT_A_FILE' })
    const forward = new Forward(file)
    const hashes = ranges.map((range) =>
      range.offset + range.bytes <= stat.size ? attempt(() => forward.hash(range)) : ('missing' as const),
    )
    return { size: stat.size, hashes }
  } catch (thrown) {
    return { size: 0, hashes: ranges.map(() => faultOf(thrown)) }
  } finally {
    if (file !== null) closeSync(file)
  }
}
