import { mosquittoKilled, natsNodeKilled } from './broker-killed.ts'
import { certificateExpired } from './certificate-expired.ts'
import { deviceKilled } from './device-killed.ts'
import { doubled } from './doubled.ts'
import type { FleetDrill } from './drill.ts'
import { hubClockWrong } from './hub-clock-wrong.ts'
import { hubDiskFull } from './hub-disk-full.ts'
import { hubKilled } from './hub-killed.ts'
import { offline } from './offline.ts'
import { outboxFull } from './outbox-full.ts'
import { reconnect } from './reconnect.ts'
import { strangers } from './strangers.ts'

/** Every drill of the fleet, in the order in which they are done. */
export const FLEET_DRILLS: readonly FleetDrill[] = [
  // One a line.
  offline,
  outboxFull,
  deviceKilled,
  hubKilled,
  reconnect,
  mosquittoKilled,
  natsNodeKilled,
  hubDiskFull,
  hubClockWrong,
  strangers,
  doubled,
  certificateExpired,
]
