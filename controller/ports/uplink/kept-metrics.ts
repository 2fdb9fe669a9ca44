/** Metrics that could not be sent: a ring in memory. The oldest give way, and all of them are sent slowly, later. */
export class KeptMetrics {
  #kept: string[] = []
  #from = 0

  /** @param most 0 keeps none */
  constructor(private readonly most: number) {}

  get size(): number {
    return this.#kept.length
  }

  push(payload: string): void {
    if (this.#kept.length < this.most) this.#kept.push(payload)
    else if (this.most) {
      this.#kept[this.#from] = payload
      this.#from = (this.#from + 1) % this.most
    }
  }

  /** The oldest, which is kept no longer. */
  take(): string | undefined {
    if (this.#from) {
      this.#kept = [...this.#kept.slice(this.#from), ...this.#kept.slice(0, this.#from)]
      this.#from = 0
    }
    return this.#kept.shift()
  }
}
