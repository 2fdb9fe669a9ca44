/**
 * Turns the samples of one track into fragments: opens and closes by the time of the press, waits for a key frame,
 * cuts about every half second, and begins a new segment file where one is due. Pure: bytes and times in, bytes out.
 */
import { utcText } from '../base/units.ts'
import { join } from './bytes.ts'
import { type Codec, nominalTicks, timescaleOf } from './codec.ts'
import { anchorsOf, decodeStart, inDecodeOrder, lateness, type WaitingSample } from './decode-order.ts'
import { fragmentBoxes } from './fragment.ts'
import { segmentHead } from './head.ts'
import { TimeLine } from './time-line.ts'

export interface IncomingSample {
  /** CLOCK_MONOTONIC at which light or sound reached the device. */
  monoMs: number
  durationNs: number | null
  key: boolean
  data: Uint8Array
}

export interface GateTimes {
  hearing: string
  /** CLOCK_MONOTONIC at media time 0. */
  zeroMs: number
  /** Wall time at zeroMs. */
  utcMs: number
  /** Press that opened: earlier samples are left out. */
  openMs: number
}

export interface MadeFragment {
  seq: number
  /** True for the first of a segment file: the bytes begin with `ftyp` and `moov`. */
  startsSegment: boolean
  bytes: Uint8Array
  utcMs: number
  mediaMs: number
  durationMs: number
  samples: number
  gapMs: number
  codec: Codec['name']
}

export interface FragmenterOptions {
  track: string
  label: string
  fragmentMs: number
  segmentMs: number
  /** Share of a segment, 0 to below 1, by which this track's first rotation comes early, so that tracks take turns. */
  stagger: number
}

export class Fragmenter {
  #codec: Codec | null = null
  #line: TimeLine | null = null
  #gate: GateTimes | null = null
  #closeMs = Number.POSITIVE_INFINITY
  #samples: WaitingSample[] = []
  #seq = 0
  #gapMs = 0
  #awaitsKey = true
  /** Key frames since one came out of order: 2 show that a whole group came in order. */
  #keysInOrder = Number.POSITIVE_INFINITY
  #newSegment = true
  #segmentStart = 0
  /** Of this segment, as its head says: by how much composition offsets are written late. */
  #delay = 0
  /** Of this segment so far: by how much a frame decodes after it is to be shown. */
  #lateness = 0
  #turn: number
  #lastKey: number | null = null
  /** Longest distance between two key frames of this leg, in ticks. */
  #keyEvery = 0
  /** Decode time at which the last fragment ended; null where the next need not meet it. */
  #end: number | null = null

  constructor(private readonly options: FragmenterOptions) {
    this.#turn = options.segmentMs * (1 - options.stagger / 2)
  }

  get isOpen(): boolean {
    return this.#gate !== null
  }

  /** Time of the close, once asked for; Infinity while open-ended. */
  get closeMs(): number {
    return this.#closeMs
  }

  /** Caps have come. A change in the middle begins a new segment file; what was gathered is returned as a fragment. */
  describe(codec: Codec): MadeFragment[] {
    const made = this.#codec ? this.#cut(null) : []
    this.#codec = codec
    this.#line = new TimeLine(codec)
    this.#newSegment = true
    this.#awaitsKey = true
    this.#forgetPast()
    return made
  }

  open(gate: GateTimes): void {
    this.#gate = gate
    this.#closeMs = Number.POSITIVE_INFINITY
    this.#newSegment = true
    this.#awaitsKey = true
    this.#line?.restart()
    this.#forgetPast()
  }

