/**
 * Where the court has a key of its own: what is sealed in the original is encrypted to it, and gives way to empty boxes
 * once the journal tells of the encrypted files under a signature (journal/README.md, Seals). Nobody at the recorder
 * can look at it any more; the court can, and can prove that it is what was recorded. May be cut off at any instant and
 * begun again: nothing goes before what replaces it stands on every disk.
 */
import { type FileHandle, open } from 'node:fs/promises'
import { join } from 'node:path'
import { codeOf, messageOf, VerbatimError } from '../../base/error.ts'
import type { LockedEntry } from '../../journal/entry.ts'
import { isEmptied, writeEmptyBox } from './empty-box.ts'
import { copyEncrypted, encryptTo, isWhole } from './encrypted-file.ts'
import { lockSetAside } from './lock-set-aside.ts'
import { readRange, sha256Of } from './read-range.ts'
import { bySeal, type ListedFile, listHearing, lockedPath, type SealedRange } from './sealed-ranges.ts'

export interface LockJob {
  /** The hearing's folder on every store; the first has the longest journal. */
  dirs: readonly string[]
  /** The court's public key, `age1...`; null when there is none any more, and what is locked is only looked after. */
  courtKey: string | null
  /** The last line of the journal that a good signature covers. */
  upto: number
}

export interface LockResult {
  /** Encrypted files that stand on every store now, to be told in the journal; only then they count. */
  made: LockedEntry[]
  /** Fragments that were taken out of the media, on any store. */
  emptied: number
  /** What could not be locked away, and why, for the engineer. */
  faults: string[]
}

/** Throws JOURNAL_MISSING, JOURNAL_INVALID, REFUSED when the hearing is open, and what the file system throws. */
export const lockAway = async (job: LockJob): Promise<LockResult> => {
  const { files, locked, closed } = await listHearing(job.dirs[0]!, job.upto)
  if (!closed) throw new VerbatimError('REFUSED', 'the hearing is open: its media is being written')
  const result: LockResult = { made: [], emptied: 0, faults: [] }
  // One file that cannot be locked away leaves no other in the open.
  for (const file of files)
    for (const [seal, ranges] of bySeal(file.sealed))
      await lockPart(job, file, seal, ranges, locked.get(lockedPath(seal, file.path)), result).catch((fault: unknown) =>
        result.faults.push(`${file.path}, ${seal}: ${messageOf(fault)}`),
      )
  return result
}

const lockPart = async (
  { dirs, courtKey, upto }: LockJob,
  file: ListedFile,
  seal: string,
  ranges: readonly SealedRange[],
  told: (LockedEntry & { line: number }) | undefined,
  result: LockResult,
): Promise<void> => {
  if (told && told.line > upto) throw new VerbatimError('REFUSED', `line ${told.line} is not signed`)
  if (told && (await standsEverywhere(dirs, told))) {
    for (const dir of dirs) {
      result.emptied += await empty(join(dir, file.path), file, ranges)
      await lockSetAside(dir, file.path, told.recipient)
    }
    return
  }
  if (!courtKey) {
    if (told) throw new VerbatimError('STORE_UNUSABLE', `${told.file} is whole on no store`)
    return
  }
  const path = lockedPath(seal, file.path)
  const made = await encryptTo(courtKey, plainOf(dirs, file.path, ranges), dirs, path)
  result.made.push({ seal, file: path, ...made, recipient: courtKey })
}

/** A store that lost its encrypted file, or spoiled it, is given the other's. False when none has it. */
const standsEverywhere = async (dirs: readonly string[], told: LockedEntry): Promise<boolean> => {
  const stands = await Promise.all(dirs.map((dir) => isWhole(join(dir, told.file), told)))
  const from = dirs.find((_, i) => stands[i])
  if (from === undefined) return false
  for (const [i, dir] of dirs.entries())
    if (!stands[i]) await copyEncrypted(join(from, told.file), join(dir, told.file), told)
  return true
}

/** The ranges as they were recorded, each from whichever store has it so. */
async function* plainOf(dirs: readonly string[], path: string, ranges: readonly SealedRange[]): AsyncGenerator<Buffer> {
  for (const range of ranges) {
    const whole = await wholeRange(dirs, path, range)
    if (!whole) throw new VerbatimError('STORE_UNUSABLE', `bytes from ${range.offset} on are whole on no store`)
    yield whole
  }
}

const wholeRange = async (dirs: readonly string[], path: string, range: SealedRange): Promise<Buffer | null> => {
  for (const dir of dirs) {
    const bytes = await readRange(join(dir, path), range).catch(() => null)
    if (bytes && sha256Of(bytes) === range.sha256) return bytes
  }
  return null
}

/** How many ranges were emptied now. A file that is not there holds nothing. */
const empty = async (path: string, file: ListedFile, ranges: readonly SealedRange[]): Promise<number> => {
  const handle = await open(path, 'r+').catch((fault: unknown) => {
    if (codeOf(fault) === 'ENOENT') return null
    throw fault
  })
  if (!handle) return 0
  try {
    let emptied = 0
    for (const range of ranges) {
      if (await isEmptied(handle, range)) continue
      await writeEmptyBox(handle, handle, range)
      emptied++
    }
    const last = ranges.at(-1)!
    if (last.offset + last.bytes === file.bytes) await clearTail(handle, file.bytes)
    await handle.datasync()
    for (const range of ranges)
      if (!(await isEmptied(handle, range))) throw new VerbatimError('STORE_UNUSABLE', `${path} reads back otherwise`)
    return emptied
  } finally {
    await handle.close()
  }
}

/** What an interruption tore off behind a sealed fragment was about to be one. */
const clearTail = async (handle: FileHandle, from: number): Promise<void> => {
  const { size } = await handle.stat()
  if (size > from) await handle.write(Buffer.alloc(size - from), 0, size - from, from)
}
