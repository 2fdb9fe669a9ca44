/** Reads the journal of a hearing that was left open, repairs its torn end, and tells where it stood. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { isBeginningOf } from '../../base/bring-to.ts'
import { onEachStore } from '../../base/each-store.ts'
import { cutTornEnd } from '../../base/torn-end.ts'
import type { OpenHearing, PressId, Span } from '../../core/event.ts'
import type { ChainPlace } from '../../journal/chain.ts'
import type { Entry } from '../../journal/entry.ts'
import { Manifest } from '../../journal/manifest.ts'
import { JournalReader } from '../../journal/read.ts'
import { SegmentEnds } from '../../journal/segment-ends.ts'

export interface StorePlace {
  name: string
  path: string
}

export interface FoundOpen {
  open: OpenHearing
  /** The store with the longest journal comes first: the others are brought to it. */
  stores: StorePlace[]
  at: { place: ChainPlace; bytes: number }
  /** What the journal knows of each segment file. */
  ends: SegmentEnds
  /** Torn end of each store's journal that was cut off: it was never confirmed. */
  torn: { store: string; bytes: number }[]
}

interface ReadJournal {
  store: StorePlace
  reader: JournalReader
  open: OpenHearing
  ends: SegmentEnds
  /** Source of each track. */
  sources: ReadonlyMap<string, string>
  closed: boolean
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

const journalOf = (store: StorePlace, id: string): string => join(store.path, id, 'journal.ndjson')

/** The hearing of `id` when its journal has no closing line in any store; null when it is closed or unreadable. */
export const readOpenHearing = async (id: string, stores: StorePlace[], boot: string): Promise<FoundOpen | null> => {
  const best = await readBest(id, stores, boot)
  if (!best || best.closed) return null
  const bytes = best.reader.wholeBytes
  const lastRuns = await lastRunsOf(id, stores, best)
  return {
    open: { ...best.open, lastRuns },
    stores: [best.store, ...stores.filter((store) => store !== best.store)],
    at: { place: best.reader.place, bytes },
    ends: best.ends,
    torn: await cutTorn(id, stores),
  }
}

/**
 * The journal that goes furthest. The longest is read first; a copy that is only shorter needs no reading, for hours of
 * a hearing take seconds, and nobody hears a button meanwhile.
 */
const readBest = async (id: string, stores: StorePlace[], boot: string): Promise<ReadJournal | null> => {
  const sized = await onEachStore(stores, async (store) => (await stat(journalOf(store, id))).size)
  sized.sort((a, b) => b.value - a.value)
  let best: ReadJournal | null = null
  for (const { store } of sized) {
    // What only a damaged journal holds is no reason to pass over another.
    const longest: StorePlace | null = best && isWhole(best) ? best.store : null
    const read = async (one: StorePlace, alive: () => void): Promise<ReadJournal | null> => {
      if (longest && (await isBeginningOf(journalOf(one, id), journalOf(longest, id), alive))) return null
      return readOne(id, one, boot, alive)
    }
    const journal: ReadJournal | null = (await onEachStore([store], read))[0]?.value ?? null
    if (journal && (!best || isBetter(journal, best))) best = journal
  }
  return best
}

const isWhole = ({ reader }: ReadJournal): boolean => reader.faults === (reader.tornBytes ? 1 : 0)

/** One that says it is closed rules; then one without a fault, for the others are brought to it; then the longer. */
const isBetter = (one: ReadJournal, other: ReadJournal): boolean => {
  if (one.closed !== other.closed) return one.closed
  if (isWhole(one) !== isWhole(other)) return isWhole(one)
  return one.reader.wholeBytes > other.reader.wholeBytes
}

/** What is cut off of each store's journal; a store that cannot be written fails by itself later. */
const cutTorn = async (id: string, stores: readonly StorePlace[]): Promise<FoundOpen['torn']> => {
  const cut = await onEachStore(stores, (store) => cutTornEnd(journalOf(store, id)))
  return cut.flatMap(({ store, value }) => (value ? [{ store: store.name, bytes: value }] : []))
}

const readOne = async (id: string, store: StorePlace, boot: string, alive: () => void): Promise<ReadJournal | null> => {
  const reader = new JournalReader(sha256)
  const manifest = new Manifest()
  const ends = new SegmentEnds()
  const spans: Span[] = []
  const lastRuns: Record<string, number> = {}
  const presses: Record<string, PressId> = {}
  let opened: Opened | null = null
  let closing = false
  let seals = 0
  for await (const chunk of createReadStream(journalOf(store, id))) {
    alive()
    for (const item of reader.push(chunk as Buffer)) {
      if (item.is !== 'entry') continue
      const { entry } = item
      manifest.add(entry)
      ends.know(entry)
      if (entry.kind === 'hearing-opened') opened = entry
      if (entry.kind === 'seal') seals++
      if (entry.kind === 'press' && entry.panel) presses[entry.panel.name] = pressIdOf(entry.panel)
      if (entry.kind === 'source') lastRuns[entry.source] = Math.max(entry.run, lastRuns[entry.source] ?? 0)
      if (entry.kind === 'state') {
        addSpan(spans, entry.to, entry.mediaMs)
        closing = entry.to === 'closing'
      }
    }
  }
  reader.end()
  if (!opened) return null
  const { zeroMonoMs, boot: itsBoot, paused, lastUtc, mediaEndMs, tracks } = manifest.resumePoint
  const hearing: OpenHearing = {
    id,
    case: opened.case,
    openedUtcMs: Date.parse(opened.utc),
    zeroMonoMs,
    sameBoot: itsBoot === boot,
    paused,
    closing,
    seals,
    presses,
    spans: spans.length ? spans : [{ fromMs: 0, toMs: null }],
    lastUtcMs: Date.parse(lastUtc),
    mediaEndMs,
    lastRuns,
    tracks,
  }
  return { store, reader, open: hearing, ends, sources: sourcesOf(opened), closed: manifest.closed }
}

const pressIdOf = ({ epoch, number }: PressId): PressId => ({ epoch, number })

type Opened = Extract<Entry, { kind: 'hearing-opened' }>

const sourcesOf = ({ tracks }: Opened): ReadonlyMap<string, string> =>
  new Map(tracks.map(({ name, source }) => [name, source]))

const addSpan = (spans: Span[], to: string, mediaMs: number): void => {
  const last = spans.at(-1)
  if (to === 'recording') {
    if (!last || last.toMs !== null) spans.push({ fromMs: mediaMs, toMs: null })
  } else if (last?.toMs === null) last.toMs = mediaMs
}

/** A power cut may take a worker's journal line and leave its files: their names hold its run too. */
const lastRunsOf = async (id: string, stores: StorePlace[], best: ReadJournal): Promise<Record<string, number>> => {
  const lastRuns = { ...best.open.lastRuns }
  const names = await onEachStore(stores, ({ path }) => readdir(join(path, id), { recursive: true }))
  for (const name of names.flatMap(({ value }) => value)) {
    const [, track = '', run] = SEGMENT.exec(name) ?? []
    const source = best.sources.get(track)
    if (source !== undefined) lastRuns[source] = Math.max(Number(run), lastRuns[source] ?? 0)
  }
  return lastRuns
}

/** `judge/judge_002-0014_20261123T140512Z.mp4` is of run 2. */
const SEGMENT = /^([^/]+)\/\1_(\d+)-\d+_[^/]*\.mp4$/
