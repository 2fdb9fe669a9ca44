import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { RECEIPTS_FILE } from '../../journal/verify/files.ts'
import { JOURNAL_FILE } from './journal-file.ts'

/** The hearing in short, derived from the journal. */
export const SUMMARY_FILE = 'hearing.json'

/** Files the recorder itself puts beside the segments: its journal, receipts, the summary, and each worker's index. */
const OWN = [JOURNAL_FILE, RECEIPTS_FILE, ...['', '.new', '.previous'].map((end) => SUMMARY_FILE + end)]
const isOwn = (path: string): boolean => OWN.includes(path) || /^index\/[^/]+\.ndjson$/.test(path)

/**
 * Every file below a hearing folder except the recorder's own, with its size in bytes; links are listed, not followed.
 * A folder that cannot be read counts as empty.
 */
export const filesIn = async (dir: string): Promise<Map<string, number>> => {
  const files = new Map<string, number>()
  const walk = async (below: string): Promise<void> => {
    const found = await readdir(join(dir, below), { withFileTypes: true }).catch(() => [])
    for (const item of found) {
      const path = below ? `${below}/${item.name}` : item.name
      if (item.isDirectory()) await walk(path)
      else if (!isOwn(path)) files.set(path, (await lstat(join(dir, path)).catch(() => null))?.size ?? 0)
    }
  }
  await walk('')
  return files
}
