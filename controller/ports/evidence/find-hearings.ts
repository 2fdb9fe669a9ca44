import { type FileHandle, open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { onEachStore } from '../../base/each-store.ts'
import type { Entry } from '../../journal/entry.ts'
import { parseLine } from '../../journal/line.ts'
import { MAX_LINE_BYTES } from '../../journal/read.ts'
import type { RegisteredHearing } from '../../wire/clerk.ts'
import { JOURNAL_FILE } from './journal-file.ts'

/** The closing line is among the last: only late confirmations follow it. */
const END_BYTES = 1024 * 1024

const entriesIn = (bytes: Buffer): Entry[] =>
  bytes
    .toString('latin1')
    .split('\n')
    .flatMap((line) => {
      try {
        return [parseLine(Buffer.from(line, 'latin1'))]
      } catch {
        return []
      }
    })

const firstLine = async (file: FileHandle): Promise<Buffer> => {
  const parts: Buffer[] = []
  for (let at = 0; at < MAX_LINE_BYTES; at += 64 * 1024) {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(64 * 1024), 0, 64 * 1024, at)
    const part = buffer.subarray(0, bytesRead)
    const end = part.indexOf(10)
    parts.push(end < 0 ? part : part.subarray(0, end))
    if (end >= 0 || bytesRead === 0) break
  }
  return Buffer.concat(parts)
}

/** What the first and last lines of a folder's journal tell; null when the folder is no hearing. */
const hearingIn = async (folder: string): Promise<RegisteredHearing | null> => {
  const file = await open(join(folder, JOURNAL_FILE), 'r').catch(() => null)
  if (!file) return null
  try {
    const [opened] = entriesIn(await firstLine(file))
    if (opened?.kind !== 'hearing-opened') return null
    const { size } = await file.stat()
    const from = Math.max(0, size - END_BYTES)
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size - from), 0, size - from, from)
    const closed = entriesIn(buffer.subarray(0, bytesRead)).find(({ kind }) => kind === 'hearing-closed')
    const { id, room, utc: openedUtc } = opened
    return { id, case: opened.case, room, openedUtc, closedUtc: closed?.utc ?? null, state: closed ? 'closed' : 'open' }
  } catch {
    return null
  } finally {
    await file.close()
  }
}

const hearingsOn = async (store: string, alive: () => void): Promise<RegisteredHearing[]> => {
  const found: RegisteredHearing[] = []
  for (const item of await readdir(store, { withFileTypes: true })) {
    const hearing = item.isDirectory() ? await hearingIn(join(store, item.name)) : null
    if (hearing) found.push(hearing)
    alive()
  }
  return found
}

/**
 * The hearings in the folders of these stores, oldest first; one that lies on two stores is named once, and is closed
 * when either says so. A store that is not there, fails or hangs holds none.
 */
export const findHearings = async (storePaths: readonly string[]): Promise<RegisteredHearing[]> => {
  const hearings = new Map<string, RegisteredHearing>()
  for (const { value } of await onEachStore(storePaths, hearingsOn))
    for (const hearing of value) if (hearings.get(hearing.id)?.state !== 'closed') hearings.set(hearing.id, hearing)
  return [...hearings.values()].sort((a, b) => (a.openedUtc < b.openedUtc ? -1 : a.openedUtc > b.openedUtc ? 1 : 0))
}
