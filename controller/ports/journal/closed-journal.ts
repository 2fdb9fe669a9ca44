/** Adds lines to the journal of a hearing that is closed already, the same on every store. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { onEachStore } from '../../base/each-store.ts'
import { VerbatimError } from '../../base/error.ts'
import { cutTornEnd } from '../../base/torn-end.ts'
import type { ChainPlace } from '../../journal/chain.ts'
import type { Entry, FragmentEntry } from '../../journal/entry.ts'
import { JournalReader } from '../../journal/read.ts'
import type { StorePlace } from './hearing-journal.ts'

/** Where a closed journal goes on, and what is needed to know before. */
export interface ClosedJournal {
  at: { place: ChainPlace; bytes: number }
  /** The store with the longest journal comes first: the others are brought to it. */
  stores: StorePlace[]
  tracks: string[]
  seals: number
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/**
 * Reads the journals of a closed hearing. Throws JOURNAL_MISSING when no store has one, and JOURNAL_INVALID when the
 * longest is not closed or is damaged: nothing is added to what cannot be trusted.
 */
export const readClosedJournal = async (hearing: string, stores: readonly StorePlace[]): Promise<ClosedJournal> => {
  const read = await onEachStore(stores, async (store, alive) => {
    const path = join(store.path, hearing, 'journal.ndjson')
    await cutTornEnd(path)
    return readOne(path, alive)
  })
  // The others are brought to the first: it must be one without a fault.
  const faulty = ({ value }: (typeof read)[number]) => (value.reader.faults ? 1 : 0)
  read.sort((a, b) => faulty(a) - faulty(b) || b.value.reader.wholeBytes - a.value.reader.wholeBytes)
  const [best] = read
  if (!best) throw new VerbatimError('JOURNAL_MISSING', `no store holds a journal of ${hearing}`)
  const { reader, closed, tracks, seals } = best.value
  if (!closed || reader.faults) throw new VerbatimError('JOURNAL_INVALID', `the journal of ${hearing} is not whole`)
  return {
    at: { place: reader.place, bytes: reader.wholeBytes },
    stores: read.map(({ store }) => store),
    tracks,
    seals,
  }
}

/** The fragments that lie in these stretches of the hearing's files. Throws what the file system throws. */
export const fragmentsIn = async (
  dir: string,
  spans: readonly { file: string; offset: number; bytes: number }[],
): Promise<FragmentEntry[]> => {
  const found = new Map<string, FragmentEntry>()
  const reader = new JournalReader(sha256)
  const isWanted = ({ file, offset }: FragmentEntry) =>
    spans.some((span) => span.file === file && offset >= span.offset && offset < span.offset + span.bytes)
  for await (const chunk of createReadStream(join(dir, 'journal.ndjson')))
    for (const item of reader.push(chunk as Buffer)) {
      if (item.is !== 'entry' || (item.entry.kind !== 'fragments' && item.entry.kind !== 'found')) continue
      for (const one of item.entry.fragments.filter(isWanted)) found.set(`${one.file} ${one.offset}`, one)
    }
  return [...found.values()]
}

const readOne = async (path: string, alive: () => void) => {
  const reader = new JournalReader(sha256)
  const found = { reader, closed: false, tracks: [] as string[], seals: 0 }
  const note = (entry: Entry) => {
    if (entry.kind === 'hearing-opened') found.tracks = entry.tracks.map(({ name }) => name)
    if (entry.kind === 'hearing-closed') found.closed = true
    if (entry.kind === 'seal') found.seals++
  }
  for await (const chunk of createReadStream(path)) {
    alive()
    for (const item of reader.push(chunk as Buffer)) if (item.is === 'entry') note(item.entry)
  }
  reader.end()
  return found
}
