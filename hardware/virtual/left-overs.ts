/** Folders in which something is being made carry their maker's process number: of a dead one nothing will come. */
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { codeOf } from '../../controller/base/error.ts'

/** A new folder beside `path`, for what shall take its place. */
export const makeAside = (path: string): Promise<string> => mkdtemp(`${path}.making-${process.pid}-`)

/** Removes what makers that were killed left in `dir`. */
export const removeLeftOvers = async (dir: string): Promise<void> => {
  for (const name of await readdir(dir)) {
    const pid = /\.making-(\d+)-\w+$/.exec(name)?.[1]
    if (pid && !isAlive(Number(pid))) await rm(join(dir, name), { recursive: true, force: true })
  }
}

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch (fault) {
    // EPERM: it lives, and is another's.
    return codeOf(fault) !== 'ESRCH'
  }
}
