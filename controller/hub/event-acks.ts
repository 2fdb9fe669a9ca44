/** Says to devices what is durable, and gives up at last on what does not come. */
import type { MonoMs } from '../base/units.ts'
import type { Holding } from '../ports/event-store/job.ts'
import type { EventAck } from '../wire/fleet/fleet-event.ts'

/** A device sends again after five minutes at the latest what nobody has acknowledged. */
export const HOLE_PATIENCE_MS = 15 * 60_000

export class EventAcks {
  /** Devices of which something later is there than what is wanting, and since when. */
  readonly #holes = new Map<string, { upto: number; sinceMs: MonoMs }>()

  constructor(
    private readonly publish: (device: string, ack: EventAck) => void,
    private readonly patienceMs: number = HOLE_PATIENCE_MS,
  ) {}

  held(holdings: readonly Holding[], atMs: MonoMs): void {
    for (const { device, upto, ahead, hash } of holdings) {
      this.publish(device, { upto, ahead, ...(hash === null ? {} : { hash }) })
      if (!ahead.length) this.#holes.delete(device)
      else if (this.#holes.get(device)?.upto !== upto) this.#holes.set(device, { upto, sinceMs: atMs })
    }
  }

  /** Whose hole is to be given up: it was there long enough while the device was. */
  due(atMs: MonoMs, isThere: (device: string) => boolean): string[] {
    return [...this.#holes].flatMap(([device, hole]) => {
      if (!isThere(device)) {
        hole.sinceMs = atMs
        return []
      }
      if (atMs - hole.sinceMs < this.patienceMs) return []
      this.#holes.delete(device)
      return [device]
    })
  }

  forget(device: string): void {
    this.#holes.delete(device)
  }
}
