/** A hearing's journal, read by a story. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Entry, EntryKind, FragmentEntry } from '../../../controller/journal/entry.ts'

export type EntryOf<Kind extends EntryKind> = Extract<Entry, { kind: Kind }>

export class Journal {
  private constructor(readonly entries: Entry[]) {}

  /** A torn last line is left out. */
  static read(store: string, hearing: string): Journal {
    const text = readFileSync(join(store, hearing, 'journal.ndjson'), 'utf8')
    const lines = text.slice(0, text.lastIndexOf('\n') + 1).split('\n')
    return new Journal(lines.filter((line) => line).map((line) => JSON.parse(line) as Entry))
  }

  of<Kind extends EntryKind>(kind: Kind): EntryOf<Kind>[] {
    return this.entries.filter((entry): entry is EntryOf<Kind> => entry.kind === kind)
  }

  get opened(): EntryOf<'hearing-opened'> {
    return this.of('hearing-opened')[0]!
  }

  /** Every fragment as listed, in the order of media time. */
  fragments(track: string): FragmentEntry[] {
    return [...this.of('fragments'), ...this.of('found')]
      .flatMap(({ fragments }) => fragments)
      .filter((fragment) => fragment.track === track)
      .sort((a, b) => a.mediaMs - b.mediaMs)
  }

  gaps(track: string): EntryOf<'gap'>[] {
    return this.of('gap').filter((gap) => gap.track === track)
  }

  /** Media time at which the track ends. */
  endMs(track: string): number {
    const last = this.fragments(track).at(-1)
    return last ? last.mediaMs + last.durationMs : 0
  }
}

export interface Hole {
  fromMs: number
  toMs: number
}

/** Where fragments neither meet nor are off the record; an overlap is a hole of negative length. */
export const holesIn = (fragments: FragmentEntry[], toleranceMs = 1): Hole[] =>
  fragments.slice(1).flatMap((next, i) => {
    const before = fragments[i]!
    const hole = { fromMs: before.mediaMs + before.durationMs, toMs: next.mediaMs }
    return Math.abs(hole.toMs - hole.fromMs) > toleranceMs ? [hole] : []
  })
