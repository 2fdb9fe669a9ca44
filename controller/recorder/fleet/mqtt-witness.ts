/** Shows signed places to the witness of the fleet over MQTT, one at a time. What it says is judged by `ports/witness`. */
import { VerbatimError } from '../../base/error.ts'
import type { Showing } from '../../ports/witness/over-http.ts'
import { FromWitness, type ShownPlace } from '../../wire/witness.ts'

export interface MqttWitnessOptions {
  /** False when there is no connection: then nobody is waited for. */
  say: (place: ShownPlace) => boolean
  withinMs?: number
}

const WITHIN_MS = 10_000

export class MqttWitness {
  #waiting: { place: ShownPlace; take: (answer: Uint8Array) => void } | null = null

  constructor(private readonly options: MqttWitnessOptions) {}

  /** Throws NO_ANSWER. */
  readonly show: Showing = (place, signal) =>
    new Promise((resolve, reject) => {
      const withinMs = this.options.withinMs ?? WITHIN_MS
      const fail = (why: string) => {
        end()
        reject(new VerbatimError('NO_ANSWER', `the witness of the fleet: ${why}`))
      }
      const late = setTimeout(() => fail(`no receipt within ${withinMs} ms`), withinMs)
      late.unref()
      const stopped = () => fail('stopped')
      const end = () => {
        clearTimeout(late)
        signal.removeEventListener('abort', stopped)
        this.#waiting = null
      }
      signal.addEventListener('abort', stopped, { once: true })
      this.#waiting = {
        place,
        take: (answer) => {
          end()
          resolve(answer)
        },
      }
      if (!this.options.say(place)) fail('the hub is not reached')
    })

  /** An answer that is for another place was retained from before, or is nobody's: it is passed over. */
  heard(payload: Uint8Array): void {
    const waiting = this.#waiting
    if (!waiting) return
    const said = FromWitness.safeParse(JSON.parse(Buffer.from(payload).toString('utf8')))
    if (!said.success) return
    const { hearing = waiting.place.hearing, upto = waiting.place.upto } = said.data
    if (hearing === waiting.place.hearing && upto === waiting.place.upto) waiting.take(payload)
  }
}
