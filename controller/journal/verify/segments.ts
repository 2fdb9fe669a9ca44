import type { FragmentEntry } from '../entry.ts'
import type { HashedFile, HearingFiles, RangeHash } from './files.ts'
import { looksSealed } from './seal-form.ts'

/** How a listed fragment fails to stand in this folder; with the error's code where the disk would not give it. */
export type BadState =
  | { is: 'damaged' }
  | { is: 'missing' }
  | { is: 'unreadable'; code: string; forbidden: boolean }
  /** By what a copy holds for a sealed fragment; whether it was sealed is another question. */
  | { is: 'replaced' }

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
  /** Where each fragment begins in the file and on the media time line, and where it ends there; only of the replaced. */
  parts: number[]
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
/** Nor more files: a courtroom has a dozen tracks. */
const PENDING_FILES_MOST = 256
/** A journal that lies about everything must not fill the memory. */
const BAD_SPANS_MOST = 20_000
const HOLES_MOST = 1_000

const sameText = (a: readonly string[], b: readonly string[]) => a.join('\n') === b.join('\n')

const stateOf = (found: RangeHash, sha256: string): BadState | null => {
  if (found === 'missing') return { is: 'missing' }
  if (typeof found === 'string') return found === sha256 ? null : { is: 'damaged' }
  return found.why === 'absent'
    ? { is: 'missing' }
    : { is: 'unreadable', code: found.code, forbidden: found.why === 'forbidden' }
}

interface Job {
  path: string
  fragments: FragmentEntry[]
  hashed: Promise<HashedFile>
}

/**
 * Checks the listed fragments against the segment files, each file in one go once the track has moved on to later
 * ones, so that disks read in order and memory stays flat however long the hearing was. Several files are hashed at
 * the same time; results are taken in the order of the journal.
 */
export class Segments {
  readonly files = new Map<string, ListedFile>()
  readonly bad: BadSpan[] = []
  readonly counts = new Map<string, { missing: number; damaged: number }>()
  /** More was bad than could be kept. */
  overflown = false
  readonly #pending = new Map<string, FragmentEntry[]>()
  readonly #jobs: Job[] = []

  constructor(
    private readonly here: HearingFiles,
    private readonly mirror: HearingFiles | null,
  ) {}

  async add(fragment: FragmentEntry): Promise<void> {
    const list = this.#pending.get(fragment.file)
    if (list) {
      list.push(fragment)
      if (list.length >= PENDING_MOST) await this.#begin(fragment.file)
      return
    }
    const ofTrack = [...this.#pending].filter(([, [first]]) => first?.track === fragment.track)
    if (ofTrack.length > 1) await this.#begin(ofTrack[0]![0])
    else if (this.#pending.size >= PENDING_FILES_MOST) await this.#begin([...this.#pending.keys()][0]!)
    this.#pending.set(fragment.file, [fragment])
  }

  async end(): Promise<void> {
    for (const file of [...this.#pending.keys()]) await this.#begin(file)
    while (this.#jobs.length) await this.#finish()
  }

  /** Hands a file over to be hashed, and waits only while too many are in hand. */
  async #begin(path: string): Promise<void> {
    const fragments = (this.#pending.get(path) ?? []).sort((a, b) => a.offset - b.offset)
    this.#pending.delete(path)
    this.#jobs.push({ path, fragments, hashed: this.here.sha256(path, fragments) })
    while (this.#jobs.length > this.here.atOnce) await this.#finish()
  }

  async #finish(): Promise<void> {
    const { path, fragments, hashed } = this.#jobs.shift()!
    const { size, hashes } = await hashed
    const listed = this.files.get(path) ?? { track: fragments[0]!.track, end: 0, size, holes: [] }
    this.files.set(path, { ...listed, size })
    const wrong: { fragment: FragmentEntry; state: BadState }[] = []
    for (const [i, fragment] of fragments.entries()) {
      this.#cover(this.files.get(path)!, fragment)
      const state = stateOf(hashes[i]!, fragment.sha256)
      if (state) wrong.push({ fragment, state: await this.#unlessSealed(path, fragment, state) })
    }
    const places = wrong.map(({ fragment }) => fragment)
    const mirrored = this.mirror && wrong.length ? (await this.mirror.sha256(path, places)).hashes : null
    for (const [i, { fragment, state }] of wrong.entries())
      this.#wrong(fragment, state, mirrored && stateOf(mirrored[i]!, fragment.sha256) === null)
  }

  async #unlessSealed(path: string, fragment: FragmentEntry, state: BadState): Promise<BadState> {
    return state.is === 'damaged' && (await looksSealed(this.here, path, fragment)) ? { is: 'replaced' } : state
  }

  #cover(file: ListedFile, { offset, bytes }: FragmentEntry): void {
    const to = offset + bytes
    if (offset > file.end) {
      if (file.holes.length < HOLES_MOST) file.holes.push({ from: file.end, to: offset })
    } else if (file.holes.length)
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
    if (state.is !== 'replaced') count[state.is === 'missing' ? 'missing' : 'damaged']++
    const toMs = mediaMs + durationMs
    const parts = state.is === 'replaced' ? [offset, mediaMs, toMs] : []
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
      last.toMs = toMs
      last.parts.push(...parts)
    } else if (this.bad.length < BAD_SPANS_MOST) {
      const span = { state, track, file, run, fromSeq: seq, toSeq: seq, count: 1, offset, bytes, stores, onMirror }
      this.bad.push({ ...span, fromMs: mediaMs, toMs, parts })
    } else this.overflown = true
  }
}
