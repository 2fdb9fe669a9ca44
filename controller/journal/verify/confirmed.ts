import type { Entry } from '../entry.ts'

/** No court has more stores, and none needs more notes: a journal from a stranger must not fill the memory. */
const MOST_STORES = 64
const MOST_NOTES = 100_000

/** Which store has confirmed which fragments, by the journal. */
export class Confirmed {
  /** Every store the journal speaks of. */
  readonly stores = new Set<string>()
  readonly #upto = new Map<string, number>()
  /** Stores that failed once: a later `stored` says nothing sure about what they missed before it. */
  readonly #failed = new Set<string>()

  note(entry: Entry): void {
    if (entry.kind === 'fragments' || entry.kind === 'found')
      for (const fragment of entry.fragments) for (const store of fragment.stores) this.#know(store)
    if (entry.kind === 'store' || entry.kind === 'tail') this.#know(entry.store)
    if (entry.kind === 'store' && entry.to === 'failed' && this.stores.has(entry.store)) this.#failed.add(entry.store)
    if (entry.kind === 'stored') {
      this.#know(entry.store)
      if (this.#failed.has(entry.store) || this.#upto.size >= MOST_NOTES) return
      const key = JSON.stringify([entry.store, entry.track, entry.run])
      this.#upto.set(key, Math.max(entry.upto, this.#upto.get(key) ?? 0))
    }
  }

  /**
   * Whether these fragments were confirmed on the store in question. When nobody says which store that is, they count
   * as confirmed only if every store had them: otherwise this may be the store that never did.
   */
  here(fragments: { track: string; run: number; toSeq: number; stores: readonly string[] }, store?: string): boolean {
    const on = (name: string) =>
      fragments.stores.includes(name) ||
      (this.#upto.get(JSON.stringify([name, fragments.track, fragments.run])) ?? 0) >= fragments.toSeq
    return store === undefined ? [...this.stores].every(on) : on(store)
  }

  #know(store: string): void {
    if (this.stores.size < MOST_STORES) this.stores.add(store)
  }
}
