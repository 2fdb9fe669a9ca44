/** Notices what R7 asks for in levels and pictures: silence, clipping, black, frozen. Pure; times come in. */
import { type Reason, reason } from '../base/reason.ts'
import type { Limits } from '../wire/config.ts'

export type SignalName = 'silent' | 'clipping' | 'voice' | 'black' | 'frozen'
export interface SignalChange {
  what: SignalName
  state: 'begun' | 'ended'
  reason: Reason
}

/** A condition that must hold for a while before it counts. */
class Lasting {
  #sinceMs: number | null = null
  #told = false

  /** 'begun' or 'ended' at the moment of change, else null. */
  see(holds: boolean, atMs: number, forMs: number): 'begun' | 'ended' | null {
    if (!holds) {
      this.#sinceMs = null
      const ended = this.#told
      this.#told = false
      return ended ? 'ended' : null
    }
    this.#sinceMs ??= atMs
    if (this.#told || atMs - this.#sinceMs < forMs) return null
    this.#told = true
    return 'begun'
  }
}

const change = (what: SignalName, state: 'begun' | 'ended' | null, begun: Reason, ended: Reason): SignalChange[] =>
  state ? [{ what, state, reason: state === 'begun' ? begun : ended }] : []

export class SoundSignals {
  readonly #silent = new Lasting()
  readonly #clipping = new Lasting()

  constructor(
    private label: string,
    private limits: Limits,
  ) {}

  /** From now on; what has begun ends by the new limits. */
  judgeBy(label: string, limits: Limits): void {
    this.label = label
    this.limits = limits
  }

  level(rmsDbfs: number, peakDbfs: number, atMs: number): SignalChange[] {
    const { silentDbfs, silentSeconds, clippingDbfs } = this.limits
    return [
      ...change(
        'silent',
        this.#silent.see(rmsDbfs < silentDbfs, atMs, silentSeconds * 1_000),
        reason(
          `Microphone "${this.label}" has been silent for ${silentSeconds} seconds. Is it switched on and connected?`,
          `rms below ${silentDbfs} dBFS for ${silentSeconds} s`,
        ),
        reason(`Microphone "${this.label}" is heard again.`, `rms ${rmsDbfs.toFixed(1)} dBFS`),
      ),
      ...change(
        'clipping',
        this.#clipping.see(peakDbfs >= clippingDbfs, atMs, 0),
        reason(`Microphone "${this.label}" is too loud and distorts.`, `peak ${peakDbfs.toFixed(1)} dBFS`),
        reason(`Microphone "${this.label}" no longer distorts.`, `peak ${peakDbfs.toFixed(1)} dBFS`),
      ),
    ]
  }
}

/** Luma of black is 16/255; noise of a covered lens stays near it. */
const BLACK_LUMA = 0.09
const BLACK_VARIANCE = 0.001
/** Less than a step of one pixel: sensors have noise, so that a live picture's sums never repeat exactly. */
const FROZEN_DIFFERENCE = 1e-9
/** A fault shows in two looks and may have begun right after the look before: each has a quarter of the limit at most. */
const LOOK_SHARE = 0.24
const LOOK_AGAIN_MS = 1_200
/** Looks come by so much later than they should. */
const JITTER_MS = 250

/** A picture need not be looked at sooner after the last one: decoding it costs more than recording it. */
export const lookAgainMs = ({ pictureSeconds }: Limits): number =>
  Math.min(LOOK_AGAIN_MS, pictureSeconds * 1_000 * LOOK_SHARE)

export interface Look {
  luma: number
  variance: number
  /** When the picture was taken; a decoder may hold it back until it is looked at. */
  takenMs: number
  atMs: number
}

/** A fault that two looks show: it may have begun right after the picture before. Told once one more look is too late. */
class ShownTwice {
  #wellMs = 0
  #told = false

  /** 'begun' or 'ended' at the moment of change, else null. */
  see(holds: boolean, last: Look, now: Look, limitMs: number): 'begun' | 'ended' | null {
    if (!holds) {
      this.#wellMs = last.takenMs
      const ended = this.#told
      this.#told = false
      return ended ? 'ended' : null
    }
    const nextMs = now.atMs + (now.atMs - last.atMs)
    if (this.#told || nextMs - this.#wellMs <= limitMs - JITTER_MS) return null
    this.#told = true
    return 'begun'
  }
}

const isBlack = ({ luma, variance }: Look): boolean => luma < BLACK_LUMA && variance < BLACK_VARIANCE

const isSame = (a: Look, b: Look): boolean =>
  Math.abs(a.luma - b.luma) < FROZEN_DIFFERENCE && Math.abs(a.variance - b.variance) < FROZEN_DIFFERENCE

export class PictureSignals {
  readonly #black = new ShownTwice()
  readonly #frozen = new ShownTwice()
  #last: Look | null = null

  constructor(
    private label: string,
    private limits: Limits,
  ) {}

  /** From now on; what has begun ends by the new limits. */
  judgeBy(label: string, limits: Limits): void {
    this.label = label
    this.limits = limits
  }

  look(now: Look): SignalChange[] {
    const limitMs = this.limits.pictureSeconds * 1_000
    const last = this.#last ?? now
    const isFirst = this.#last === null
    this.#last = now
    const black = !isFirst && isBlack(last) && isBlack(now)
    const frozen = !isFirst && isSame(last, now) && !isBlack(now)
    const seen = `luma ${now.luma.toFixed(4)}, variance ${now.variance.toFixed(5)}`
    const shown = `${seen}, and so ${((now.atMs - last.atMs) / 1_000).toFixed(1)} s before`
    return [
      ...change(
        'black',
        this.#black.see(black, last, now, limitMs),
        reason(`The picture of camera "${this.label}" is black. Is the lens covered?`, shown),
        reason(`Camera "${this.label}" shows a picture again.`, seen),
      ),
      ...change(
        'frozen',
        this.#frozen.see(frozen, last, now, limitMs),
        reason(`The picture of camera "${this.label}" stands still.`, shown),
        reason(`The picture of camera "${this.label}" moves again.`, seen),
      ),
    ]
  }
}
