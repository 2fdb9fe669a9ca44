/** How fast one client may speak: more is held back. */

export class Pace {
  #tokens: number
  #atMs: number

  constructor(
    private readonly perSecond: number,
    private readonly burst: number,
    nowMs: number,
  ) {
    this.#tokens = burst
    this.#atMs = nowMs
  }

  /** How long this message is held back. */
  holdMs(nowMs: number): number {
    this.#tokens = Math.min(this.burst, this.#tokens + ((nowMs - this.#atMs) / 1_000) * this.perSecond)
    this.#atMs = nowMs
    this.#tokens--
    return this.#tokens >= 0 ? 0 : (-this.#tokens / this.perSecond) * 1_000
  }
}
