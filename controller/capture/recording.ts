/**
 * From samples to proof: fragments of every track of this source, on every store, reported when durable.
 * Reports leave in order; a store that is late does not hold them up: it is told of when it has caught up (R12).
 */
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { monotonicMs } from '../base/monotonic.ts'
import { reason } from '../base/reason.ts'
import { utcStamp } from '../base/units.ts'
import type { Codec } from '../media/codec.ts'
import { Fragmenter, type IncomingSample, type MadeFragment } from '../media/fragmenter.ts'
import type { Fragment, FromWorker, ToWorker } from '../wire/capture.ts'
import type { TrackConfig } from '../wire/config.ts'
import { GIVE_UP_MS, type StoreFailure, StoreWriter } from './store-writer.ts'

export interface RecordingOptions {
  source: string
  run: number
  tracks: TrackConfig[]
  /** Length of a fragment, the most that a power cut takes beside what is being written. */
  fragmentMs: number
  segmentMs: number
  /** Of this source among the others, 0 to below 1. */
  stagger: number
  say: (message: FromWorker) => void
}

type Open = Extract<ToWorker, { do: 'open' }>

interface TrackState {
  config: TrackConfig
  fragmenter: Fragmenter
  /** Segment file being written, inside the hearing folder. */
  file: string
  segment: number
  offset: number
  /** Set at each opening: the first fragment tells when the track started. */
  startsFromMs: number | null
  /** Media that no store would take; told as a gap by the next fragment that one takes. */
  unstoredMs: number
}

interface Unreported {
  fragment: Fragment
  firstConfirmedMs: number | null
  reported: boolean
}

/** A last word on a second copy must not take longer than a clerk waits. */
const SECOND_COPY_MS = 5_000
/** A disk in order takes milliseconds. */
const PAUSE_MS = 500
const LOOK_MS = 50
/** A store that confirms later than the first by so much is late: the report goes out without it. */
const LATE_MS = 1_000
/** A store is called late when its oldest fragment waits longer than this; R12 asks for two seconds, looks included. */
const TELL_LATE_MS = 1_750

export class Recording {
  #open: Open | null = null
  #onRecord = false
  readonly #tracks: Map<string, TrackState>
  readonly #stores = new Map<string, StoreWriter>()
  readonly #toldLate = new Set<string>()
  #unreported: Unreported[] = []

