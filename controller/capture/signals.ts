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
    private readonly label: string,
    private readonly limits: Limits,
  ) {}

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

/** Key frames, and so looks, come about once a second. */
const LOOKS_MS = 1_200
/** Luma of black is 16/255; noise of a covered lens stays near it. */
const BLACK_LUMA = 0.09
const BLACK_VARIANCE = 0.001
/** A live picture's mean and variance never repeat to so many digits: sensors have noise. */
const FROZEN_DIFFERENCE = 1e-7

export class PictureSignals {
  readonly #black = new Lasting()
  readonly #frozen = new Lasting()
  #last: { luma: number; variance: number } | null = null

  constructor(
    private readonly label: string,
    private readonly limits: Limits,
  ) {}

  look(luma: number, variance: number, atMs: number): SignalChange[] {
    // R7 counts from the moment the picture changed; it was looked at up to a second later.
    const forMs = Math.max(LOOKS_MS, this.limits.pictureSeconds * 1_000 - LOOKS_MS)
    const last = this.#last
    this.#last = { luma, variance }
    const black = luma < BLACK_LUMA && variance < BLACK_VARIANCE
    const same =
      last !== null &&
      Math.abs(luma - last.luma) < FROZEN_DIFFERENCE &&
      Math.abs(variance - last.variance) < FROZEN_DIFFERENCE
    const seen = `luma ${luma.toFixed(4)}, variance ${variance.toFixed(5)}`
    return [
      ...change(
        'black',
        this.#black.see(black, atMs, forMs),
        reason(`The picture of camera "${this.label}" is black. Is the lens covered?`, `${seen} for ${forMs} ms`),
        reason(`Camera "${this.label}" shows a picture again.`, seen),
      ),
      ...change(
        'frozen',
        this.#frozen.see(same && !black, atMs, forMs),
        reason(`The picture of camera "${this.label}" stands still.`, `${seen} unchanged for ${forMs} ms`),
        reason(`The picture of camera "${this.label}" moves again.`, seen),
      ),
    ]
  }
}
