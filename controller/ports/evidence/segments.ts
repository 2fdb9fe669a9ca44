import type { FragmentEntry } from '../../journal/entry.ts'
import { type BadState, checkFragments } from './segment.ts'

/** Fragments in a row, of one file, that are not whole in the same way. */
export interface BadSpan {
  state: BadState
  track: string
  file: string
  run: number
  fromSeq: number
  toSeq: number
  count: number
  offset: number
  bytes: number
  fromMs: number
  toMs: number
  stores: readonly string[]
  /** Whether the mirror has these bytes whole; null without a mirror. */
  onMirror: boolean | null
}

/** A segment file as listed and as found. `holes` are ranges no fragment covers. */
export interface ListedFile {
  track: string
  end: number
  size: number
  holes: { from: number; to: number }[]
}

/** More fragments of one file are never held back; a segment of five minutes has some six hundred. */
const PENDING_MOST = 2_000

const sameText = (a: readonly string[], b: readonly string[]) => a.join('\n') === b.join('\n')

/**
 * Checks the listed fragments against the segment files, each file in one go once the track has moved on to later
 * ones, so that disks read in order and memory stays flat however long the hearing was.
 */
export class Segments {
  readonly files = new Map<string, ListedFile>()
  readonly bad: BadSpan[] = []
  readonly counts = new Map<string, { missing: number; damaged: number }>()
  readonly #pending = new Map<string, FragmentEntry[]>()

  constructor(
    private readonly dir: string,
    private readonly mirror: string | null,
    private readonly onBytes: (bytes: number) => void,
  ) {}

  async add(fragment: FragmentEntry): Promise<void> {
    const list = this.#pending.get(fragment.file)
    if (list) {
      list.push(fragment)
      if (list.length >= PENDING_MOST) await this.#check(fragment.file)
      return
    }
    const ofTrack = [...this.#pending].filter(([, [first]]) => first?.track === fragment.track)
    if (ofTrack.length > 1) await this.#check(ofTrack[0]![0])
    this.#pending.set(fragment.file, [fragment])
  }

  async end(): Promise<void> {
    for (const file of [...this.#pending.keys()]) await this.#check(file)
  }

  async #check(path: string): Promise<void> {
    const fragments = (this.#pending.get(path) ?? []).sort((a, b) => a.offset - b.offset)
    this.#pending.delete(path)
    const { size, states } = await checkFragments(this.dir, path, fragments, this.onBytes)
    const listed = this.files.get(path) ?? { track: fragments[0]!.track, end: 0, size, holes: [] }
    this.files.set(path, { ...listed, size })
    const wrong: { fragment: FragmentEntry; state: BadState }[] = []
    for (const [i, fragment] of fragments.entries()) {
      this.#cover(this.files.get(path)!, fragment)
      const state = states[i]!
      if (state.is !== 'whole') wrong.push({ fragment, state })
    }
    const places = wrong.map(({ fragment }) => fragment)
    const mirrored = this.mirror && wrong.length ? (await checkFragments(this.mirror, path, places)).states : null
    for (const [i, { fragment, state }] of wrong.entries())
      this.#wrong(fragment, state, mirrored && mirrored[i]!.is === 'whole')
  }

  #cover(file: ListedFile, { offset, bytes }: FragmentEntry): void {
    const to = offset + bytes
    if (offset > file.end) file.holes.push({ from: file.end, to: offset })
    else
      file.holes = file.holes.flatMap((hole) =>
        offset >= hole.to || to <= hole.from
          ? [hole]
          : [
              { from: hole.from, to: offset },
              { from: to, to: hole.to },
            ].filter((rest) => rest.to > rest.from),
      )
    file.end = Math.max(file.end, to)
  }

  #wrong(fragment: FragmentEntry, state: BadState, onMirror: boolean | null): void {
    const { track, file, run, seq, offset, bytes, mediaMs, durationMs, stores } = fragment
    const count = this.counts.get(track) ?? { missing: 0, damaged: 0 }
    this.counts.set(track, count)
    count[state.is === 'missing' ? 'missing' : 'damaged']++
    const last = this.bad.at(-1)
    const continues =
      last?.file === file &&
      last.run === run &&
      last.state.is === state.is &&
      last.onMirror === onMirror &&
      last.offset + last.bytes === offset &&
      sameText(last.stores, stores)
    if (continues) {
      last.toSeq = seq
      last.count++
      last.bytes += bytes
      last.toMs = mediaMs + durationMs
    } else {
      const span = { state, track, file, run, fromSeq: seq, toSeq: seq, count: 1, offset, bytes, stores, onMirror }
      this.bad.push({ ...span, fromMs: mediaMs, toMs: mediaMs + durationMs })
    }
  }
}
