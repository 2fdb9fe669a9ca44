/** Which events need no sending any more: acknowledged by the hub, or gone for good. */
import type { SeqRange } from './shelf.ts'

export class Acknowledged {
  readonly #ahead = new Set<number>()
  #lost: SeqRange[] = []

  constructor(private floor = 0) {}

  /** This and all before. */
  get upto(): number {
    return this.floor
  }

  /** Later ones that the hub has too. */
  get ahead(): number[] {
    return [...this.#ahead].sort((a, b) => a - b)
  }

  has(seq: number): boolean {
    return seq <= this.floor || this.#ahead.has(seq) || this.#isLost(seq)
  }

  /** @param last the highest number given so far: nobody can have taken a later one */
  take(upto: number, ahead: readonly number[], last: number): void {
    this.floor = Math.max(this.floor, Math.min(upto, last))
    for (const seq of ahead) if (seq <= last && !this.has(seq)) this.#ahead.add(seq)
    this.#rise()
  }

  lose([from, to]: SeqRange): void {
    if (to <= this.floor) return
    for (const seq of this.#ahead) if (from <= seq && seq <= to) this.#ahead.delete(seq)
    this.#lost.push([from, to])
    this.#rise()
  }

  /** Numbers above `upto`, up to `last`, that still wait. */
  countWaiting(last: number): number {
    const lost = this.#lost.reduce((sum, [from, to]) => sum + to - Math.max(from, this.floor + 1) + 1, 0)
    return Math.max(0, last - this.floor - this.#ahead.size - lost)
  }

  #isLost(seq: number): boolean {
    return this.#lost.some(([from, to]) => from <= seq && seq <= to)
  }

  #rise(): void {
    for (let next = this.floor + 1; ; next = this.floor + 1) {
      const lost = this.#lost.find(([from, to]) => from <= next && next <= to)
      if (lost) this.floor = lost[1]
      else if (this.#ahead.delete(next)) this.floor = next
      else break
    }
    for (const seq of this.#ahead) if (seq <= this.floor) this.#ahead.delete(seq)
    this.#lost = this.#lost.filter(([, to]) => to > this.floor)
  }
}
