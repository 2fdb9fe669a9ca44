/**
 * Completes a store from the other one while recording goes on (R12): every file that is missing or too short is
 * brought over, closed files first; files that both stores are being written to are left alone until they rest.
 */
import { readdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { bringTo } from '../../base/bring-to.ts'
import { makeFolders, syncFolder } from '../../base/durable.ts'
import { codeOf } from '../../base/error.ts'

/** A file that nobody has written to for so long is closed. */
const RESTS_MS = 5_000
const LOOK_AGAIN_MS = 1_000

export interface Rebuild {
  from: string
  to: string
  /** Files that others are bringing over, such as the open hearing's journal. */
  leaveAlone: (path: string) => boolean
  progress: (copiedBytes: number, path: string) => void
}

interface Found {
  size: number
  restsMs: number
}

const look = async (path: string): Promise<Found | null> => {
  try {
    const { size, mtimeMs } = await stat(path)
    return { size, restsMs: Date.now() - mtimeMs }
  } catch (fault) {
    if (codeOf(fault) === 'ENOENT') return null
    throw fault
  }
}

/** Resolves with the bytes copied once nothing is missing. Throws what the file systems throw. */
export const rebuildStore = async (rebuild: Rebuild): Promise<number> => {
  let copied = 0
  for (;;) {
    let waiting = false
    for (const path of await filesOf(rebuild.from)) {
      if (rebuild.leaveAlone(path)) continue
      const theirs = await look(join(rebuild.from, path))
      const ours = await look(join(rebuild.to, path))
      if (!theirs || (ours && ours.size >= theirs.size)) continue
      // Both are being written: the store joined before this file began.
      if (ours && ours.restsMs < RESTS_MS) {
        waiting ||= theirs.restsMs >= RESTS_MS
        continue
      }
      if (theirs.restsMs < RESTS_MS) {
        waiting = true
        continue
      }
      await makeFolders(dirname(join(rebuild.to, path)))
      copied += await bringTo(join(rebuild.to, path), join(rebuild.from, path), theirs.size)
      await syncFolder(dirname(join(rebuild.to, path)))
      rebuild.progress(copied, path)
    }
    if (!waiting) return copied
    await sleep(LOOK_AGAIN_MS)
  }
}

/** Files of every hearing folder, relative to the store, oldest hearing last: the newest is wanted first. */
const filesOf = async (store: string): Promise<string[]> => {
  const all = await readdir(store, { recursive: true, withFileTypes: true })
  return all
    .filter((item) => item.isFile() && !item.name.startsWith('.') && !item.name.includes('.damaged-'))
    .map((item) => join(item.parentPath, item.name).slice(store.length + 1))
    .filter((path) => path.includes('/'))
    .sort()
    .reverse()
}
