/**
 * The latest message of each topic, until the broker has it, and again at each connection where it is retained. A topic
 * has one message on its way at most; what changes meanwhile is sent after it. So nothing piles up.
 */
import type { Connection } from './connection.ts'

interface Kept {
  payload: string
  retain: boolean
  is: 'waiting' | 'sending' | 'said'
}

/** Beyond it the oldest that is not retained gives way. */
const MAX_UNRETAINED = 50

export class KeptMessages {
  readonly #messages = new Map<string, Kept>()
  #connection: Connection | null = null

  /**
   * Retained: said again at each connection. The empty payload takes it away at the broker.
   * @param again also when it was said already
   */
  keep(topic: string, payload: string, again = false): void {
    const known = this.#messages.get(topic)
    if (known?.payload === payload && !(again && known.is === 'said')) return
    if (known) known.payload = payload
    else this.#messages.set(topic, { payload, retain: true, is: 'waiting' })
    if (known?.is === 'said') known.is = 'waiting'
    this.#send(topic)
  }

  /** Not retained, and said once: forgotten when the broker has it. */
  once(topic: string, payload: string): void {
    const others = [...this.#messages].filter(([, { retain }]) => !retain)
    if (others.length >= MAX_UNRETAINED) this.#messages.delete(others[0]![0])
    this.#messages.delete(topic)
    this.#messages.set(topic, { payload, retain: false, is: 'waiting' })
    this.#send(topic)
  }

  /** Topics that have a message at the broker, or shall have one, or from which it is not taken away yet. */
  topics(): string[] {
    return [...this.#messages.keys()]
  }

  /** Whatever this broker knew, it is told everything. */
  connected(connection: Connection): void {
    this.#connection = connection
    for (const message of this.#messages.values()) message.is = 'waiting'
    for (const topic of this.#messages.keys()) this.#send(topic)
  }

  disconnected(): void {
    this.#connection = null
  }

  #send(topic: string): void {
    const message = this.#messages.get(topic)
    const connection = this.#connection
    if (!connection?.isOpen || message?.is !== 'waiting') return
    message.is = 'sending'
    const { payload, retain } = message
    connection.publish(topic, payload, { qos: 1, retain }).then(
      () => {
        if (this.#connection !== connection || this.#messages.get(topic) !== message) return
        message.is = message.payload === payload ? 'said' : 'waiting'
        if (message.is === 'waiting') this.#send(topic)
        else if (!retain || !payload) this.#messages.delete(topic)
      },
      () => {},
    )
  }
}
