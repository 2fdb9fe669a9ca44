/**
 * When running time 0 of a pipeline was, on CLOCK_MONOTONIC. The binding does not tell, but a live metronome does:
 * its message for the tenth of a second that ends at running time t arrives at base + t, plus the delay of the moment.
 * The smallest difference of many is the base time, to a fraction of a millisecond (R8).
 */
import type { MonoMs } from '../base/units.ts'

/** Fewer could all have been late. Twenty take two seconds. */
const ENOUGH = 20
/** Length of the metronome's buffers: a buffer that starts at t is delivered at t. */
export class BaseTime {
  #smallest = Number.POSITIVE_INFINITY
  #count = 0

  /** @param runningMs running time of the metronome's buffer @param arrivedMs CLOCK_MONOTONIC now */
  hear(runningMs: number, arrivedMs: MonoMs): void {
    // Once settled it stays: a better estimate in the middle of a hearing would be a step in every time stamp.
    if (this.isSettled) return
    this.#smallest = Math.min(this.#smallest, arrivedMs - runningMs)
    this.#count++
  }

  get isSettled(): boolean {
    return this.#count >= ENOUGH
  }

  /** Meaningful once settled. */
  get ms(): MonoMs {
    return this.#smallest
  }
}
