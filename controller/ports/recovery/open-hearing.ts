/** Reads the journal of a hearing that was left open, repairs its torn end, and tells where it stood. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { truncate } from 'node:fs/promises'
import { join } from 'node:path'
import type { OpenHearing, Span } from '../../core/event.ts'
import type { ChainPlace } from '../../journal/chain.ts'
import type { Entry } from '../../journal/entry.ts'
import { Manifest } from '../../journal/manifest.ts'
import { JournalReader } from '../../journal/read.ts'

export interface StorePlace {
  name: string
  path: string
}

export interface FoundOpen {
  open: OpenHearing
  /** Stores by the length of their journals, longest first: the first has it whole, the others are brought to it. */
  stores: StorePlace[]
  at: { place: ChainPlace; bytes: number }
  /** Torn end of each store's journal that was cut off: it was never confirmed. */
  torn: { store: string; bytes: number }[]
}

interface ReadJournal {
  store: StorePlace
  reader: JournalReader
  open: OpenHearing
  closed: boolean
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/**
 * The hearing of `id` when its journal has no closing line in any store; null when it is closed or unreadable.
 * @param know is given every entry
 */
export const readOpenHearing = async (
  id: string,
  stores: StorePlace[],
  boot: string,
  know: (entry: Entry) => void,
): Promise<FoundOpen | null> => {
  const journals: ReadJournal[] = []
  for (const store of stores) {
    const journal = await readOne(id, store, boot).catch(() => null)
    if (journal) journals.push(journal)
  }
  if (!journals.length || journals.some(({ closed }) => closed)) return null
  journals.sort((a, b) => b.reader.wholeBytes - a.reader.wholeBytes)
  const [best] = journals
  const torn = []
  for (const { store, reader } of journals) {
    if (!reader.tornBytes) continue
    // A store that cannot be written fails by itself later; it must not keep the other from recording.
    const cut = await truncate(join(store.path, id, 'journal.ndjson'), reader.wholeBytes).then(
      () => true,
      () => false,
    )
    if (!cut) continue
    torn.push({ store: store.name, bytes: reader.tornBytes })
  }
  await readOne(id, best!.store, boot, know)
  const others = stores.filter((store) => store !== best!.store)
  return {
    open: best!.open,
    stores: [best!.store, ...others],
    at: { place: best!.reader.place, bytes: best!.reader.wholeBytes },
    torn,
  }
}

const readOne = async (
  id: string,
  store: StorePlace,
  boot: string,
  know?: (entry: Entry) => void,
): Promise<ReadJournal | null> => {
  const reader = new JournalReader(sha256)
  const manifest = new Manifest()
  const spans: Span[] = []
  let opened: Extract<Entry, { kind: 'hearing-opened' }> | null = null
  let closing = false
  for await (const chunk of createReadStream(join(store.path, id, 'journal.ndjson'))) {
    for (const item of reader.push(chunk as Buffer)) {
      if (item.is !== 'entry') continue
      const { entry } = item
      manifest.add(entry)
      know?.(entry)
      if (entry.kind === 'hearing-opened') opened = entry
      if (entry.kind === 'state') {
        addSpan(spans, entry.to, entry.mediaMs)
        closing = entry.to === 'closing'
      }
    }
  }
  reader.end()
  if (!opened) return null
  const { zeroMonoMs, boot: itsBoot, paused, lastUtc, mediaEndMs, tracks } = manifest.resumePoint
  const open: OpenHearing = {
    id,
    case: opened.case,
    openedUtcMs: Date.parse(opened.utc),
    zeroMonoMs,
    sameBoot: itsBoot === boot,
    paused,
    closing,
    spans: spans.length ? spans : [{ fromMs: 0, toMs: null }],
    lastUtcMs: Date.parse(lastUtc),
    mediaEndMs,
    tracks,
  }
  return { store, reader, open, closed: manifest.closed }
}

const addSpan = (spans: Span[], to: string, mediaMs: number): void => {
  const last = spans.at(-1)
  if (to === 'recording') {
    if (!last || last.toMs !== null) spans.push({ fromMs: mediaMs, toMs: null })
  } else if (last?.toMs === null) last.toMs = mediaMs
}
