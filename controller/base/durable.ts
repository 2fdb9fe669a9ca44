/** File operations that outlast a power cut. They throw what the system calls throw. */
import { type FileHandle, mkdir, open } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Makes creations and renames in a folder durable. */
export const syncFolder = async (path: string): Promise<void> => {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

/** Makes a folder and its missing parents, names included. */
export const makeFolders = async (path: string): Promise<void> => {
  const first = await mkdir(path, { recursive: true })
  if (first) await syncFolder(dirname(first))
}

/** All of `bytes` at `offset`; a write may take less than it is given. */
export const writeAll = async (file: FileHandle, bytes: Uint8Array, offset: number): Promise<void> => {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, offset + done)
    done += bytesWritten
  }
}
