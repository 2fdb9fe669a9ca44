/** How fast strangers may ask: each address, and all of them together. */
import { Pace } from '../../base/pace.ts'

export interface PacesPlan {
  /** Of one address; four seconds' worth may come at once. */
  each: number
  /** Of all together; five seconds' worth may come at once. */
  all: number
}

const MOST_ADDRESSES = 10_000

export class Paces {
  readonly #all: Pace
  readonly #each = new Map<string, Pace>()

  constructor(private readonly plan: PacesPlan) {
    this.#all = new Pace(plan.all, plan.all * 5, performance.now())
  }

  mayNow(address: string): boolean {
    const nowMs = performance.now()
    if (this.#each.size >= MOST_ADDRESSES) this.#each.clear()
    const own = this.#each.get(address) ?? new Pace(this.plan.each, this.plan.each * 4, nowMs)
    this.#each.set(address, own)
    return own.mayNow(nowMs) && this.#all.mayNow(nowMs)
  }
}
