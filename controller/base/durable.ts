/** File operations that outlast a power cut. They throw what the system calls throw. */
import { randomUUID } from 'node:crypto'
import { type FileHandle, link, mkdir, open, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { codeOf } from './error.ts'

/** Makes creations and renames in a folder durable. */
export const syncFolder = async (path: string): Promise<void> => {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

/**
 * Makes a folder and its missing parents, each name durable in its parent. Not by `mkdir`'s `recursive`: where a disk
 * says ENOENT for a folder whose parent is there, Node 20 tries again for ever, with a thread of the pool.
 */
export const makeFolders = async (path: string): Promise<void> => {
  const made = await makeFolder(path).catch(async (fault: unknown) => {
    if (codeOf(fault) !== 'ENOENT' || dirname(path) === path) throw fault
    await makeFolders(dirname(path))
    return makeFolder(path)
  })
  if (made) await syncFolder(dirname(path))
}

/** False when it was there before. */
const makeFolder = async (path: string): Promise<boolean> => {
  try {
    await mkdir(path)
    return true
  } catch (fault) {
    if (codeOf(fault) === 'EEXIST') return false
    throw fault
  }
}

/** All of `bytes` at `offset`; a write may take less than it is given. */
export const writeAll = async (file: FileHandle, bytes: Uint8Array, offset: number): Promise<void> => {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, offset + done)
    done += bytesWritten
  }
}

/**
 * Makes a file that was not there, whole and durable, and never writes over another. False when there was one already;
 * of several who make it at once exactly one succeeds.
 * @param mode its rights, from the first byte on
 */
export const createFile = async (path: string, bytes: Uint8Array | string, mode: number): Promise<boolean> => {
  const next = `${path}.${randomUUID()}.new`
  try {
    const file = await open(next, 'wx', mode)
    try {
      await file.writeFile(bytes)
      await file.sync()
    } finally {
      await file.close()
    }
    return await link(next, path).then(
      () => true,
      (fault: unknown) => {
        if (codeOf(fault) === 'EEXIST') return false
        throw fault
      },
    )
  } finally {
    await rm(next, { force: true })
    await syncFolder(dirname(path))
  }
}
