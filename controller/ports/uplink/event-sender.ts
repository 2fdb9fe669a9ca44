/** Sends what waits in the outbox: fifty at most that the hub has not acknowledged, urgent ones first. */
import type { EventAck } from '../../wire/fleet/fleet-event.ts'
import type { Connection } from './connection.ts'

/** The outbox, as far as sending needs it. */
export interface EventSource {
  next(limit: number, except: { has(seq: number): boolean }): Promise<{ seq: number; text: string }[]>
  acknowledge(ack: EventAck): Promise<void>
  onKept(listener: () => void): () => void
}

export const WINDOW = 50
/** A hub that was away has not heard what the broker took: it is sent again. */
const AGAIN = { firstMs: 30_000, longestMs: 300_000 }

export class EventSender {
  /** By number: when it was sent. */
  readonly #inFlight = new Map<number, number>()
  #connection: Connection | null = null
  #isPumping = false
  #mustPump = false
  #againMs = AGAIN.firstMs
  readonly #stop: () => void

  constructor(
    private readonly events: EventSource,
    private readonly topic: string,
  ) {
    this.#stop = events.onKept(() => this.pump())
  }

  get inFlight(): number {
    return this.#inFlight.size
  }

  connected(connection: Connection): void {
    this.#connection = connection
    this.#inFlight.clear()
    this.#againMs = AGAIN.firstMs
    this.pump()
  }

  disconnected(): void {
    this.#connection = null
  }

  async acknowledged(ack: EventAck): Promise<void> {
    await this.events.acknowledge(ack)
    const ahead = new Set(ack.ahead)
    for (const seq of this.#inFlight.keys())
      if (seq <= ack.upto || ahead.has(seq)) {
        this.#inFlight.delete(seq)
        this.#againMs = AGAIN.firstMs
      }
    this.pump()
  }

  /** Every few seconds. */
  tick(): void {
    if (!this.#connection?.isOpen) return
    const [oldestMs] = this.#inFlight.values()
    if (oldestMs !== undefined && performance.now() - oldestMs > this.#againMs) {
      this.#inFlight.clear()
      this.#againMs = Math.min(AGAIN.longestMs, this.#againMs * 2)
    }
    this.pump()
  }

  pump(): void {
    this.#mustPump = true
    if (this.#isPumping) return
    this.#isPumping = true
    this.#pump()
      .catch(() => {})
      .finally(() => {
        this.#isPumping = false
      })
  }

  close(): void {
    this.#stop()
    this.#connection = null
  }

  async #pump(): Promise<void> {
    while (this.#mustPump) {
      this.#mustPump = false
      const connection = this.#connection
      const room = WINDOW - this.#inFlight.size
      if (!connection?.isOpen || room <= 0) return
      const events = await this.events.next(room, this.#inFlight)
      if (connection !== this.#connection) continue
      for (const { seq, text } of events) {
        this.#inFlight.set(seq, performance.now())
        // Its acknowledgement says nothing: the broker has it, not the hub.
        connection.publish(this.topic, text, { qos: 1, retain: false }).catch(() => {})
      }
    }
  }
}
