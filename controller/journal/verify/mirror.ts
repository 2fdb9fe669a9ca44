import { JournalReader } from '../read.ts'
import { chunksOf, type Fault, type HearingFiles, isFault, JOURNAL_FILE, SPOILED_LINES_MOST } from './files.ts'
import type { Findings } from './finding.ts'
import type { Proof } from './proof.ts'

const BLOCK_BYTES = 256 * 1024

const firstUnequal = (one: Uint8Array, other: Uint8Array): number => {
  for (let i = 0; i < one.length; i++) if (one[i] !== other[i]) return i
  return -1
}

/** Place of the first byte that differs within the first `bytes` of the two journals; -1 when there is none. */
const firstDifference = async (here: HearingFiles, there: HearingFiles, bytes: number): Promise<number> => {
  for (let at = 0; at < bytes; at += BLOCK_BYTES) {
    const length = Math.min(BLOCK_BYTES, bytes - at)
    const [one, other] = await Promise.all([here.read(JOURNAL_FILE, at, length), there.read(JOURNAL_FILE, at, length)])
    if (isFault(one) || isFault(other)) return at
    const i = firstUnequal(one, other)
    if (i >= 0) return at + i
  }
  return -1
}

/** Whole bytes and entries of a journal, or why it cannot be read. */
const measure = async (files: HearingFiles, sha256: Proof['sha256']): Promise<JournalReader | Fault> => {
  const reader = new JournalReader(sha256)
  for await (const chunk of chunksOf(files, JOURNAL_FILE)) {
    if (isFault(chunk)) return chunk
    reader.push(chunk)
    if (reader.faults > SPOILED_LINES_MOST) break
  }
  return reader
}

/** Compares the journals of the two disks as far as both have whole lines. */
export const compareJournals = async (
  here: HearingFiles,
  there: HearingFiles,
  read: JournalReader,
  sha256: Proof['sha256'],
  found: Findings,
): Promise<void> => {
  const other = await measure(there, sha256)
  if (isFault(other)) {
    found.add('mirror-unreadable', { file: JOURNAL_FILE }, { detail: other.detail })
    return
  }
  const common = Math.min(read.wholeBytes, other.wholeBytes)
  const at = await firstDifference(here, there, common)
  const place = { file: JOURNAL_FILE, offset: at < 0 ? common : at }
  if (at >= 0) found.add('mirror-differs', place, {})
  else if (read.wholeBytes !== other.wholeBytes)
    found.add('mirror-shorter', place, {
      shorter: read.wholeBytes < other.wholeBytes ? 'this' : 'other',
      here: read.count,
      there: other.count,
    })
}
