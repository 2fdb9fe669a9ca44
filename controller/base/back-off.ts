/** When to try again: twice as late after each failure, up to a limit, and never all at the same instant. */
import { monotonicMs } from './monotonic.ts'

export interface BackOffLimits {
  firstMs: number
  longestMs: number
}

export class BackOff {
  #failures = 0
  #untilMs = 0

  /** @param chance from 0 to 1: a thousand devices that lost one server must not come back together */
  constructor(
    private readonly limits: BackOffLimits,
    private readonly chance: () => number = Math.random,
  ) {}

  /** How long to wait still; 0 when it may be tried. */
  get leftMs(): number {
    return Math.max(0, this.#untilMs - monotonicMs())
  }

  /**
   * Somewhere between half of the delay and all of it.
   * @param longestMs where this failure cost nobody anything: less than the limit, and the next one waits no longer for it
   */
  failed(longestMs = this.limits.longestMs): void {
    const wantedMs = this.limits.firstMs * 2 ** Math.min(this.#failures, 40)
    const delayMs = Math.min(this.limits.longestMs, longestMs, wantedMs)
    if (delayMs === wantedMs) this.#failures++
    this.#untilMs = monotonicMs() + delayMs * (0.5 + this.chance() / 2)
  }

  succeeded(): void {
    this.#failures = 0
    this.#untilMs = 0
  }
}
