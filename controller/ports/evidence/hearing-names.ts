/** By what names a witness knows a hearing: its id, and the keys of the devices that recorded it. */
import { VerbatimError } from '../../base/error.ts'
import { JournalReader } from '../../journal/read.ts'
import { chunksOf, isFault, JOURNAL_FILE } from '../../journal/verify/files.ts'
import { HearingFolder } from './hearing-folder.ts'
import { sha256 } from './journal-file.ts'

export interface HearingNames {
  hearing: string
  /** Lower-case hex SHA-256 of each public key. */
  keys: readonly string[]
}

/** A key is replaced once in years; a journal that names more of them was made to have somebody ask for ever. */
const MOST_KEYS = 8

/** Nothing of the journal is believed yet. Throws JOURNAL_MISSING, and JOURNAL_INVALID when it does not say. */
export const hearingNamesIn = async (dir: string): Promise<HearingNames> => {
  const reader = new JournalReader(sha256)
  const keys = new Set<string>()
  let hearing = ''
  for await (const chunk of chunksOf(new HearingFolder(dir, { threads: 0 }), JOURNAL_FILE)) {
    if (isFault(chunk))
      throw new VerbatimError(chunk.why === 'absent' ? 'JOURNAL_MISSING' : 'JOURNAL_INVALID', chunk.detail)
    for (const item of reader.push(chunk)) {
      if (item.is !== 'entry') continue
      if (item.entry.kind === 'hearing-opened') hearing ||= item.entry.id
      if (item.entry.kind === 'device' && keys.size < MOST_KEYS) keys.add(item.entry.key)
    }
  }
  if (hearing && keys.size) return { hearing, keys: [...keys] }
  const lacking = hearing ? 'which device recorded it' : 'the id of the hearing'
  throw new VerbatimError('JOURNAL_INVALID', `${dir}: the journal does not say ${lacking}, so no witness can be asked`)
}
