/** Slows down whoever guesses: after some failures a name, and an address, wait longer and longer. */

interface Failures {
  count: number
  untilMs: number
  lastMs: number
}

const FREE_OF_A_NAME = 5
/** A whole court may stand behind one address. */
const FREE_OF_AN_ADDRESS = 20
const LONGEST_MS = 15 * 60_000
const FORGOTTEN_MS = 60 * 60_000
const MOST = 10_000

export class Guesses {
  readonly #failures = new Map<string, Failures>()

  constructor(private readonly now: () => number = Date.now) {}

  /** How long nothing is tried for this name or from this address; 0 when it may be tried. */
  waitMs(name: string, address: string): number {
    const until = (key: string) => this.#failures.get(key)?.untilMs ?? 0
    return Math.max(0, Math.max(until(nameKey(name)), until(addressKey(address))) - this.now())
  }

  failed(name: string, address: string): void {
    const nowMs = this.now()
    for (const [key, { lastMs }] of this.#failures) if (nowMs - lastMs > FORGOTTEN_MS) this.#failures.delete(key)
    this.#count(nameKey(name), FREE_OF_A_NAME, nowMs)
    this.#count(addressKey(address), FREE_OF_AN_ADDRESS, nowMs)
  }

  /** The name is forgiven; the address loses only this one, or whoever has a name would guess at others for ever. */
  succeeded(name: string, address: string): void {
    this.#failures.delete(nameKey(name))
    const failures = this.#failures.get(addressKey(address))
    if (!failures) return
    failures.count--
    failures.untilMs = 0
  }

  #count(key: string, free: number, nowMs: number): void {
    if (this.#failures.size >= MOST && !this.#failures.has(key)) return
    const count = (this.#failures.get(key)?.count ?? 0) + 1
    const waitMs = count < free ? 0 : Math.min(LONGEST_MS, 1_000 * 2 ** (count - free))
    this.#failures.set(key, { count, untilMs: nowMs + waitMs, lastMs: nowMs })
  }
}

const nameKey = (name: string): string => `name ${name}`
const addressKey = (address: string): string => `address ${address}`
