/** Slows down whoever guesses: after some failures a name, and an address, wait longer and longer. */

interface Failures {
  count: number
  untilMs: number
  lastMs: number
}

const FREE = 5
const LONGEST_MS = 15 * 60_000
const FORGOTTEN_MS = 60 * 60_000
const MOST = 10_000

export class Guesses {
  readonly #failures = new Map<string, Failures>()

  constructor(private readonly now: () => number = Date.now) {}

  /** How long nothing is tried for any of these; 0 when it may be tried. */
  waitMs(...whoms: string[]): number {
    return Math.max(0, ...whoms.map((whom) => (this.#failures.get(whom)?.untilMs ?? 0) - this.now()))
  }

  failed(...whoms: string[]): void {
    const nowMs = this.now()
    for (const [whom, { lastMs }] of this.#failures) if (nowMs - lastMs > FORGOTTEN_MS) this.#failures.delete(whom)
    for (const whom of whoms) {
      if (this.#failures.size >= MOST && !this.#failures.has(whom)) continue
      const count = (this.#failures.get(whom)?.count ?? 0) + 1
      const waitMs = count < FREE ? 0 : Math.min(LONGEST_MS, 1_000 * 2 ** (count - FREE))
      this.#failures.set(whom, { count, untilMs: nowMs + waitMs, lastMs: nowMs })
    }
  }

  succeeded(...whoms: string[]): void {
    for (const whom of whoms) this.#failures.delete(whom)
  }
}
