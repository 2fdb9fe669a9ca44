/** A line that bounces, or is cut half through, has one level at a time and tells few changes, whatever happens on it. */

/** A line that never rests is believed after so many times its period, as it then stands. */
const RESTLESS = 10

export class Debounce {
  #settled: boolean | null = null
  #level = false
  #changedMs = 0
  #restlessMs = 0
  #timer: NodeJS.Timeout | null = null

  /** @param periodMs a level counts once it has stayed so long; the first one counts at once */
  constructor(
    private readonly periodMs: number,
    private readonly tell: (active: boolean) => void,
  ) {}

  hear(active: boolean): void {
    if (this.#settled === null) {
      this.#level = active
      return this.#settle()
    }
    if (active !== this.#level) {
      this.#level = active
      this.#changedMs = performance.now()
    }
    if (this.#timer || active === this.#settled) return
    this.#restlessMs = this.#changedMs
    this.#wait(this.periodMs)
  }

  close(): void {
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = null
  }

  #wait(ms: number): void {
    this.#timer = setTimeout(() => {
      this.#timer = null
      const nowMs = performance.now()
      const restMs = nowMs - this.#changedMs
      if (restMs >= this.periodMs || nowMs - this.#restlessMs >= RESTLESS * this.periodMs) this.#settle()
      else this.#wait(this.periodMs - restMs)
    }, ms)
  }

  #settle(): void {
    if (this.#level === this.#settled) return
    this.#settled = this.#level
    this.tell(this.#level)
  }
}
