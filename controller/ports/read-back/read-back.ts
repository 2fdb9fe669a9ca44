/** Reads what was just recorded back from a disk, not from memory, and compares every fragment with its hash. */
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { messageOf } from '../../base/error.ts'
import type { FragmentEntry } from '../../journal/entry.ts'

const FORGET_MS = 10_000

/** The kernel keeps what was written; it is asked to forget it, so that the disk itself answers. Durable pages alone can be. */
const forgetCached = async (file: string): Promise<void> => {
  await promisify(execFile)('dd', [`if=${file}`, 'iflag=nocache', 'count=0'], { timeout: FORGET_MS }).catch(() => {})
}

/** What is wrong with these fragments in `folder`, exactly; empty when every byte is there. Never throws. */
export const readBack = async (
  folder: string,
  fragments: readonly Pick<FragmentEntry, 'file' | 'offset' | 'bytes' | 'sha256'>[],
): Promise<string[]> => {
  const wrong: string[] = []
  for (const path of new Set(fragments.map(({ file }) => file))) {
    const whole = join(folder, path)
    try {
      await forgetCached(whole)
      const file = await open(whole, 'r')
      try {
        for (const { offset, bytes, sha256 } of fragments.filter((one) => one.file === path)) {
          const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes), 0, bytes, offset)
          const found = createHash('sha256').update(buffer.subarray(0, bytesRead)).digest('hex')
          if (found !== sha256) wrong.push(`${path} bytes ${offset} to ${offset + bytes}: not what was written`)
        }
      } finally {
        await file.close()
      }
    } catch (fault) {
      wrong.push(`${path}: ${messageOf(fault)}`)
    }
  }
  return wrong
}
