import { join } from 'node:path'
import { onEachStore } from '../../base/each-store.ts'
import { Manifest } from '../../journal/manifest.ts'
import { JournalReader } from '../../journal/read.ts'
import type { HearingSummary } from '../../journal/summary.ts'
import { SUMMARY_FILE } from './folder.ts'
import { readJournal, sha256 } from './journal-file.ts'

/**
 * Folds the journal of a hearing folder. Faults in it are passed over: `checkHearing` names them. Throws
 * JOURNAL_MISSING and what the file system throws.
 */
export const summariseHearing = async (dir: string, alive: () => void = () => {}): Promise<HearingSummary> => {
  const reader = new JournalReader(sha256)
  const manifest = new Manifest()
  for await (const item of readJournal(dir, reader)) {
    alive()
    if (item.is === 'entry') manifest.add(item.entry)
  }
  return manifest.summary({ entries: reader.count, head: reader.head })
}

/**
 * Writes `hearing.json` to each of a hearing's folders, from the first journal that can be read: it is derived, and hours
 * of a hearing are not folded twice. Resolves with how many folders have it; never rejects.
 * @param dirs the hearing's folder on each store
 * @param replace puts the text in place durably, such as `replaceFile` of the settings port
 */
export const writeSummary = async (
  dirs: readonly string[],
  replace: (path: string, text: string) => Promise<void>,
): Promise<number> => {
  for (const from of dirs) {
    const [read] = await onEachStore([from], summariseHearing)
    if (!read) continue
    const text = `${JSON.stringify(read.value, null, 2)}\n`
    return (await onEachStore(dirs, (dir) => replace(join(dir, SUMMARY_FILE), text))).length
  }
  return 0
}
