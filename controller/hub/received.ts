/** What comes from the broker: parsed, or counted and told once. Nothing that a device can send ends the hub. */
import { messageOf } from '../base/error.ts'
import type { Logger } from '../base/log.ts'
import { isUp, type ParsedTopic, TOPICS } from '../wire/fleet/topics.ts'

export interface Received extends ParsedTopic {
  payload: Uint8Array
  /** Null: the empty message. */
  message: unknown
  retained: boolean
}

/** A device is told of once for each kind of message, and so many devices at all. */
const MOST_TOLD = 10_000

export class Reception {
  readonly counts = { messages: 0, malformed: 0, strangers: 0 }
  readonly #told = new Set<string>()

  constructor(
    private readonly log: Logger,
    private readonly courtOf: (device: string) => string | null,
  ) {}

  /** Null when it is nothing that anybody should act on. */
  take(parsed: ParsedTopic, payload: Uint8Array, retained: boolean): Received | null {
    if (!isUp(parsed.name)) return null
    this.counts.messages++
    const { court, device, name } = parsed
    if (this.courtOf(device) !== court) {
      this.counts.strangers++
      this.#tellOnce(device, 'stranger', { device, court }, 'somebody speaks who is not enrolled here')
      return null
    }
    const { schema, maxBytes } = TOPICS[name]
    if (!payload.length) return { ...parsed, payload, message: null, retained }
    try {
      if (payload.length > maxBytes) throw new RangeError(`${payload.length} bytes, of ${maxBytes}`)
      const message: unknown = schema.parse(JSON.parse(Buffer.from(payload).toString('utf8')))
      return { ...parsed, payload, message, retained }
    } catch (fault) {
      this.malformed(device, name, messageOf(fault))
      return null
    }
  }

  malformed(device: string, name: string, why: string): void {
    this.counts.malformed++
    const about = { code: 'MESSAGE_INVALID', device, message: name, why: why.slice(0, 500) }
    this.#tellOnce(device, name, about, 'a message cannot be read')
  }

  #tellOnce(device: string, what: string, about: object, text: string): void {
    const key = `${device} ${what}`
    if (this.#told.has(key) || this.#told.size >= MOST_TOLD) return
    this.#told.add(key)
    this.log.warn(about, text)
  }
}
