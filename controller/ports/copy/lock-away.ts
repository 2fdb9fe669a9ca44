/**
 * Where the court has a key of its own: what is sealed in the original is encrypted to it (age-encryption.org/v1), and
 * only then gives way to empty boxes. Nobody at the recorder can look at it any more; the court can, and can prove that
 * it is what was recorded, for the journal has its hashes.
 */
import { createHash } from 'node:crypto'
import { type FileHandle, open, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Encrypter } from 'age-encryption'
import { makeFolders, syncFolder } from '../../base/durable.ts'
import { onEachStore } from '../../base/each-store.ts'
import { codeOf, VerbatimError } from '../../base/error.ts'
import { writeEmptyBox } from './empty-box.ts'
import { type ListedFile, listHearing, type SealedRange } from './sealed-ranges.ts'

export interface LockAwayOptions {
  /** The hearing's folder on each store. */
  dirs: readonly string[]
  /** The court's public key, `age1...`. */
  courtKey: string
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** Where the encrypted fragments of a segment file lie: one after another, in the order of the journal. */
export const lockedFile = (seal: string, segment: string): string => `sealed/${seal}/${segment}.age`

/**
 * Resolves with the number of fragments that were locked away; those that are already, are left. Throws STORE_UNUSABLE
 * when a store cannot take the encrypted copy or a fragment is whole nowhere: then nothing of that file is emptied.
 */
export const lockAway = async ({ dirs, courtKey }: LockAwayOptions): Promise<number> => {
  const [listed] = (await onEachStore(dirs, listHearing)).sort((a, b) => sizeOf(b.value.files) - sizeOf(a.value.files))
  if (!listed) throw new VerbatimError('JOURNAL_MISSING', `no store holds ${dirs.join(' or ')}`)
  let locked = 0
  let fault: unknown = null
  for (const file of listed.value.files)
    for (const [seal, ranges] of bySeal(file.sealed))
      await lockFile(dirs, courtKey, file.path, seal, ranges).then(
        (count) => {
          locked += count
        },
        (thrown: unknown) => {
          fault = thrown
        },
      )
  // One file that cannot be locked away leaves no other in the open.
  if (fault) throw fault
  return locked
}

const sizeOf = (files: readonly ListedFile[]): number => files.reduce((sum, { bytes }) => sum + bytes, 0)

const bySeal = (ranges: readonly SealedRange[]): Map<string, SealedRange[]> => {
  const groups = new Map<string, SealedRange[]>()
  for (const range of ranges) groups.set(range.seal, [...(groups.get(range.seal) ?? []), range])
  return groups
}

const lockFile = async (
  dirs: readonly string[],
  courtKey: string,
  path: string,
  seal: string,
  ranges: readonly SealedRange[],
): Promise<number> => {
  const plain = await Promise.all(ranges.map((range) => readWhole(dirs, path, range)))
  if (plain.every((bytes) => bytes === null)) return 0
  if (plain.includes(null))
    throw new VerbatimError('STORE_UNUSABLE', `${path}: a part of what ${seal} seals is whole on no store`)
  const encrypter = new Encrypter()
  encrypter.addRecipient(courtKey)
  const encrypted = await encrypter.encrypt(Buffer.concat(plain as Buffer[]))
  const name = lockedFile(seal, path)
  const taken = await onEachStore(dirs, (dir) => store(join(dir, name), encrypted))
  if (taken.length < dirs.length) throw new VerbatimError('STORE_UNUSABLE', `${name} could not be written everywhere`)
  await onEachStore(dirs, (dir) => empty(join(dir, path), ranges))
  return ranges.length
}

/** A range as it was recorded, from whichever store has it so. */
const readWhole = async (dirs: readonly string[], path: string, range: SealedRange): Promise<Buffer | null> => {
  for (const { value } of await onEachStore(dirs, (dir) => readRange(join(dir, path), range)))
    if (sha256(value) === range.sha256) return value
  return null
}

const readRange = async (path: string, { offset, bytes }: SealedRange): Promise<Buffer> => {
  const file = await open(path, 'r')
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes), 0, bytes, offset)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

/** Durable, and read back: the plain bytes are about to go. One of an earlier attempt that was cut off is replaced. */
const store = async (path: string, bytes: Uint8Array): Promise<void> => {
  await makeFolders(dirname(path))
  const file = await open(path, 'w')
  try {
    await file.writeFile(bytes)
    await file.sync()
  } finally {
    await file.close()
  }
  await syncFolder(dirname(path))
  if (sha256(await readFile(path)) !== sha256(bytes))
    throw new VerbatimError('STORE_UNUSABLE', `${path} reads back otherwise`)
}

const empty = async (path: string, ranges: readonly SealedRange[]): Promise<void> => {
  const file: FileHandle | null = await open(path, 'r+').catch((fault: unknown) => {
    if (codeOf(fault) === 'ENOENT') return null
    throw fault
  })
  if (!file) return
  try {
    for (const range of ranges) await writeEmptyBox(file, file, range)
    await file.datasync()
  } finally {
    await file.close()
  }
}
