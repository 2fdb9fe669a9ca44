import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { codeOf, messageOf } from '../../base/error.ts'
import type { Fault } from '../../journal/verify/files.ts'

/** Links are not followed, and a pipe does not keep anybody waiting: a folder from a stranger may hold anything. */
export const PLAIN_READ = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK

/** Opens a plain file to read; throws what the system throws, or `NOT_A_FILE`. */
export const openPlain = async (path: string): Promise<{ file: FileHandle; size: number }> => {
  const file = await open(path, PLAIN_READ)
  const stat = await file.stat().catch(() => null)
  if (stat?.isFile()) return { file, size: stat.size }
  await file.close()
  throw Object.assign(new Error('not a plain file'), { code: 'NOT_A_FILE' })
}

/** What the verifier is told of a failed system call. */
export const faultOf = (thrown: unknown): Fault => {
  const code = codeOf(thrown)
  const absent = code === 'ENOENT' || code === 'ENOTDIR'
  const forbidden = code === 'EACCES' || code === 'EPERM'
  return { why: absent ? 'absent' : forbidden ? 'forbidden' : 'unreadable', code, detail: messageOf(thrown) }
}
