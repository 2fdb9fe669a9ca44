import { rename } from 'node:fs/promises'
import { basename } from 'node:path'
import { messageOf } from '../../base/error.ts'

/** Moves a file that cannot be used out of the way, never deletes it. Says what became of it. */
export const setAside = async (path: string): Promise<string> => {
  const aside = `${path}.set-aside-${Date.now()}`
  return rename(path, aside).then(
    () => `now ${basename(aside)}`,
    (fault: unknown) => `it cannot be moved: ${messageOf(fault)}`,
  )
}
