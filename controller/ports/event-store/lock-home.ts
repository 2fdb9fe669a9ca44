/** One hub a home: a lock that the kernel lets go of with the process, however that ends. */
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { makeFolders } from '../../base/durable.ts'
import { codeOf, VerbatimError } from '../../base/error.ts'

/** @returns lets go. Throws HUB_RUNNING. */
export const lockHome = async (home: string): Promise<() => void> => {
  await makeFolders(home)
  const db = new Database(join(home, 'lock.sqlite'), { timeout: 0 })
  try {
    db.exec('BEGIN EXCLUSIVE')
  } catch (cause) {
    db.close()
    if (!codeOf(cause).startsWith('SQLITE_BUSY')) throw cause
    throw new VerbatimError('HUB_RUNNING', `another hub already runs with ${home}`, { cause })
  }
  return () => db.close()
}
