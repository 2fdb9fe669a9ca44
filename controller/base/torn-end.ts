/** The end of a file of lines that a cut-off write left without a line feed: it was never confirmed. */
import { open, stat, truncate } from 'node:fs/promises'

/** Cuts it off; resolves with its length, 0 where there was none. Throws what the file system throws. */
export const cutTornEnd = async (path: string): Promise<number> => {
  const { size } = await stat(path)
  const bytes = await bytesAfterLastLine(path, size)
  if (bytes) await truncate(path, size - bytes)
  return bytes
}

const bytesAfterLastLine = async (path: string, size: number): Promise<number> => {
  const file = await open(path, 'r')
  try {
    const chunk = Buffer.alloc(64 << 10)
    for (let end = size; end > 0; ) {
      const from = Math.max(0, end - chunk.length)
      const { bytesRead } = await file.read(chunk, 0, end - from, from)
      const lineFeed = chunk.subarray(0, bytesRead).lastIndexOf(10)
      if (lineFeed >= 0) return size - (from + lineFeed + 1)
      end = from
    }
    return size
  } finally {
    await file.close()
  }
}
