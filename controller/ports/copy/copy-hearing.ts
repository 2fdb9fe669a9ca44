/**
 * A copy of a hearing for the parties: the journal, the receipts, and the media without what is sealed. Every sealed
 * fragment gives way to an empty box of its length, so that all others stand where the journal says (journal/README.md).
 */
import { type FileHandle, mkdir, open, readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { makeFolders, syncFolder, writeAll } from '../../base/durable.ts'
import { codeOf, VerbatimError } from '../../base/error.ts'
import { writeEmptyBox } from './empty-box.ts'
import { openSealed } from './open-sealed.ts'
import { bySeal, type ListedFile, listHearing, lockedPath, type Range } from './sealed-ranges.ts'

export interface CopyOptions {
  from: string
  /** Must not exist yet, or be empty. */
  to: string
  /** For the court alone: the sealed portions too, as they lie there. */
  withSealed: boolean
  /** The court's private keys: what was locked away is opened and put back in its place. */
  courtKeys?: readonly string[]
  /** Bytes copied so far, and in all. */
  onProgress?: (done: number, total: number) => void
}

export interface CopiedHearing {
  files: number
  bytes: number
  /** Names of the seals whose portions were left out. */
  leftOut: string[]
  sealedFragments: number
}

const CHUNK_BYTES = 1 << 20
/** Beside the media. The index proves nothing, and what the journal does not list is no part of the hearing. */
const BESIDE = ['journal.ndjson', 'hearing.json', 'receipts.ndjson']

/** Throws JOURNAL_MISSING, JOURNAL_INVALID when the journal is damaged, REFUSED when `to` holds something, SEALED_UNREADABLE, and what the file systems throw. */
export const copyHearing = async (options: CopyOptions): Promise<CopiedHearing> => {
  const { from, to, withSealed, courtKeys = [] } = options
  const { seals, files, locked } = await listHearing(from)
  await mustBeFree(to)
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0)
  const copied: CopiedHearing = {
    files: 0,
    bytes: 0,
    leftOut: withSealed ? [] : seals.map(({ seal }) => seal),
    sealedFragments: 0,
  }
  const progress = (bytes: number) => {
    copied.bytes += bytes
    options.onProgress?.(copied.bytes, total)
  }
  const beside = withSealed ? [...BESIDE, ...locked.keys()] : BESIDE
  for (const name of beside) if (await copyBeside(join(from, name), join(to, name))) copied.files++
  for (const file of files) {
    const sealed = withSealed ? [] : file.sealed
    if (!(await copyMedia(from, to, { ...file, sealed }, progress))) continue
    copied.files++
    copied.sealedFragments += sealed.length
    for (const [seal, ranges] of bySeal(file.sealed))
      if (courtKeys.length && locked.has(lockedPath(seal, file.path)))
        await putBack(join(to, file.path), openSealed(from, file.path, ranges, courtKeys), ranges)
  }
  return copied
}

const mustBeFree = async (to: string): Promise<void> => {
  await mkdir(to, { recursive: true })
  if ((await readdir(to)).length) throw new VerbatimError('REFUSED', `${to} is not empty; a copy wants a new folder.`)
}

/** Null where there is no such file: a copy of a damaged hearing is a copy all the same, and the check names what lacks. */
const openSource = (path: string): Promise<FileHandle | null> =>
  open(path, 'r').catch((fault: unknown) => {
    if (codeOf(fault) === 'ENOENT') return null
    throw fault
  })

const copyBeside = async (from: string, to: string): Promise<boolean> => {
  const source = await openSource(from)
  if (!source) return false
  try {
    const { size } = await source.stat()
    await writeNew(to, (target) => copyBytes(source, target, { offset: 0, bytes: size }, () => {}))
    return true
  } finally {
    await source.close()
  }
}

const copyMedia = async (
  from: string,
  to: string,
  { path, bytes, sealed }: ListedFile,
  progress: (bytes: number) => void,
): Promise<boolean> => {
  const source = await openSource(join(from, path))
  if (!source) return false
  try {
    await writeNew(join(to, path), async (target) => {
      let at = 0
      for (const range of [...sealed, { offset: bytes, bytes: 0 } as Range]) {
        await copyBytes(source, target, { offset: at, bytes: range.offset - at }, progress)
        if (range.bytes) await writeEmptyBox(source, target, range)
        at = range.offset + range.bytes
      }
    })
    return true
  } finally {
    await source.close()
  }
}

/** What was taken out when it was locked away. */
const putBack = async (path: string, plain: AsyncIterable<Buffer>, ranges: readonly Range[]): Promise<void> => {
  const file = await open(path, 'r+')
  try {
    let next = 0
    for await (const fragment of plain) await writeAll(file, fragment, ranges[next++]!.offset)
    await file.datasync()
  } finally {
    await file.close()
  }
}

const writeNew = async (path: string, fill: (target: FileHandle) => Promise<void>): Promise<void> => {
  await makeFolders(dirname(path))
  const target = await open(path, 'wx')
  try {
    await fill(target)
    await target.datasync()
  } finally {
    await target.close()
  }
  await syncFolder(dirname(path))
}

/** A source that ends early gives a copy that ends early. */
const copyBytes = async (
  source: FileHandle,
  target: FileHandle,
  { offset, bytes }: Range,
  progress: (bytes: number) => void,
): Promise<void> => {
  const chunk = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, Math.max(1, bytes)))
  for (let done = 0; done < bytes; ) {
    const { bytesRead } = await source.read(chunk, 0, Math.min(chunk.length, bytes - done), offset + done)
    if (!bytesRead) return
    await writeAll(target, chunk.subarray(0, bytesRead), offset + done)
    done += bytesRead
    progress(bytesRead)
  }
}
