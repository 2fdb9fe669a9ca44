/** All devices lose the network at once, live on without it, and come back at once. */
import { setTimeout as delay } from 'node:timers/promises'
import { memoryOf } from '../../bench/processes.ts'
import { latenciesOf } from '../../fleet/latencies.ts'
import { shownOnlineAfter } from '../../fleet/shown-online.ts'
import { WholeFleet } from '../../fleet/whole-fleet.ts'
import type { DrillPlace, Finding, FleetDrill } from './drill.ts'
import { eventFindings } from './event-findings.ts'
import { allOnlineAfter, secondsText } from './presence-watch.ts'

const AWAY_MS = 60_000
/** Nobody is shown otherwise than it is for longer than this. */
const WRONG_WITHIN_MS = 15_000
const WANTED = `within ${WRONG_WITHIN_MS / 1_000} s`
const BACK_WITHIN_MS = 15 * 60_000
/** In the whole fleet, each second. */
const ALARMS = 20

const run = async ({ root, home, devices, say, atEnd }: DrillPlace): Promise<Finding[]> => {
  const fleet = await WholeFleet.start({ root, dir: home, devices, broker: 'embedded', say, atEnd })
  const memory = (): string => `${memoryOf([fleet.hub.pid]).rssMb.toFixed(0)} MB`
  await fleet.startDevices({ processes: 2, connectsPerSecond: 500 })
  const connected = await allOnlineAfter(fleet, BACK_WITHIN_MS)
  if (!Number.isFinite(connected)) throw new Error('not all devices have connected')
  say(`all shown online after ${secondsText(connected)}`)
  fleet.devices.raise(ALARMS)
  await delay(10_000)
  const before = memory()
  fleet.devices.cut()
  const isAllLost = (): boolean => fleet.onlooker.count('lost') >= devices
  const lost = await fleet.onlooker.until('all lost', AWAY_MS, isAllLost).catch(() => Number.POSITIVE_INFINITY)
  await delay(Math.max(0, AWAY_MS - (Number.isFinite(lost) ? lost : AWAY_MS)))
  fleet.devices.mend()
  const back = await allOnlineAfter(fleet, BACK_WITHIN_MS)
  const { worstMs } = latenciesOf(shownOnlineAfter(fleet.devices.connections, fleet.onlooker.onlineMs))
  say(`all shown online again after ${secondsText(back)}`)
  fleet.devices.rest()
  const events = await eventFindings(fleet)
  return [
    ...events,
    {
      ...{ what: 'the network goes, to all shown lost', wanted: WANTED },
      ...{ seen: secondsText(lost), isWell: lost <= WRONG_WITHIN_MS },
    },
    {
      ...{ what: 'a device has a connection, to shown online, the longest', wanted: WANTED },
      ...{ seen: secondsText(worstMs), isWell: worstMs <= WRONG_WITHIN_MS },
    },
    {
      ...{ what: 'the network comes back, to all shown online', wanted: 'all', seen: secondsText(back) },
      isWell: Number.isFinite(back),
    },
    { what: 'memory of the hub, before and after', wanted: '', seen: `${before}, ${memory()}`, isWell: true },
  ]
}

export const reconnect: FleetDrill = {
  name: 'reconnect',
  what: 'all devices lose the network at once for a minute, and come back at once',
  run,
}
