/**
 * Bounds what waits in memory for those who do not read. The clock alone (`DRAIN_MS`) bounds no bytes: in five seconds a
 * fleet can say a lot, and each of many slow readers is handed all of it.
 *
 * Counted is what was written to a connection and its socket has not taken: with TLS before it is encrypted. What the
 * kernel holds is not in it.
 */
import type { Duplex } from 'node:stream'

/** Bytes. */
export interface MostUnread {
  each: number
  /** However many they are. */
  together: number
}

export const MOST_UNREAD: MostUnread = { each: 8 << 20, together: 64 << 20 }

export class Unread {
  /** As it was when last looked at: since then it may have become less, never more. */
  readonly #bytes = new Map<Duplex, number>()
  #together = 0

  /** `cut` must destroy the stream. */
  constructor(
    private readonly cut: (stream: Duplex, bytes: number) => void,
    private readonly most: MostUnread = MOST_UNREAD,
  ) {}

  /** Whatever is written to the stream counts from now on. */
  watch(stream: Duplex): void {
    const write = stream.write.bind(stream) as (...all: unknown[]) => boolean
    stream.write = ((...all: unknown[]) => {
      const isTaken = write(...all)
      // False: it says `drain` when there is nothing left, or closes.
      if (!isTaken && !stream.destroyed) this.#grew(stream)
      return isTaken
    }) as Duplex['write']
    stream.on('drain', () => this.#set(stream, 0)).once('close', () => this.#set(stream, 0))
  }

  /** Bytes, at most. */
  get together(): number {
    return this.#together
  }

  #grew(stream: Duplex): void {
    const bytes = stream.writableLength
    this.#set(stream, bytes)
    if (bytes > this.most.each) this.#leave(stream)
    if (this.#together <= this.most.together) return
    for (const each of this.#bytes.keys()) this.#set(each, each.writableLength)
    while (this.#together > this.most.together) this.#leave(this.#greediest())
  }

  #greediest(): Duplex {
    return [...this.#bytes].reduce((most, each) => (each[1] > most[1] ? each : most))[0]
  }

  #leave(stream: Duplex): void {
    const bytes = this.#bytes.get(stream) ?? 0
    this.#set(stream, 0)
    this.cut(stream, bytes)
  }

  #set(stream: Duplex, bytes: number): void {
    this.#together += bytes - (this.#bytes.get(stream) ?? 0)
    if (bytes) this.#bytes.set(stream, bytes)
    else this.#bytes.delete(stream)
  }
}
