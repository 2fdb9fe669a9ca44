import type { FleetDrill } from './drill.ts'
import { hubKilled } from './hub-killed.ts'
import { reconnect } from './reconnect.ts'

/** Every drill of the fleet, in the order in which they are done. */
export const FLEET_DRILLS: readonly FleetDrill[] = [
  // One a line.
  hubKilled,
  reconnect,
]
