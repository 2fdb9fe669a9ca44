/**
 * Finds the whole fragments that a dead worker left on disk beyond what the journal knows (R10, R11). What is torn
 * behind them stays where it is, and is told.
 */
import { createHash } from 'node:crypto'
import { type FileHandle, open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { onEachStore } from '../../base/each-store.ts'
import { codeOf } from '../../base/error.ts'
import { type Reason, reason } from '../../base/reason.ts'
import type { FragmentEntry } from '../../journal/entry.ts'
import { type FoundFragment, type Scan, scanFragments } from '../../media/box-reader.ts'

export interface SalvageOptions {
  hearing: string
  tracks: string[]
  stores: { name: string; path: string }[]
  /** End of what the journal knows of a segment file; 0 when it knows nothing of it. */
  endOf: (file: string) => number
}

export interface Tail {
  store: string
  file: string
  offset: number
  bytes: number
  why: Reason
}

export interface Salvaged {
  fragments: FragmentEntry[]
  tails: Tail[]
}

/** Never rejects: a store that cannot be read, or hangs, has nothing to give. */
export const salvage = async (options: SalvageOptions): Promise<Salvaged> => {
  const found = new Map<string, FragmentEntry>()
  const tails: Tail[] = []
  for (const { store, value } of await onEachStore(options.stores, (one, alive) => searchStore(one, options, alive))) {
    tails.push(...value.tails)
    for (const fragment of value.fragments) {
      const place = `${fragment.file} ${fragment.offset} ${fragment.sha256}`
      const known = found.get(place)
      if (known) known.stores.push(store.name)
      else found.set(place, fragment)
    }
  }
  return { fragments: oneTruth([...found.values()]), tails }
}

const searchStore = async (
  { name, path }: { name: string; path: string },
  { hearing, tracks, endOf }: SalvageOptions,
  alive: () => void,
): Promise<Salvaged> => {
  const fragments: FragmentEntry[] = []
  const tails: Tail[] = []
  for (const track of tracks)
    for (const file of await segmentsOf(join(path, hearing), track)) {
      const found = await searchFile(name, join(path, hearing, file), file, track, endOf(file))
      fragments.push(...found.fragments)
      if (found.tail) tails.push(found.tail)
      alive()
    }
  return { fragments, tails }
}

/** Where two stores differ, neither is believed here: the check will name it. The one on more stores is listed. */
const oneTruth = (fragments: FragmentEntry[]): FragmentEntry[] => {
  const places = new Map<string, FragmentEntry>()
  for (const fragment of fragments) {
    const place = `${fragment.file} ${fragment.offset}`
    const rival = places.get(place)
    if (!rival || rival.stores.length < fragment.stores.length) places.set(place, fragment)
  }
  return [...places.values()].sort((a, b) => a.mediaMs - b.mediaMs)
}

const segmentsOf = async (folder: string, track: string): Promise<string[]> => {
  const names = await readdir(join(folder, track)).catch(() => [] as string[])
  return names
    .filter((name) => name.endsWith('.mp4'))
    .sort()
    .map((name) => `${track}/${name}`)
}

const searchFile = async (
  store: string,
  path: string,
  file: string,
  track: string,
  from: number,
): Promise<{ fragments: FragmentEntry[]; tail: Tail | null }> => {
  let handle: FileHandle
  try {
    handle = await open(path, 'r')
  } catch {
    return { fragments: [], tail: null }
  }
  try {
    const { size } = await handle.stat()
    if (size <= from) return { fragments: [], tail: null }
    const readAt = async (offset: number, length: number) => {
      const bytes = Buffer.alloc(length)
      const { bytesRead } = await handle.read(bytes, 0, length, offset)
      return bytes.subarray(0, bytesRead)
    }
    // From the head: it says codec, time scale and place, and the boxes are skipped, not read.
    const scan = await scanFragments(readAt, size)
    const fragments: FragmentEntry[] = []
    for (const fragment of scan.fragments) {
      if (fragment.offset < from) continue
      const sha256 = createHash('sha256')
        .update(await readAt(fragment.offset, fragment.bytes))
        .digest('hex')
      fragments.push(entryOf(fragment, scan, file, track, store, sha256))
    }
    const why = reason('The end of this file was torn by the interruption.', scan.stoppedBy ?? '')
    const tail = scan.end < size ? { store, file, offset: scan.end, bytes: size - scan.end, why } : null
    return { fragments, tail }
  } catch (fault) {
    const why = reason('This file cannot be read.', `${codeOf(fault)} in ${path}`)
    return { fragments: [], tail: { store, file, offset: from, bytes: 0, why } }
  } finally {
    await handle.close()
  }
}

const entryOf = (
  fragment: FoundFragment,
  scan: Scan,
  file: string,
  track: string,
  store: string,
  sha256: string,
): FragmentEntry => {
  const timescale = scan.timescale ?? 1
  const toMs = (ticks: number) => Math.round((ticks * 1_000_000) / timescale) / 1_000
  return {
    track,
    run: Number(/_(\d+)-\d+_/.exec(file)?.[1] ?? 1),
    seq: fragment.seq,
    file,
    offset: fragment.offset,
    bytes: fragment.bytes,
    sha256,
    mediaMs: toMs((scan.place?.startTicks ?? 0) + fragment.startTicks),
    durationMs: toMs(fragment.durationTicks),
    samples: fragment.samples,
    codec: scan.codec,
    stores: [store],
  }
}