  #forgetPast(): void {
    this.#lastKey = null
    this.#keyEvery = 0
    this.#end = null
  }

  /** Samples from `atMs` on are left out; call `flush` when they have had time to arrive. */
  closeAt(atMs: number): void {
    this.#closeMs = atMs
  }

  /** Ends the leg: what was gathered becomes the last fragment. */
  flush(): MadeFragment[] {
    const made = this.#cut(null)
    this.#gate = null
    return made
  }

  /** A store has come back: begin a new segment file at the next fragment that may begin one. */
  rotate(): void {
    this.#turn = 0
  }

  push(sample: IncomingSample): MadeFragment[] {
    const codec = this.#codec
    const gate = this.#gate
    if (!codec || !gate || !this.#line) return []
    const scale = timescaleOf(codec)
    if (sample.monoMs < gate.openMs || sample.monoMs >= this.#closeMs) return []
    if (this.#awaitsKey && !sample.key) return []
    this.#awaitsKey = false

    const duration = durationTicks(codec, sample.durationNs)
    const { ticks, gapMs } = this.#line.place(sample.monoMs - gate.zeroMs, duration)
    const frame = { data: sample.data, pts: ticks, key: sample.key, duration }
    this.#noteOrder(frame)
    const made = this.#cutBefore(frame, gapMs, scale)
    this.#samples.push(frame)
    if (made.length || this.#samples.length === 1) this.#beginWith(this.#samples[0]!, gapMs, scale)
    if (sample.key) this.#noteKey(ticks)
    return made
  }

  get #isReordered(): boolean {
    return this.#keysInOrder < 2
  }

  #noteOrder({ pts, key }: WaitingSample): void {
    const last = this.#samples.at(-1)
    if (last && pts < last.pts) this.#keysInOrder = 0
    else if (key) this.#keysInOrder++
  }

  /** A fragment ends when it is long enough, where a new segment begins, and before a gap. */
  #cutBefore(frame: WaitingSample, gapMs: number, scale: number): MadeFragment[] {
    if (gapMs) return this.#cut(null)
    if (this.#isReordered) return this.#cutBeforeAnchor(frame, scale)
    return this.#isDue(frame, frame, scale) ? this.#cut(frame.pts) : []
  }

  /** What is shown between two anchors is known when the second has come: each is judged when the next one comes. */
  #cutBeforeAnchor(frame: WaitingSample, scale: number): MadeFragment[] {
    const [anchor = 0, newest] = anchorsOf([...this.#samples, frame]).slice(-2)
    if (!anchor || newest !== this.#samples.length) return []
    if (!this.#isDue(this.#samples[anchor]!, frame, scale)) return []
    return this.#cut(decodeStart(this.#samples, anchor), anchor)
  }

  /** Whether to cut before `first`, now that `latest` has come. */
  #isDue(first: WaitingSample, latest: WaitingSample, scale: number): boolean {
    if (!this.#samples.length) return false
    const begun = Math.min(...this.#samples.map(({ pts }) => pts))
    const lengthMs = toMs(latest.pts - begun, scale)
    // Cameras' time stamps jitter: half a frame short is long enough.
    const isLong = lengthMs + toMs(nominalTicks(this.#codec!), scale) / 2 >= this.options.fragmentMs
    return isLong || (first.key && this.#turns(first.pts, scale))
  }

  #beginWith(first: WaitingSample, gapMs: number, scale: number): void {
    this.#gapMs = gapMs
    if (!first.key || !this.#turns(first.pts, scale)) return
    this.#newSegment = true
    this.#turn = this.options.segmentMs
  }

  /** At a key frame: whether the segment would grow too long if it went on to the next one. */
  #turns(ticks: number, scale: number): boolean {
    const begun = this.#newSegment ? this.#samples[0]?.pts : this.#segmentStart
    return begun !== undefined && ticks > begun && toMs(ticks - begun + this.#keyEvery, scale) > this.#turn
  }

  #noteKey(ticks: number): void {
    if (this.#lastKey !== null) this.#keyEvery = Math.max(this.#keyEvery, ticks - this.#lastKey)
    this.#lastKey = ticks
  }

  /**
   * @param next start of the sample that follows without a gap, or null
   * @param count how many of the samples gathered to cut off; the others stay
   */
  #cut(next: number | null, count = this.#samples.length): MadeFragment[] {
    const codec = this.#codec
    const gate = this.#gate
    if (!codec || !gate || !this.#samples.length) return []
    const scale = timescaleOf(codec)
    const samples = inDecodeOrder(this.#samples.splice(0, count), next, this.#end ?? 0)
    const start = samples[0]!.dts
    const end = samples.at(-1)!.dts + samples.at(-1)!.duration
    const mediaMs = toMs(start, scale)
    const utcMs = gate.utcMs + mediaMs
    const startsSegment = this.#newSegment
    // Frames in order with the same time stamp are a tick late, which no player shows.
    const late = this.#isReordered ? lateness(samples) : 0
    if (startsSegment) this.#placeSegment(start, late)
    this.#lateness = Math.max(this.#lateness, late)
    // B frames that only begin now: the head has told too small a delay, so the next key frame begins a new file.
    const fitsDelay = this.#lateness <= this.#delay
    this.#seq++
    const inSegment = samples.map((sample) => ({ ...sample, dts: sample.dts - this.#segmentStart }))
    const boxes = fragmentBoxes({ seq: this.#seq, samples: inSegment, delayTicks: this.#delay, utcMs })
    const fragment: MadeFragment = {
      seq: this.#seq,
      startsSegment,
      bytes: startsSegment ? join([this.#head(codec, gate.hearing, start, utcMs), boxes]) : boxes,
      utcMs,
      mediaMs,
      durationMs: toMs(end - start, scale),
      samples: samples.length,
      // With B frames, an earlier one than the first to come may begin what follows the gap.
      gapMs: this.#gapMs && toMs(start - (this.#end ?? start), scale),
      codec: codec.name,
    }
    this.#end = end
    this.#newSegment = false
    this.#gapMs = 0
    if (!fitsDelay) this.rotate()
    return [fragment]
  }

  /**
   * The head tells the delay before the rest of the segment is known: twice what its first fragment and the segment
   * before needed, as encoders put more or fewer B frames in a row. Too much costs nothing.
   */
  #placeSegment(start: number, firstLateness: number): void {
    this.#segmentStart = start
    this.#delay = 2 * Math.max(this.#lateness, firstLateness)
    this.#lateness = 0
  }

  #head(codec: Codec, hearing: string, startTicks: number, utcMs: number): Uint8Array {
    const { track, label } = this.options
    const utc = utcText(utcMs)
    return segmentHead({
      codec,
      label,
      utcMs,
      delayTicks: this.#delay,
      place: { format: 'verbatim-segment/1', hearing, track, startTicks, utc },
    })
  }
}

const toMs = (ticks: number, scale: number): number => (ticks * 1_000) / scale

/** FLAC's and Opus' lengths are counted in samples, so rounding to nanoseconds and back is exact. */
const durationTicks = (codec: Codec, durationNs: number | null): number =>
  durationNs ? Math.round((durationNs * timescaleOf(codec)) / 1e9) : nominalTicks(codec)
