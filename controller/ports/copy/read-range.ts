import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import type { Range } from './sealed-ranges.ts'

export const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** What of the range is there. Throws what the file system throws. */
export const readRange = async (path: string, { offset, bytes }: Range): Promise<Buffer> => {
  const file = await open(path, 'r')
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes), 0, bytes, offset)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}
