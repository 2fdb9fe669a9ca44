import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { join } from 'node:path'
import { codeOf } from '../../base/error.ts'
import type { FragmentEntry } from '../../journal/entry.ts'

const WINDOW_BYTES = 1024 * 1024

/** How a listed fragment fails to stand on this disk; with the error's code where the disk would not give it. */
export type BadState = { is: 'damaged' } | { is: 'missing' } | { is: 'unreadable'; code: string }
export type FragmentState = { is: 'whole' } | BadState

/** Reads forward through a file in large blocks, so that small fragments cost no system call each. */
class Forward {
  readonly #window = Buffer.allocUnsafe(WINDOW_BYTES)
  #from = 0
  #filled = 0

  constructor(
    private readonly file: FileHandle,
    private readonly onBytes: (bytes: number) => void,
  ) {}

  /** SHA-256 of a range, or null when the file ends within it. */
  async hash(offset: number, bytes: number): Promise<string | null> {
    const hash = createHash('sha256')
    let at = offset
    while (at < offset + bytes) {
      if (at < this.#from || at >= this.#from + this.#filled) {
        const { bytesRead } = await this.file.read(this.#window, 0, WINDOW_BYTES, at)
        if (bytesRead === 0) return null
        this.#from = at
        this.#filled = bytesRead
        this.onBytes(bytesRead)
      }
      const end = Math.min(this.#filled, offset + bytes - this.#from)
      hash.update(this.#window.subarray(at - this.#from, end))
      at = this.#from + end
    }
    return hash.digest('hex')
  }
}

const openPlain = async (path: string): Promise<{ file: FileHandle; size: number }> => {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  const stat = await file.stat().catch(() => null)
  if (stat?.isFile()) return { file, size: stat.size }
  await file.close()
  throw Object.assign(new Error('not a plain file'), { code: 'NOT_A_FILE' })
}

export type FragmentPlace = Pick<FragmentEntry, 'offset' | 'bytes' | 'sha256'>

/**
 * Compares fragments of one segment file with its bytes, in the order given; `size` is 0 for a file that is not there.
 * Never throws: a file that cannot be read is a result. Links are not followed and only plain files opened, for a
 * folder from a stranger may hold anything.
 */
export const checkFragments = async (
  dir: string,
  path: string,
  fragments: readonly FragmentPlace[],
  onBytes: (bytes: number) => void = () => {},
): Promise<{ size: number; states: FragmentState[] }> => {
  let opened: { file: FileHandle; size: number }
  try {
    opened = await openPlain(join(dir, path))
  } catch (thrown) {
    const code = codeOf(thrown)
    const absent = code === 'ENOENT' || code === 'ENOTDIR'
    return { size: 0, states: fragments.map(() => (absent ? { is: 'missing' } : { is: 'unreadable', code })) }
  }
  const { file, size } = opened
  try {
    const forward = new Forward(file, onBytes)
    const states: FragmentState[] = []
    for (const { offset, bytes, sha256 } of fragments) {
      try {
        const found = offset + bytes <= size ? await forward.hash(offset, bytes) : null
        states.push({ is: found === null ? 'missing' : found === sha256 ? 'whole' : 'damaged' })
      } catch (thrown) {
        states.push({ is: 'unreadable', code: codeOf(thrown) })
      }
    }
    return { size, states }
  } finally {
    await file.close()
  }
}