  constructor(private readonly options: RecordingOptions) {
    this.#tracks = new Map(
      options.tracks.map((config, i) => [
        config.name,
        {
          config,
          fragmenter: new Fragmenter({
            track: config.name,
            label: config.label,
            fragmentMs: options.fragmentMs,
            segmentMs: options.segmentMs,
            stagger: (options.stagger + i / options.tracks.length) % 1,
          }),
          file: '',
          segment: 0,
          offset: 0,
          startsFromMs: null,
          unstoredMs: 0,
        },
      ]),
    )
  }

  get hearing(): string | null {
    return this.#open?.hearing ?? null
  }

  /** The hearing as it was opened; the index of its fragments lies in its stores. */
  get opened(): Open | null {
    return this.#open
  }

  get gate(): 'open' | 'closed' {
    return this.#onRecord ? 'open' : 'closed'
  }

  get stores(): string[] {
    return [...this.#stores.keys()]
  }

  describe(track: string, codec: Codec): void {
    const state = this.#tracks.get(track)
    if (state) this.#keep(state, state.fragmenter.describe(codec))
  }

  push(track: string, sample: IncomingSample): void {
    const state = this.#tracks.get(track)
    if (state) this.#keep(state, state.fragmenter.push(sample))
  }

  /**
   * @param allFlowMs CLOCK_MONOTONIC since which samples of every track arrive. Sound is taken from then on, so that all
   * microphones begin with the same sample (R8); pictures, each a track of its own, begin at the press.
   */
  open(request: Open, allFlowMs = request.atMs): void {
    this.#open = request
    this.#onRecord = true
    for (const name of request.writeTo) this.joinStore(name)
    for (const state of this.#tracks.values()) {
      state.startsFromMs = request.atMs
      state.fragmenter.open({
        hearing: request.hearing,
        zeroMs: request.zeroMs,
        utcMs: request.utcMs,
        openMs: state.config.media === 'audio' ? Math.max(request.atMs, allFlowMs) : request.atMs,
      })
    }
  }

  /** Samples from `atMs` on are left out. */
  closeAt(atMs: number): void {
    for (const state of this.#tracks.values()) state.fragmenter.closeAt(atMs)
  }

  /** Makes the last fragments of the leg, waits for the stores, and reports everything. */
  async finish(final: boolean): Promise<void> {
    for (const state of this.#tracks.values()) this.#keep(state, state.fragmenter.flush())
    this.#onRecord = false
    // Off the record a slow disk writes on by itself: the next press must not wait for it (R12).
    await this.#settle(final ? SECOND_COPY_MS : PAUSE_MS)
    if (!final) return this.#report()
    // What no disk has confirmed yet would be called added bytes later: the hearing waits as long as a disk may stall.
    for (let waited = 0; this.#isUnconfirmed() && waited < GIVE_UP_MS; waited += LOOK_MS) {
      await sleep(LOOK_MS)
      this.watch()
    }
    this.#report()
    await Promise.all([...this.#stores.values()].map((store) => Promise.race([store.close(), sleep(1_000)])))
    this.#stores.clear()
    this.#open = null
    this.#unreported = []
    // A file that is begun makes a store that joins wait for the next segment; the next hearing has none yet.
    for (const state of this.#tracks.values()) state.file = ''
  }

  /** A store (again) takes part from the next segment on. */
  joinStore(name: string): void {
    const place = this.#open?.stores.find((store) => store.name === name)
    if (!place || !this.#open || this.#stores.has(name)) return
    const writer = new StoreWriter(
      name,
      join(place.path, this.#open.hearing),
      `index/${this.options.source}.ndjson`,
      (failure) => this.#lose(name, writer, failure),
    )
    const joining = this.#unreported.length > 0 || [...this.#tracks.values()].some((track) => track.file)
    this.#stores.set(name, writer)
    if (joining) for (const state of this.#tracks.values()) state.fragmenter.rotate()
    this.options.say({ is: 'store-joined', run: this.options.run, store: name })
  }

  leaveStore(name: string, why = reason('The disk was given up.', 'leave-store')): void {
    this.#stores.get(name)?.fail('LEFT', why)
  }

  /** Call a few times a second: reports what became durable, notices late stores. */
  watch(): void {
    for (const [name, store] of this.#stores) {
      store.watch()
      const late = store.waitingMs > TELL_LATE_MS
      if (late && !this.#toldLate.has(name)) {
        this.#toldLate.add(name)
        this.options.say({ is: 'store-late', run: this.options.run, store: name, waitingMs: store.waitingMs })
      }
      if (!late) this.#toldLate.delete(name)
    }
    this.#report()
  }

  waitingMs(): Record<string, number> {
    return Object.fromEntries([...this.#stores].map(([name, store]) => [name, store.waitingMs]))
  }

  async #settle(withinMs: number): Promise<void> {
    await Promise.race([Promise.all([...this.#stores.values()].map((store) => store.settle())), sleep(withinMs)])
  }

  #isUnconfirmed(): boolean {
    return this.#stores.size > 0 && this.#unreported.some(({ firstConfirmedMs }) => firstConfirmedMs === null)
  }

  #lose(name: string, writer: StoreWriter, failure: StoreFailure): void {
    // A writer of an earlier hearing may hang for long: its end is none of this one's.
    if (this.#stores.get(name) !== writer) return
    this.#stores.delete(name)
    this.#toldLate.delete(name)
    this.options.say({
      is: 'store-failed',
      run: this.options.run,
      store: name,
      code: failure.code,
      reason: failure.reason,
    })
    this.#dropUnstorable()
    this.#report()
  }

  /** What only the lost store was to hold is lost with it. */
  #dropUnstorable(): void {
    this.#unreported = this.#unreported.filter(({ fragment }) => {
      const held = fragment.stores.length > 0 || [...this.#stores.values()].some((store) => store.holds(fragment.file))
      const state = this.#tracks.get(fragment.track)
      if (!held && state) state.unstoredMs += fragment.durationMs + fragment.gapMs
      return held
    })
  }

  #keep(state: TrackState, made: MadeFragment[]): void {
    for (const fragment of made) this.#store(state, fragment)
  }

  #store(state: TrackState, made: MadeFragment): void {
    const { run } = this.options
    if (!this.#open) return
    if (made.startsSegment) this.#beginSegment(state, made)
    const offset = state.offset
    state.offset += made.bytes.length
    const takers = [...this.#stores].filter(([, store]) => store.takes(state.file, made.startsSegment))
    if (!takers.length) {
      state.unstoredMs += made.durationMs
      return
    }
    const fragment: Fragment = {
      track: state.config.name,
      run,
      seq: made.seq,
      file: state.file,
      offset,
      bytes: made.bytes.length,
      sha256: createHash('sha256').update(made.bytes).digest('hex'),
      mediaMs: round(made.mediaMs),
      durationMs: round(made.durationMs),
      samples: made.samples,
      codec: made.codec,
      stores: [],
      gapMs: round(made.gapMs + state.unstoredMs),
    }
    state.unstoredMs = 0
    this.#tellStart(state, made)
    const entry: Unreported = { fragment, firstConfirmedMs: null, reported: false }
    this.#unreported.push(entry)
    const indexLine = JSON.stringify({ ...fragment, stores: undefined })
    for (const [name, store] of takers)
      store.add({
        file: fragment.file,
        offset,
        bytes: made.bytes,
        indexLine,
        confirm: () => this.#confirm(entry, name),
      })
  }

  /** The name says track, incarnation, number and UTC; it sorts in the order of recording. */
  #beginSegment(state: TrackState, made: MadeFragment): void {
    state.segment++
    const { name } = state.config
    const number = `${String(this.options.run).padStart(3, '0')}-${String(state.segment).padStart(4, '0')}`
    state.file = `${name}/${name}_${number}_${utcStamp(made.utcMs)}.mp4`
    state.offset = 0
  }

  #tellStart(state: TrackState, made: MadeFragment): void {
    if (state.startsFromMs === null || !this.#open) return
    const waitedMs = round(this.#open.zeroMs + made.mediaMs - state.startsFromMs)
    state.startsFromMs = null
    this.options.say({
      is: 'started',
      run: this.options.run,
      track: state.config.name,
      mediaMs: round(made.mediaMs),
      waitedMs,
      on: state.config.media === 'video' ? 'key-frame' : 'sample',
    })
  }

  #confirm(entry: Unreported, store: string): void {
    entry.fragment.stores.push(store)
    entry.firstConfirmedMs ??= monotonicMs()
    if (entry.reported) {
      const { track, run, seq } = entry.fragment
      this.options.say({ is: 'stored', run, track, store, upto: seq })
    } else this.#report()
  }

  #report(): void {
    const now = monotonicMs()
    const blocked = new Set<string>()
    const waiting: Unreported[] = []
    for (const entry of this.#unreported) {
      const { fragment, firstConfirmedMs } = entry
      const complete = [...this.#stores.values()].every(
        (store) => fragment.stores.includes(store.store) || !store.holds(fragment.file),
      )
      const due = firstConfirmedMs !== null && (complete || now - firstConfirmedMs > LATE_MS)
      if (blocked.has(fragment.track) || !due) {
        blocked.add(fragment.track)
        waiting.push(entry)
        continue
      }
      entry.reported = true
      this.options.say({
        is: 'fragment',
        run: this.options.run,
        fragment: { ...fragment, stores: [...fragment.stores] },
      })
    }
    this.#unreported = waiting
  }
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Microseconds are enough to read, and exact to the sample. */
const round = (ms: number): number => Math.round(ms * 1_000) / 1_000
