/** How fast somebody may ask: a bucket of tokens that fills up again. */
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

  /** Takes a token, or a debt; how long to wait until it is paid. */
  holdMs(nowMs: number): number {
    this.#fill(nowMs)
    this.#tokens--
    return this.#tokens >= 0 ? 0 : (-this.#tokens / this.perSecond) * 1_000
  }

  /** Takes a token when there is one. */
  mayNow(nowMs: number): boolean {
    this.#fill(nowMs)
    if (this.#tokens < 1) return false
    this.#tokens--
    return true
  }

  #fill(nowMs: number): void {
    this.#tokens = Math.min(this.burst, this.#tokens + ((nowMs - this.#atMs) / 1_000) * this.perSecond)
    this.#atMs = nowMs
  }
}
