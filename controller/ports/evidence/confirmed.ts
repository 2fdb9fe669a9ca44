import type { Entry } from '../../journal/entry.ts'

/** Which store has confirmed which fragments, by the journal. */
export class Confirmed {
  /** Every store the journal speaks of. */
  readonly stores = new Set<string>()
  readonly #upto = new Map<string, number>()
  /** Stores that failed once: a later `stored` says nothing sure about what they missed before it. */
  readonly #failed = new Set<string>()

  note(entry: Entry): void {
    if (entry.kind === 'fragments' || entry.kind === 'found')
      for (const fragment of entry.fragments) for (const store of fragment.stores) this.stores.add(store)
    if (entry.kind === 'store' || entry.kind === 'tail') this.stores.add(entry.store)
    if (entry.kind === 'store' && entry.to === 'failed') this.#failed.add(entry.store)
    if (entry.kind === 'stored') {
      this.stores.add(entry.store)
      if (this.#failed.has(entry.store)) return
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
}
