/** Events in memory alone: for simulated devices, many thousands of them in one process. */
import type { KeptEvent } from './kept-event.ts'
import type { OpenedShelf, Shelf } from './shelf.ts'

export class MemoryShelf implements Shelf {
  readonly #events = new Map<number, KeptEvent>()
  #last: OpenedShelf['last'] = null
  #upto = 0
  #ahead: readonly number[] = []
  #bytes = 0

  get bytes(): number {
    return this.#bytes
  }

  async open(): Promise<OpenedShelf> {
    const urgent = [...this.#events.values()].flatMap((event) => (event.urgent ? event.seq : []))
    return { last: this.#last, urgent, upto: this.#upto, ahead: [...this.#ahead], lost: [], untold: [] }
  }

  async append(events: readonly KeptEvent[]): Promise<void> {
    for (const event of events) {
      this.#events.set(event.seq, event)
      this.#bytes += event.text.length
      this.#last = { seq: event.seq, hash: event.hash }
    }
  }

  async read(seqs: readonly number[]): Promise<{ events: KeptEvent[]; gone: number[] }> {
    const events = seqs.flatMap((seq) => this.#events.get(seq) ?? [])
    const gone = events.length === seqs.length ? [] : seqs.filter((seq) => !this.#events.has(seq))
    return { events, gone }
  }

  async forget(upto: number, ahead: readonly number[]): Promise<void> {
    this.#upto = upto
    this.#ahead = ahead
    // A Map tells its keys in the order they came: the lowest first.
    for (const [seq, { text }] of this.#events) {
      if (seq > upto) break
      this.#events.delete(seq)
      this.#bytes -= text.length
    }
  }

  async close(): Promise<void> {}
}
