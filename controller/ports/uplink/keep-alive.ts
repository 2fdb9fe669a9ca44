/**
 * Keeps a connection alive and tells a dead one from a slow one. MQTT.js does both with one number: to it a broker is dead
 * that answers a ping later than half a keep-alive; of ten seconds' way there and back a connection would not live.
 */
import { performance } from 'node:perf_hooks'

export interface KeepAliveOptions {
  /** What the broker was promised a packet within. */
  keepaliveSeconds: number
  /** Whoever said nothing for so long is dead; longer than the slowest way there and back. */
  patienceMs: number
  ping: () => void
  /** Once. */
  dead: (why: string) => void
}

/** Of the time promised: a ping may be late by the rest of it and by half as long again, which brokers wait. */
const SHARE = 0.8

export class KeepAlive {
  readonly #timer: NodeJS.Timeout
  #heardMs = performance.now()

  constructor(private readonly options: KeepAliveOptions) {
    this.#timer = setInterval(() => this.#beat(), options.keepaliveSeconds * 1_000 * SHARE)
  }

  /** The broker said something, whatever it was. */
  heard(): void {
    this.#heardMs = performance.now()
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  #beat(): void {
    const silentMs = Math.round(performance.now() - this.#heardMs)
    if (silentMs < this.options.patienceMs) return this.options.ping()
    this.stop()
    this.options.dead(`the broker has been silent for ${silentMs} ms`)
  }
}
