/**
 * How many simulated appliances may be on their way to the broker at once. One process is not thousands of computers:
 * what each of those does by itself in a tenth of a second would take this one so long, for all together, that every
 * one of them gave up before its turn came. Whoever finds no place has not reached the network, and tries again as it
 * would then.
 */
import { monotonicMs } from '../base/monotonic.ts'

/** Far more than a broker lets in at once, so that it is the broker who sets the pace. */
const MOST = 400
/** A connection that has come to nothing keeps its place for so long. */
const KEPT_MS = 5_000

export class Openings {
  /** The oldest first. */
  readonly #begunMs = new Map<object, number>()

  constructor(private readonly nowMs: () => number = monotonicMs) {}

  /** Whether this one may begin, and has its place from now on. */
  begin(who: object): boolean {
    const nowMs = this.nowMs()
    for (const [other, begunMs] of this.#begunMs) {
      if (nowMs - begunMs < KEPT_MS) break
      this.#begunMs.delete(other)
    }
    this.#begunMs.delete(who)
    if (this.#begunMs.size >= MOST) return false
    this.#begunMs.set(who, nowMs)
    return true
  }

  /** It is connected, or has been switched off. */
  over(who: object): void {
    this.#begunMs.delete(who)
  }
}
