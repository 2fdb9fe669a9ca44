/** Who looks on: each live stream keeps a connection, so nobody may have all of them. */
import { VerbatimError } from '../../base/error.ts'

const MOST = 500
/** Pages of one person: some machines with some windows each. */
const MOST_OF_ONE = 20

export class Seats {
  readonly #taken = new Map<string, number>()
  #all = 0

  /** Throws TOO_OFTEN. @returns gives the seat back, once however often it is called */
  take(name: string): () => void {
    const own = this.#taken.get(name) ?? 0
    if (own >= MOST_OF_ONE)
      throw new VerbatimError('TOO_OFTEN', `${name} has ${own} live pages open, and more are not allowed: close some`)
    if (this.#all >= MOST) throw new VerbatimError('TOO_OFTEN', `${MOST} live pages are open, and more are not allowed`)
    this.#all++
    this.#taken.set(name, own + 1)
    let isTaken = true
    return () => {
      if (!isTaken) return
      isTaken = false
      this.#all--
      const left = this.#taken.get(name)! - 1
      if (left) this.#taken.set(name, left)
      else this.#taken.delete(name)
    }
  }
}
