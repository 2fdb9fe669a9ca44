/** Which bytes of a hearing's segment files are sealed, by its journal. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { codeOf, messageOf, VerbatimError } from '../../base/error.ts'
import type { Entry, FragmentEntry, LockedEntry, SealedPortion } from '../../journal/entry.ts'
import { JournalReader } from '../../journal/read.ts'

export interface Range {
  offset: number
  bytes: number
}

export interface SealedRange extends Range {
  sha256: string
  /** Name of the first seal that covers it. */
  seal: string
}

/** A segment file as the journal lists it. */
export interface ListedFile {
  path: string
  /** End of the last fragment: what lies behind it is no part of the hearing. */
  bytes: number
  /** In order. */
  sealed: SealedRange[]
}

export interface ListedHearing {
  closed: boolean
  seals: SealedPortion[]
  files: ListedFile[]
  /** By the path of the encrypted file. */
  locked: Map<string, LockedEntry & { line: number }>
}

/**
 * Reads the journal twice: a seal may stand long after the fragments it is about. Throws JOURNAL_MISSING, JOURNAL_INVALID
 * and what the file system throws.
 * @param upto the last line whose seals count
 */
export const listHearing = async (dir: string, upto = Number.POSITIVE_INFINITY): Promise<ListedHearing> => {
  const listed: ListedHearing = { closed: false, seals: [], files: [], locked: new Map() }
  await eachEntry(dir, (entry) => {
    if (entry.kind === 'hearing-closed') listed.closed = true
    if (entry.kind === 'seal' && entry.n <= upto) listed.seals.push(entry)
    if (entry.kind === 'locked') listed.locked.set(entry.file, { ...entry, line: entry.n })
  })
  const files = new Map<string, ListedFile>()
  await eachEntry(dir, (entry) => {
    if (entry.kind === 'fragments' || entry.kind === 'found')
      for (const fragment of entry.fragments) list(files, fragment, listed.seals)
  })
  return { ...listed, files: [...files.values()] }
}

/** By the seal that covers them, in order. */
export const bySeal = (ranges: readonly SealedRange[]): Map<string, SealedRange[]> => {
  const groups = new Map<string, SealedRange[]>()
  for (const range of ranges) groups.set(range.seal, [...(groups.get(range.seal) ?? []), range])
  return groups
}

/** Where what a seal covers of a segment file lies encrypted (journal/README.md, Seals). */
export const lockedPath = (seal: string, segment: string): string => `sealed/${seal}/${segment}.age`

const list = (files: Map<string, ListedFile>, fragment: FragmentEntry, seals: readonly SealedPortion[]): void => {
  const { file: path, offset, bytes } = fragment
  const file = files.get(path) ?? { path, bytes: 0, sealed: [] }
  files.set(path, file)
  // One that is told twice is the same.
  if (offset + bytes <= file.bytes) return
  file.bytes = offset + bytes
  const seal = seals.find((one) => isSealedBy(one, fragment))
  if (seal) file.sealed.push({ offset, bytes, sha256: fragment.sha256, seal: seal.seal })
}

const isSealedBy = ({ tracks, fromMs, toMs }: SealedPortion, { track, mediaMs, durationMs }: FragmentEntry): boolean =>
  (!tracks.length || tracks.includes(track)) && mediaMs < toMs && mediaMs + durationMs > fromMs

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

const eachEntry = async (dir: string, note: (entry: Entry) => void): Promise<void> => {
  const path = join(dir, 'journal.ndjson')
  const reader = new JournalReader(sha256)
  try {
    for await (const chunk of createReadStream(path))
      for (const item of reader.push(chunk as Buffer)) {
        // A line that is spoiled or missing may have been a seal: what it kept back must not slip out.
        if (item.is === 'fault') throw new VerbatimError('JOURNAL_INVALID', `${path}: ${item.fault.message}`)
        note(item.entry)
      }
  } catch (cause) {
    if (codeOf(cause) !== 'ENOENT') throw cause
    throw new VerbatimError('JOURNAL_MISSING', `${dir} holds no journal: ${messageOf(cause)}`, { cause })
  }
}
