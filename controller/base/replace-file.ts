import { link, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { syncFolder } from './durable.ts'
import { codeOf } from './error.ts'

/** What stands beside a file that is replaced: the next content being written, and the content before. */
export const asideOf = (path: string) => ({ next: `${path}.new`, previous: `${path}.previous` })

const keepPrevious = async (path: string, previous: string): Promise<void> => {
  try {
    await rm(previous, { force: true })
    await link(path, previous)
  } catch (thrown) {
    if (codeOf(thrown) === 'ENOENT') return
    // FAT and some network file systems have no links: for an instant only `.previous` and `.new` exist there.
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes(codeOf(thrown))) throw thrown
    await rename(path, previous)
  }
}

/**
 * Replaces a file so that a power cut at any instant leaves the old content or the new, whole. The old content stays
 * as `.previous`. Throws what the system calls throw; the old file is then still there.
 * Calls for the same path must not overlap.
 * @param mode its rights, less what the process withholds, unless it is given
 */
export const replaceFile = async (path: string, bytes: Uint8Array | string, mode = 0o666): Promise<void> => {
  const { next, previous } = asideOf(path)
  const file = await open(next, 'w', mode)
  try {
    // What a cut left there may have other rights.
    if (mode !== 0o666) await file.chmod(mode)
    await file.writeFile(bytes)
    await file.sync()
  } finally {
    await file.close()
  }
  await keepPrevious(path, previous)
  await rename(next, path)
  await syncFolder(dirname(path))
}
