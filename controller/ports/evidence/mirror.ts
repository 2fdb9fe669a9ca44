import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { messageOf } from '../../base/error.ts'
import { JournalReader } from '../../journal/read.ts'
import type { Findings } from './finding.ts'
import { JOURNAL_FILE, readJournal, sha256 } from './journal-file.ts'

const BLOCK_BYTES = 256 * 1024

/** Place of the first byte that differs within the first `bytes` of two files; -1 when there is none. */
const firstDifference = async (one: string, other: string, bytes: number): Promise<number> => {
  const [a, b] = await Promise.all([open(one, 'r'), open(other, 'r')])
  try {
    const [left, right] = [Buffer.allocUnsafe(BLOCK_BYTES), Buffer.allocUnsafe(BLOCK_BYTES)]
    for (let at = 0; at < bytes; at += BLOCK_BYTES) {
      const length = Math.min(BLOCK_BYTES, bytes - at)
      await Promise.all([a.read(left, 0, length, at), b.read(right, 0, length, at)])
      if (!left.subarray(0, length).equals(right.subarray(0, length))) {
        let i = 0
        while (left[i] === right[i]) i++
        return at + i
      }
    }
    return -1
  } finally {
    await Promise.all([a.close(), b.close()])
  }
}

/** Compares the journals of the two disks as far as both have whole lines. Adds findings; throws nothing. */
export const compareJournals = async (dir: string, mirror: string, read: JournalReader, found: Findings) => {
  const other = new JournalReader(sha256)
  try {
    for await (const _ of readJournal(mirror, other)); // only its end matters here
    const common = Math.min(read.wholeBytes, other.wholeBytes)
    const at = await firstDifference(join(dir, JOURNAL_FILE), join(mirror, JOURNAL_FILE), common)
    const place = { file: JOURNAL_FILE, offset: at < 0 ? common : at }
    if (at >= 0)
      found.add('mirror-differs', {
        ...place,
        clerk: 'The journals on the two disks tell different things: one of them was changed or spoiled.',
        engineer: `${dir} and ${mirror} differ at byte ${at} of ${JOURNAL_FILE}`,
      })
    else if (read.wholeBytes !== other.wholeBytes)
      found.add('mirror-shorter', {
        ...place,
        clerk: `The journal on ${read.wholeBytes < other.wholeBytes ? 'this' : 'the other'} disk ends earlier.`,
        engineer: `${read.count} entries in ${dir}, ${other.count} in ${mirror}; equal as far as both go`,
      })
  } catch (thrown) {
    found.add('mirror-unreadable', {
      file: JOURNAL_FILE,
      clerk: 'The other disk has no journal that can be read, so it was not compared.',
      engineer: messageOf(thrown),
    })
  }
}
