import type { DrillPlace, Finding, FleetDrill } from './drill.ts'
import { StrangeRegion } from './strange-region.ts'
import { knockAtDoors } from './stranger-doors.ts'
import { replayOrders } from './stranger-orders.ts'
import { forgePlaces } from './stranger-places.ts'
import { useTopics } from './stranger-topics.ts'

const run = async (place: DrillPlace): Promise<Finding[]> => {
  const strange = await StrangeRegion.start(place)
  const findings: Finding[] = []
  for (const attempt of [knockAtDoors, useTopics, forgePlaces, replayOrders])
    findings.push(...(await attempt(place, strange)))
  return findings
}

export const strangers: FleetDrill = {
  name: 'strangers',
  what: 'papers of every wrong kind, what is not its own, forged places, orders that were recorded: nothing is gained',
  run,
}
