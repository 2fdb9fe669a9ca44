/** Files encrypted to the court's key (age-encryption.org/v1), the same on every disk, and whole before they have their name. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { copyFile, open, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Encrypter } from 'age-encryption'
import { makeFolders, syncFolder, writeAll } from '../../base/durable.ts'
import { codeOf, VerbatimError } from '../../base/error.ts'

export interface EncryptedFile {
  bytes: number
  sha256: string
}

/**
 * Encrypts `plain` into `path` below each folder; another file of that name gives way. Throws what `plain` and the disks
 * throw, STORE_UNUSABLE when a disk gives back other bytes: then no file has changed.
 */
export const encryptTo = async (
  recipient: string,
  plain: AsyncIterable<Uint8Array>,
  dirs: readonly string[],
  path: string,
): Promise<EncryptedFile> => {
  const [first = '', ...others] = dirs.map((dir) => join(dir, path))
  const encrypter = new Encrypter()
  encrypter.addRecipient(recipient)
  try {
    const made = await writeStream(`${first}.new`, await encrypter.encrypt(ReadableStream.from(plain)))
    await mustBe(`${first}.new`, made)
    for (const other of others) await bring(`${first}.new`, other, made)
    for (const one of [first, ...others]) await giveName(one)
    return made
  } catch (fault) {
    // A disk that is full is not kept full by what nobody will finish.
    for (const one of [first, ...others]) await rm(`${one}.new`, { force: true }).catch(() => {})
    throw fault
  }
}

/** Makes `to` the same as `from`, which has this hash. Throws what the disks throw, STORE_UNUSABLE as above. */
export const copyEncrypted = async (from: string, to: string, file: EncryptedFile): Promise<void> => {
  await bring(from, to, file)
  await giveName(to)
}

/** Whether the file is there as it was made. Throws what the disk throws. */
export const isWhole = async (path: string, { bytes, sha256 }: EncryptedFile): Promise<boolean> => {
  const hash = createHash('sha256')
  let size = 0
  try {
    for await (const chunk of createReadStream(path)) {
      hash.update(chunk as Buffer)
      size += (chunk as Buffer).length
    }
  } catch (fault) {
    // A part that cannot be read is a part that is not there.
    if (codeOf(fault) === 'ENOENT' || codeOf(fault) === 'EIO') return false
    throw fault
  }
  return size === bytes && hash.digest('hex') === sha256
}

const writeStream = async (path: string, stream: AsyncIterable<Uint8Array>): Promise<EncryptedFile> => {
  const hash = createHash('sha256')
  await makeFolders(dirname(path))
  const file = await open(path, 'w')
  let bytes = 0
  try {
    for await (const chunk of stream) {
      await writeAll(file, chunk, bytes)
      hash.update(chunk)
      bytes += chunk.length
    }
    await file.sync()
  } finally {
    await file.close()
  }
  return { bytes, sha256: hash.digest('hex') }
}

const bring = async (from: string, to: string, file: EncryptedFile): Promise<void> => {
  await makeFolders(dirname(to))
  await copyFile(from, `${to}.new`)
  const handle = await open(`${to}.new`, 'r+')
  await handle.sync().finally(() => handle.close())
  await mustBe(`${to}.new`, file)
}

/** Read back: what it was made from is about to go. */
const mustBe = async (path: string, file: EncryptedFile): Promise<void> => {
  if (!(await isWhole(path, file))) throw new VerbatimError('STORE_UNUSABLE', `${path} reads back otherwise`)
}

const giveName = async (path: string): Promise<void> => {
  await rename(`${path}.new`, path)
  await syncFolder(dirname(path))
}
