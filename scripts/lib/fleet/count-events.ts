/** What devices have raised, beside what their hub keeps of it. */
import { setTimeout as delay } from 'node:timers/promises'
import type { Counted } from './devices.ts'
import type { WholeFleet } from './whole-fleet.ts'

export interface CountedEvents {
  /** Raised by all devices. */
  events: number
  /** Of those, not kept. */
  missing: number
  /** Kept more often than once. */
  doubled: number
  /** Kept, and raised by nobody. */
  invented: number
  /** Still in an outbox, waiting for the hub. */
  waiting: number
}

/** When nothing waits on any device any more, or after so long: what was raised, and what the hub has of it. */
export const countEvents = async (fleet: WholeFleet, withinMs: number): Promise<CountedEvents> => {
  let counted: Counted = await fleet.devices.count()
  for (const until = performance.now() + withinMs; counted.waiting > 0 && performance.now() < until; ) {
    await delay(1_000)
    counted = await fleet.devices.count()
  }
  const known = fleet.kept()
  // Rooms live on meanwhile: what was raised after the first count is not missing, and not invented either.
  const after = await fleet.devices.count()
  const totals = { events: 0, missing: 0, doubled: 0, invented: 0, waiting: counted.waiting }
  for (const [device, last] of Object.entries(counted.events)) {
    const of = known.get(device) ?? { rows: 0, numbers: 0, last: 0 }
    totals.events += last
    totals.missing += Math.max(0, last - of.numbers)
    totals.doubled += of.rows - of.numbers
    totals.invented += Math.max(0, of.last - (after.events[device] ?? 0))
  }
  return totals
}
