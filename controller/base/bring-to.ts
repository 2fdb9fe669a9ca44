/** Brings a store's copy of a file to what another store has. */
import { constants } from 'node:fs'
import { type FileHandle, open, rename } from 'node:fs/promises'
import { writeAll } from './durable.ts'
import { codeOf } from './error.ts'

const CHUNK_BYTES = 1 << 20

/**
 * Makes `mine` hold the first `bytes` bytes of `other`, durably. A copy that only lacks its end gets the end; one that
 * differs is set aside, never deleted, and written anew. Returns the bytes copied. Throws what the file system throws.
 * @param mayCut false where others may be adding to the file: then nothing behind `bytes` is cut off
 */
export const bringTo = async (
  mine: string,
  other: string,
  bytes: number,
  { mayCut = true }: { mayCut?: boolean } = {},
): Promise<number> => {
  const from = await open(other, 'r')
  try {
    // Before anything is touched: a source that is shorter can only do harm.
    const { size } = await from.stat()
    if (size < bytes) throw new RangeError(`${other} ends at ${size} of ${bytes} bytes`)
    let same = await commonLength(mine, from, bytes)
    if (same < 0) {
      await rename(mine, `${mine}.damaged-${Date.now()}`)
      same = 0
    }
    const to = await open(mine, constants.O_RDWR | constants.O_CREAT)
    try {
      const { size: sizeBefore } = await to.stat()
      const chunk = Buffer.allocUnsafe(CHUNK_BYTES)
      for (let at = same; at < bytes; ) {
        const { bytesRead } = await from.read(chunk, 0, Math.min(chunk.length, bytes - at), at)
        if (!bytesRead) throw new RangeError(`${other} ends at ${at} of ${bytes} bytes`)
        await writeAll(to, chunk.subarray(0, bytesRead), at)
        at += bytesRead
      }
      // What a torn write left behind the end was never confirmed; what came meanwhile is being written by another.
      if (mayCut && sizeBefore > bytes) await to.truncate(bytes)
      await to.datasync()
    } finally {
      await to.close()
    }
    return bytes - same
  } finally {
    await from.close()
  }
}

/**
 * Whether the other file begins with all that `mine` holds. Throws what the file system throws.
 * @param alive called as the comparison goes on
 */
export const isBeginningOf = async (mine: string, other: string, alive: () => void = () => {}): Promise<boolean> => {
  const from = await open(other, 'r')
  try {
    return (await commonLength(mine, from, Number.POSITIVE_INFINITY, alive)) >= 0
  } finally {
    await from.close()
  }
}

/** How much of `mine`, up to `bytes`, is the same as in `from`; -1 when a byte differs. */
const commonLength = async (mine: string, from: FileHandle, bytes: number, alive = () => {}): Promise<number> => {
  let file: FileHandle
  try {
    file = await open(mine, 'r')
  } catch (fault) {
    if (codeOf(fault) === 'ENOENT') return 0
    throw fault
  }
  try {
    const [a, b] = [Buffer.allocUnsafe(CHUNK_BYTES), Buffer.allocUnsafe(CHUNK_BYTES)]
    let at = 0
    while (at < bytes) {
      const { bytesRead } = await file.read(a, 0, Math.min(a.length, bytes - at), at)
      if (!bytesRead) break
      const { bytesRead: there } = await from.read(b, 0, bytesRead, at)
      if (there !== bytesRead || a.compare(b, 0, there, 0, bytesRead) !== 0) return -1
      at += bytesRead
      alive()
    }
    return at
  } finally {
    await file.close()
  }
}
