/**
 * Lets connections in a few at a time. After a power cut in a region thousands come within a second, and a handshake of
 * TLS costs milliseconds: all of them begun at once would keep the loop from everybody who is in already, whose
 * keep-alive runs out meanwhile, who come again, and so on for ever.
 *
 * It counts nothing that a stranger could hold on to: who is let in and then says nothing keeps nobody out.
 */
import type { Socket } from 'node:net'

const EVERY_MS = 10
/** 800 a second at most; a busy loop turns more slowly, and lets in fewer. */
const AT_ONCE = 8
/** Who would wait longer than its patience is sent away at once, and comes again when its back-off tells it to. */
const MOST_WAITING = 2_000

export class Arrivals {
  readonly #waiting: Socket[] = []
  #timer: NodeJS.Timeout | null = null

  constructor(private readonly letIn: (socket: Socket) => void) {}

  come(socket: Socket): void {
    if (this.#waiting.length >= MOST_WAITING) {
      socket.destroy()
      return
    }
    socket.on('error', ignore)
    this.#waiting.push(socket)
    this.#timer ??= setTimeout(() => this.#next(), 0)
  }

  stop(): void {
    if (this.#timer) clearTimeout(this.#timer)
    for (const socket of this.#waiting.splice(0)) socket.destroy()
  }

  #next(): void {
    for (let left = AT_ONCE; left > 0 && this.#waiting.length; ) {
      const socket = this.#waiting.shift()!
      if (socket.destroyed) continue
      socket.off('error', ignore)
      this.letIn(socket)
      left--
    }
    this.#timer = this.#waiting.length ? setTimeout(() => this.#next(), EVERY_MS) : null
  }
}

/** Who gave up while it waited. */
const ignore = (): void => {}
