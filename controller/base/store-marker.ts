/** How a store is told from the empty folder that is left when its disk is gone. */
import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { codeOf } from './error.ts'

/** Lies in the root of every store; only that it is there matters. */
export const STORE_MARKER = '.verbatim-store'

/** Throws `ENODEV` where the disk is not: what would be written there would grow on the disk beneath. */
export const requireStore = async (path: string): Promise<void> => {
  try {
    await access(join(path, STORE_MARKER))
  } catch (cause) {
    const code = codeOf(cause) === 'ENOENT' ? 'ENODEV' : codeOf(cause)
    throw Object.assign(new Error(`${path} holds no ${STORE_MARKER}: its disk is not there`, { cause }), { code })
  }
}
