import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { codeOf, VerbatimError } from '../../base/error.ts'
import { type JournalItem, JournalReader } from '../../journal/read.ts'
import { JOURNAL_FILE } from '../../journal/verify/files.ts'

export { JOURNAL_FILE }

const CHUNK_BYTES = 256 * 1024

/** Lower-case hex SHA-256, to be handed to journal readers and writers. */
export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/**
 * Reads the journal of a hearing folder from first line to last, torn tail included. Ask `reader` afterwards for head,
 * count and place.
 * Throws JOURNAL_MISSING when there is no journal, and what the file system throws (`EACCES`, `EIO`).
 */
export async function* readJournal(dir: string, reader = new JournalReader(sha256)): AsyncGenerator<JournalItem> {
  const path = join(dir, JOURNAL_FILE)
  const file = await open(path, 'r').catch((cause: unknown) => {
    if (codeOf(cause) === 'ENOENT' || codeOf(cause) === 'ENOTDIR')
      throw new VerbatimError('JOURNAL_MISSING', `${path} does not exist`, { cause })
    throw cause
  })
  try {
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES)
    while (true) {
      const { bytesRead } = await file.read(chunk, 0, chunk.length, null)
      if (bytesRead === 0) break
      yield* reader.push(chunk.subarray(0, bytesRead))
    }
    yield* reader.end()
  } finally {
    await file.close()
  }
}
