/** kill -9 of the hub, and with it of its broker, again and again while events come. */
import { setTimeout as delay } from 'node:timers/promises'
import { WholeFleet } from '../../fleet/whole-fleet.ts'
import type { DrillPlace, Finding, FleetDrill } from './drill.ts'
import { eventFindings } from './event-findings.ts'
import { allOnlineAfter, secondsText } from './presence-watch.ts'

const KILLS = 10
/** It is killed at a moment within so long after everybody is back. */
const WITHIN_MS = 5_000
/** Devices wait longer between two attempts, and share the processors with the hub. */
const BACK_WITHIN_MS = 5 * 60_000
const RIGHT_WITHIN_MS = 15_000
/** In the whole fleet, each second. */
const ALARMS = 20

const run = async ({ root, home, devices, say, atEnd }: DrillPlace): Promise<Finding[]> => {
  const fleet = await WholeFleet.start({ root, dir: home, devices, broker: 'embedded', say, atEnd })
  await fleet.startDevices({ processes: 2, connectsPerSecond: 200 })
  if (!Number.isFinite(await allOnlineAfter(fleet, BACK_WITHIN_MS))) throw new Error('not all devices have connected')
  fleet.devices.raise(ALARMS)
  const back: number[] = []
  for (let kill = 1; kill <= KILLS; kill++) {
    await delay(Math.random() * WITHIN_MS)
    await fleet.hub.kill()
    await fleet.hub.start()
    await fleet.look()
    back.push(await allOnlineAfter(fleet, BACK_WITHIN_MS))
    say(`kill ${kill} of ${KILLS}: all shown online again after ${secondsText(back.at(-1)!)}`)
  }
  fleet.devices.rest()
  const worst = Math.max(...back)
  return [
    ...(await eventFindings(fleet)),
    {
      what: `${KILLS} kills, from the hub being back to all shown online, worst`,
      wanted: `within ${RIGHT_WITHIN_MS / 1_000} s`,
      seen: secondsText(worst),
      isWell: worst <= RIGHT_WITHIN_MS,
    },
  ]
}

export const hubKilled: FleetDrill = {
  name: 'hub-killed',
  what: 'kill -9 of the hub and of the broker in it, ten times while alarms are raised',
  run,
}
