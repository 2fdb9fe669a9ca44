import type { HearingFiles } from '../../controller/journal/verify/files.ts'
import { memoryFiles } from './memory-files.ts'

export interface Endless {
  /** The file that does not end. */
  path: string
  /** Fills it, over and over, behind what the folder has of it. */
  filler: string
  /** Where it does end, so that a test does. */
  bytes: number
  /** Hears of every read of it. */
  onRead: () => void
}

/** A folder in which one file goes on for as long as anybody reads it, and takes no room. */
export const endlessFiles = (
  folder: ReadonlyMap<string, Uint8Array>,
  { path, filler, bytes, onRead }: Endless,
): HearingFiles => {
  const files = memoryFiles(folder)
  const begin = folder.get(path) ?? new Uint8Array()
  const block = Buffer.alloc(64 * 1024, filler)
  return {
    ...files,
    read: async (wanted, offset, length) => {
      if (wanted !== path) return files.read(wanted, offset, length)
      onRead()
      if (offset < begin.length) return begin.subarray(offset, offset + length)
      return block.subarray(0, Math.max(0, Math.min(length, bytes - offset)))
    },
  }
}
