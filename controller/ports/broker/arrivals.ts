/**
 * Lets connections in a few at a time. After a power cut in a region thousands come within a second, and a handshake of
 * TLS costs milliseconds: all of them begun at once would keep the loop from everybody who is in already, whose
 * keep-alive runs out meanwhile, who come again, and so on for ever. Waiting costs next to nothing: who waits its turn
 * is served sooner than who is sent away and asks again and again.
 *
 * Nothing that a stranger could hold on to is counted for long: who is let in and then says nothing keeps nobody out.
 */
import type { Socket } from 'node:net'
import { performance } from 'node:perf_hooks'

const EVERY_MS = 10
/** 800 a second at most; a busy loop turns more slowly, and lets in fewer. */
const AT_ONCE = 8
/** Handshakes on their way. With more each of them takes so long that whoever began it has given up before it ends. */
const MOST_OPENING = 128
/**
 * A handshake counts for so long; over a satellite it takes longer, and counts no more. With the bound of silent
 * strangers of one address (1,000 within 20 s) one address holds fewer than half of these places.
 */
const OPENING_MS = 1_000
/** Who would wait longer than its patience of 15 s is sent away, and comes again when its back-off tells it to. */
const MOST_WAITING = 4_000

export class Arrivals {
  readonly #waiting: Socket[] = []
  /** When those on their way began, the oldest first. */
  #begunMs: number[] = []
  #timer: NodeJS.Timeout | null = null

  /** @param letIn false when it is not let in after all, and costs nothing */
  constructor(private readonly letIn: (socket: Socket) => boolean) {}

  come(socket: Socket): void {
    if (this.#waiting.length >= MOST_WAITING) {
      socket.destroy()
      return
    }
    socket.on('error', ignore)
    this.#waiting.push(socket)
    this.#timer ??= setTimeout(() => this.#next(), 0)
  }

  /** One that was let in has shown who it is, or has failed; of several it does not matter which. */
  over(): void {
    this.#begunMs.shift()
  }

  stop(): void {
    if (this.#timer) clearTimeout(this.#timer)
    for (const socket of this.#waiting.splice(0)) socket.destroy()
  }

  #next(): void {
    const nowMs = performance.now()
    this.#begunMs = this.#begunMs.filter((begunMs) => nowMs - begunMs < OPENING_MS)
    let room = Math.min(AT_ONCE, MOST_OPENING - this.#begunMs.length)
    let taken = 0
    for (; room > 0 && taken < this.#waiting.length; taken++) {
      const socket = this.#waiting[taken]!
      if (socket.destroyed) continue
      socket.off('error', ignore)
      if (!this.letIn(socket)) continue
      this.#begunMs.push(nowMs)
      room--
    }
    this.#waiting.splice(0, taken)
    this.#timer = this.#waiting.length ? setTimeout(() => this.#next(), EVERY_MS) : null
  }
}

/** Who gave up while it waited. */
const ignore = (): void => {}
