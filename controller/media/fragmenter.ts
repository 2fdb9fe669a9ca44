/**
 * Turns the samples of one track into fragments: opens and closes by the time of the press, waits for a key frame,
 * cuts about every half second, and begins a new segment file where one is due. Pure: bytes and times in, bytes out.
 */
import { utcText } from '../base/units.ts'
import { join } from './bytes.ts'
import { type Codec, nominalTicks, timescaleOf } from './codec.ts'
import { fragmentBoxes, type TimedSample } from './fragment.ts'
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

interface WaitingSample {
  data: Uint8Array
  pts: number
  key: boolean
  duration: number
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
  #reordered = false
  #newSegment = true
  #segmentStart = 0
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
    const last = this.#samples.at(-1)
    if (last && ticks < last.pts) this.#reordered = true

    const made: MadeFragment[] = []
    if (last && this.#isDue(ticks, sample.key, gapMs, scale)) made.push(...this.#cut(gapMs ? null : ticks))
    if (!this.#samples.length) {
      this.#gapMs = gapMs
      if (sample.key && this.#turns(ticks, scale)) {
        this.#newSegment = true
        this.#turn = this.options.segmentMs
      }
    }
    if (sample.key) this.#noteKey(ticks)
    this.#samples.push({ data: sample.data, pts: ticks, key: sample.key, duration })
    return made
  }

  /** A fragment ends when it is long enough, where a new segment begins, and before a gap. */
  #isDue(ticks: number, key: boolean, gapMs: number, scale: number): boolean {
    const lengthMs = toMs(ticks - this.#samples[0]!.pts, scale)
    if (gapMs) return true
    // Frames out of order (B frames): only a key frame is surely later than all before it.
    if (this.#reordered) return key
    // Cameras' time stamps jitter: half a frame short is long enough.
    const isLong = lengthMs + toMs(nominalTicks(this.#codec!), scale) / 2 >= this.options.fragmentMs
    return isLong || (key && this.#turns(ticks, scale))
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

  /** @param next start of the sample that follows without a gap, or null */
  #cut(next: number | null): MadeFragment[] {
    const codec = this.#codec
    const gate = this.#gate
    if (!codec || !gate || !this.#samples.length) return []
    const scale = timescaleOf(codec)
    const samples = inDecodeOrder(this.#samples, next, this.#end ?? 0)
    const start = samples[0]!.dts
    const end = samples.at(-1)!.dts + samples.at(-1)!.duration
    const mediaMs = toMs(start, scale)
    const utcMs = gate.utcMs + mediaMs
    const startsSegment = this.#newSegment
    if (startsSegment) this.#segmentStart = start
    this.#seq++
    const inSegment = samples.map((sample) => ({ ...sample, dts: sample.dts - this.#segmentStart }))
    const boxes = fragmentBoxes({ seq: this.#seq, samples: inSegment, utcMs })
    const fragment: MadeFragment = {
      seq: this.#seq,
      startsSegment,
      bytes: startsSegment ? join([this.#head(codec, gate.hearing, start, utcMs), boxes]) : boxes,
      utcMs,
      mediaMs,
      durationMs: toMs(end - start, scale),
      samples: samples.length,
      gapMs: this.#gapMs,
      codec: codec.name,
    }
    this.#samples = []
    this.#end = end
    this.#newSegment = false
    this.#gapMs = 0
    return [fragment]
  }

  #head(codec: Codec, hearing: string, startTicks: number, utcMs: number): Uint8Array {
    const { track, label } = this.options
    const utc = utcText(utcMs)
    return segmentHead({
      codec,
      label,
      utcMs,
      place: { format: 'verbatim-segment/1', hearing, track, startTicks, utc },
    })
  }
}

const toMs = (ticks: number, scale: number): number => (ticks * 1_000) / scale

/** FLAC's and Opus' lengths are counted in samples, so rounding to nanoseconds and back is exact. */
const durationTicks = (codec: Codec, durationNs: number | null): number =>
  durationNs ? Math.round((durationNs * timescaleOf(codec)) / 1e9) : nominalTicks(codec)

/**
 * Cameras deliver no decode times. Frames come in decode order, so the k-th frame decodes at the k-th smallest
 * presentation time; a negative composition offset (version 1 `trun`) says the rest. Pictures shown before a key frame
 * that they follow (open groups) would decode before `earliest`, the end of the fragment before: they wait for it.
 */
const inDecodeOrder = (samples: readonly WaitingSample[], next: number | null, earliest: number): TimedSample[] => {
  const times = samples.map((sample) => sample.pts).sort((a, b) => a - b)
  const starts: number[] = []
  for (const time of times) starts.push(Math.max(time, starts.length ? starts.at(-1)! + 1 : earliest))
  return samples.map((sample, i) => {
    const dts = starts[i]!
    const following = starts[i + 1] ?? next ?? dts + sample.duration
    return { data: sample.data, dts, cts: sample.pts - dts, duration: Math.max(1, following - dts), key: sample.key }
  })
}
