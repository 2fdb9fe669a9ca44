/**
 * Events in files of successive ones, appended and fdatasynced. A file is removed when the hub has all of it. Nothing
 * that was confirmed is lost by a kill or a power cut; what a disk spoils is found by its hash, and told.
 */
import { type FileHandle, open, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { makeFolders, syncFolder, writeAll } from '../../base/durable.ts'
import { DurableJson } from '../../base/durable-json.ts'
import { codeOf } from '../../base/error.ts'
import { type KeptEvent, LOST, lineOf } from './kept-event.ts'
import { without } from './ranges.ts'
import { readSegment, SEGMENT_BYTES, SEGMENT_EVENTS } from './segment.ts'
import type { OpenedShelf, SeqRange, Shelf } from './shelf.ts'

interface Segment {
  first: number
  bytes: number
  /** Null when it must be read. */
  events: Map<number, KeptEvent> | null
}

const Cursor = z.object({
  upto: z.int().min(0),
  ahead: z.array(z.int()).max(100_000),
  /** Number of the first event in the newest file: where that file is gone, up to 500 numbers may have been given. */
  newest: z.int().min(0),
})
type Cursor = z.output<typeof Cursor>

const FILE = /^(\d{15})\.ndjson$/
/** Files whose events are held in memory, beside the newest. */
const CACHED = 2

const rangeOf = (text: string): SeqRange[] => {
  const { data } = JSON.parse(text) as { data: { fromSeq?: unknown; toSeq?: unknown } }
  return typeof data.fromSeq === 'number' && typeof data.toSeq === 'number' ? [[data.fromSeq, data.toSeq]] : []
}

export class FileShelf implements Shelf {
  readonly #folder: string
  readonly #cursor: DurableJson<Cursor>
  #segments: Segment[] = []
  #file: FileHandle | null = null
  /** The newest file takes no more: its end is spoiled. */
  #isShut = false
  #kept: Cursor = { upto: 0, ahead: [], newest: 0 }
  /** The newest file that the cursor on the disk tells of. */
  #begun = 0
  #last = 0

  constructor(folder: string) {
    this.#folder = join(folder, 'events')
    this.#cursor = new DurableJson(join(folder, 'cursor.json'), (data) => Cursor.parse(data))
  }

  get bytes(): number {
    return this.#segments.reduce((sum, { bytes }) => sum + bytes, 0)
  }

  async open(): Promise<OpenedShelf> {
    await makeFolders(this.#folder)
    const cursor = await this.#cursor.read().catch(() => null)
    const firsts = (await readdir(this.#folder))
      .flatMap((name) => Number(FILE.exec(name)?.[1] ?? 0) || [])
      .sort(ascending)
    const upto = cursor?.upto ?? (firsts[0] ?? 1) - 1
    let expected = upto + 1
    let last: OpenedShelf['last'] = upto > 0 ? { seq: upto, hash: null } : null
    const [urgent, lost, told]: [number[], SeqRange[], SeqRange[]] = [[], [], []]
    const lose = (to: number): void => {
      if (to >= expected) lost.push([expected, to])
      expected = Math.max(expected, to + 1)
    }
    this.#segments = []
    this.#isShut = false
    for (const [i, first] of firsts.entries()) {
      const upper = (firsts[i + 1] ?? first + SEGMENT_EVENTS) - 1
      const { events, bytes, isDoubtful, isShut } = readSegment(await readFile(this.#path(first)), first, upper)
      for (const { seq, hash, urgent: isUrgent, kind, text } of events) {
        lose(seq - 1)
        expected = Math.max(expected, seq + 1)
        if (!last || seq >= last.seq) last = { seq, hash }
        if (isUrgent && seq > upto) urgent.push(seq)
        if (kind === LOST) told.push(...rangeOf(text))
      }
      const isNewest = i === firsts.length - 1
      this.#segments.push({ first, bytes, events: isNewest ? bySeq(events) : null })
      if (isNewest) this.#isShut = isShut
      if (isNewest && isDoubtful) {
        lose(upper)
        last = { seq: Math.max(upper, upto), hash: null }
      }
    }
    if (cursor && cursor.newest > (firsts.at(-1) ?? 0)) {
      const upper = Math.max(upto, cursor.newest + SEGMENT_EVENTS - 1)
      lose(upper)
      last = { seq: upper, hash: null }
      this.#isShut = true
    }
    this.#kept = { upto, ahead: cursor?.ahead ?? [], newest: Math.max(cursor?.newest ?? 0, firsts.at(-1) ?? 0) }
    this.#begun = cursor?.newest ?? 0
    this.#last = last?.seq ?? 0
    const untold = lost.flatMap((range) => without(range, told))
    return { last, urgent, upto, ahead: this.#kept.ahead, lost, untold }
  }

  async append(events: readonly KeptEvent[]): Promise<void> {
    const bytes = Buffer.from(events.map(lineOf).join(''))
    try {
      const segment = await this.#segmentFor(events, bytes.length)
      await writeAll(this.#file!, bytes, segment.bytes)
      await this.#file!.datasync()
      if (segment.first > this.#begun) await this.#begin(segment)
      segment.bytes += bytes.length
      segment.events ??= new Map()
      for (const event of events) segment.events.set(event.seq, event)
      this.#last = events.at(-1)!.seq
    } catch (fault) {
      // Whatever it wrote is written over by the next attempt, at the same place.
      await this.#closeFile()
      throw fault
    }
  }

  /** Its name is durable, and so is that it was begun: then it may count. */
  async #begin(segment: Segment): Promise<void> {
    await syncFolder(this.#folder)
    this.#kept = { ...this.#kept, newest: segment.first }
    await this.#cursor.write(this.#kept)
    this.#begun = segment.first
  }

  /** The file that these go into, open and without what a failed write left. */
  async #segmentFor(events: readonly KeptEvent[], bytes: number): Promise<Segment> {
    const newest = this.#segments.at(-1)
    const [from, to] = [events[0]!.seq, events.at(-1)!.seq]
    const takes =
      newest &&
      !this.#isShut &&
      from === this.#last + 1 &&
      to < newest.first + SEGMENT_EVENTS &&
      newest.bytes + bytes <= SEGMENT_BYTES
    // One that was begun and never confirmed is begun again.
    const isRetry = newest?.first === from
    if ((takes || isRetry) && (await this.#openFile(newest, isRetry))) return newest
    await this.#closeFile()
    const segment: Segment = { first: from, bytes: 0, events: null }
    await makeFolders(this.#folder)
    this.#file = await open(this.#path(from), 'w')
    for (const old of this.#segments.slice(0, -CACHED)) old.events = null
    this.#segments.push(segment)
    this.#isShut = false
    return segment
  }

  /** False when it is gone: somebody has removed it. */
  async #openFile({ first, bytes }: Segment, isNew: boolean): Promise<boolean> {
    if (this.#file && (await this.#file.stat()).nlink > 0) return true
    await this.#closeFile()
    try {
      this.#file = await open(this.#path(first), isNew ? 'w' : 'r+')
      await this.#file.truncate(bytes)
      return true
    } catch (fault) {
      if (codeOf(fault) === 'ENOENT') return false
      throw fault
    }
  }

  async read(seqs: readonly number[]): Promise<{ events: KeptEvent[]; gone: number[] }> {
    const events: KeptEvent[] = []
    const gone: number[] = []
    for (const seq of seqs) {
      const segment = this.#segments.findLast(({ first }) => first <= seq)
      const held = segment && (await this.#eventsOf(segment))
      const event = held?.get(seq)
      if (event) events.push(event)
      else if (held !== null) gone.push(seq)
    }
    return { events, gone }
  }

  /** Null when it cannot be read now. */
  async #eventsOf(segment: Segment): Promise<Map<number, KeptEvent> | null> {
    if (segment.events) return segment.events
    try {
      const content = await readFile(this.#path(segment.first))
      const upper = segment.first + SEGMENT_EVENTS - 1
      const events = bySeq(readSegment(content, segment.first, upper).events)
      for (const other of this.#segments
        .slice(0, -1)
        .filter((one) => one.events)
        .slice(CACHED - 1))
        other.events = null
      segment.events = events
      return events
    } catch (fault) {
      return codeOf(fault) === 'ENOENT' ? new Map() : null
    }
  }

  async forget(upto: number, ahead: readonly number[]): Promise<void> {
    this.#kept = { ...this.#kept, upto, ahead: [...ahead] }
    this.#last = Math.max(this.#last, upto)
    const next = this.#segments.findIndex(
      (_, i) => (this.#segments[i + 1]?.first ?? Number.POSITIVE_INFINITY) > upto + 1,
    )
    if (next <= 0) return
    const removed = this.#segments.splice(0, next)
    // First said, then done: what is missing later is not taken for lost.
    await this.#cursor.write(this.#kept)
    for (const { first } of removed) await rm(this.#path(first), { force: true })
  }

  async close(): Promise<void> {
    await this.#closeFile()
    if (this.#segments.length) await this.#cursor.write(this.#kept)
  }

  async #closeFile(): Promise<void> {
    const file = this.#file
    this.#file = null
    await file?.close().catch(() => {})
  }

  #path(first: number): string {
    return join(this.#folder, `${String(first).padStart(15, '0')}.ndjson`)
  }
}

const ascending = (a: number, b: number): number => a - b
const bySeq = (events: readonly KeptEvent[]) => new Map(events.map((event) => [event.seq, event]))
