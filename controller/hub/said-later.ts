/** What is said while there is no connection to the broker waits: of what is retained the latest, of the rest the last. */
import type { FleetLine } from './fleet-line.ts'

type How = Parameters<FleetLine['publish']>[2]
const MOST_PASSING = 1_000

export class SaidLater implements FleetLine {
  readonly #kept = new Map<string, { payload: string; how: How }>()
  #passing: { topic: string; payload: string; how: How }[] = []

  /** @param publish rejects when the broker has not taken it */
  constructor(private readonly publishNow: (topic: string, payload: string, how: How) => Promise<void>) {}

  publish(topic: string, payload: string, how: How): void {
    this.publishNow(topic, payload, how).then(
      () => {},
      () => {
        if (how.retain) this.#kept.set(topic, { payload, how })
        else this.#passing = [...this.#passing.slice(1 - MOST_PASSING), { topic, payload, how }]
      },
    )
  }

  /** The broker is back. */
  connected(): void {
    const all = [...[...this.#kept].map(([topic, said]) => ({ topic, ...said })), ...this.#passing]
    this.#kept.clear()
    this.#passing = []
    for (const { topic, payload, how } of all) this.publish(topic, payload, how)
  }
}
