import { type CountedEvents, countEvents } from '../../fleet/count-events.ts'
import type { WholeFleet } from '../../fleet/whole-fleet.ts'
import type { Finding } from './drill.ts'

/** An outbox that has stood still so long does not empty any more: a device sends again after five minutes at the latest. */
const EMPTY_WITHIN_MS = 10 * 60_000

export const findingsOf = ({ events, missing, doubled, invented, waiting }: CountedEvents): Finding[] => [
  {
    what: 'events raised, and missing at the hub',
    wanted: 'some, 0',
    seen: `${events}, ${missing}${waiting ? ` (${waiting} still waiting)` : ''}`,
    isWell: events > 0 && missing === 0 && waiting === 0,
  },
  {
    what: 'events kept twice, and of nobody',
    wanted: '0, 0',
    seen: `${doubled}, ${invented}`,
    isWell: doubled === 0 && invented === 0,
  },
]

/** Waits until every outbox is empty, and compares. */
export const eventFindings = async (fleet: WholeFleet, withinMs = EMPTY_WITHIN_MS): Promise<Finding[]> =>
  findingsOf(await countEvents(fleet, withinMs))
