import { join } from 'node:path'
import { Manifest } from '../../journal/manifest.ts'
import { JournalReader } from '../../journal/read.ts'
import type { HearingSummary } from '../../journal/summary.ts'
import { SUMMARY_FILE } from './folder.ts'
import { readJournal, sha256 } from './journal-file.ts'

/** Folds the journal of a hearing folder. Faults in it are passed over: `checkHearing` names them. */
export const summariseHearing = async (dir: string): Promise<HearingSummary> => {
  const reader = new JournalReader(sha256)
  const manifest = new Manifest()
  for await (const item of readJournal(dir, reader)) if (item.is === 'entry') manifest.add(item.entry)
  return manifest.summary({ entries: reader.count, head: reader.head })
}

/**
 * Writes `hearing.json` from the journal. Throws JOURNAL_MISSING and what the file system throws.
 * @param replace puts the text in place durably, such as `replaceFile` of the settings port
 */
export const writeSummary = async (
  dir: string,
  replace: (path: string, text: string) => Promise<void>,
): Promise<HearingSummary> => {
  const summary = await summariseHearing(dir)
  await replace(join(dir, SUMMARY_FILE), `${JSON.stringify(summary, null, 2)}\n`)
  return summary
}
