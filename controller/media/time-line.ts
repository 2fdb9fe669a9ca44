/**
 * Where each sample of a track stands on the hearing's media time line, in ticks.
 * Sound is continuous by count: its time stamps jitter by what the clocks read, so a sample follows the one before
 * unless the clock insists; then the line steps, so that a sound card that runs fast or slow stays within
 * STEP_MS of every other track (R8). Pictures stand where their time stamps say.
 */
import { type Codec, nominalTicks, timescaleOf } from './codec.ts'

/** Half of what R8 allows between two tracks. */
const STEP_MS = 10
/** A hole longer than this is missing media and is told as a gap. */
const AUDIO_GAP_MS = 30
const VIDEO_GAP_MS = 250

export interface Place {
  ticks: number
  /** Missing media before this sample, in milliseconds; 0 when it follows on. */
  gapMs: number
}

export class TimeLine {
  /** End of the last sample, by count. */
  #expected: number | null = null
  /** Start of the last sample. */
  #last = -1
  readonly #scale: number
  readonly #nominal: number
  readonly #audio: boolean

  constructor(codec: Codec) {
    this.#scale = timescaleOf(codec)
    this.#nominal = nominalTicks(codec)
    this.#audio = 'rate' in codec
  }

  /** @param mediaMs what the clock says of the sample's start */
  place(mediaMs: number, durationTicks: number = this.#nominal): Place {
    const observed = Math.round((mediaMs * this.#scale) / 1_000)
    const expected = this.#expected
    const offMs = expected === null ? 0 : ((observed - expected) * 1_000) / this.#scale
    const follows = this.#audio && expected !== null && Math.abs(offMs) < STEP_MS
    // Sound never goes back: after a jump of its clock its samples crowd together until the clock has caught up.
    const earliest = this.#audio ? this.#last + 1 : 0
    const ticks = Math.max(earliest, follows ? expected : observed)
    this.#last = ticks
    this.#expected = Math.max(ticks + durationTicks, this.#audio ? 0 : (expected ?? 0))
    return { ticks, gapMs: offMs > (this.#audio ? AUDIO_GAP_MS : VIDEO_GAP_MS) ? offMs : 0 }
  }

  /** After a recess nothing is missing: the next sample starts afresh. */
  restart(): void {
    this.#expected = null
    this.#last = -1
  }
}
