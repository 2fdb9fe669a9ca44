/** kill -9 of an outside broker, or of one node of it after the other, while events come; started again after a while. */
import { setTimeout as delay } from 'node:timers/promises'
import { WholeFleet } from '../../fleet/whole-fleet.ts'
import type { DrillPlace, Finding, FleetDrill } from './drill.ts'
import { eventFindings } from './event-findings.ts'
import { allOnlineAfter, PresenceWatch, secondsText } from './presence-watch.ts'

const DEAD_MS = 20_000
const BACK_WITHIN_MS = 5 * 60_000
const RIGHT_WITHIN_MS = 15_000
/** In the whole fleet, each second. */
const ALARMS = 20

interface Killing {
  broker: 'mosquitto' | 'nats'
  /** Of the nodes, in this order; 0 is the one that the hub is at. */
  kills: readonly number[]
}

const drillOf =
  ({ broker, kills }: Killing) =>
  async ({ root, home, devices, say, atEnd }: DrillPlace): Promise<Finding[]> => {
    const fleet = await WholeFleet.start({ root, dir: home, devices, broker, say, atEnd })
    await fleet.startDevices({ processes: 2, connectsPerSecond: 200 })
    const connected = await allOnlineAfter(fleet, BACK_WITHIN_MS)
    if (!Number.isFinite(connected)) throw new Error('not all devices have connected')
    say(`all shown online after ${secondsText(connected)}`)
    fleet.devices.raise(ALARMS)
    await delay(5_000)
    const findings: Finding[] = []
    for (const place of kills) {
      const node = fleet.outside!.nodes[place]!
      // With the only broker away nobody is there for anybody; with one node of three everybody should be.
      const isAlone = fleet.outside!.nodes.length === 1
      const watch = new PresenceWatch(fleet)
      await node.kill()
      await delay(DEAD_MS)
      const whileDead = watch.worstMs
      node.start()
      await node.answers()
      const back = await allOnlineAfter(fleet, BACK_WITHIN_MS)
      // What a node that is back tells of before must not stand either.
      await delay(10_000)
      watch.end()
      say(`${node.name} was killed: all shown online ${secondsText(back)} after its return`)
      const worst = isAlone ? back : Math.max(watch.worstMs, whileDead)
      findings.push({
        what: isAlone
          ? `${node.name} killed, from its return to all shown online`
          : `${node.name} killed, the longest that a device was not shown online`,
        ...{ wanted: `within ${RIGHT_WITHIN_MS / 1_000} s`, seen: secondsText(worst) },
        isWell: worst <= RIGHT_WITHIN_MS && fleet.areAllOnline,
      })
    }
    fleet.devices.rest()
    return [...(await eventFindings(fleet)), ...findings]
  }

export const mosquittoKilled: FleetDrill = {
  name: 'mosquitto-killed',
  what: 'kill -9 of Mosquitto while alarms are raised, three times, each time away for 20 s',
  run: drillOf({ broker: 'mosquitto', kills: [0, 0, 0] }),
}

export const natsNodeKilled: FleetDrill = {
  name: 'nats-node-killed',
  what: 'kill -9 of nodes of a NATS cluster of three while alarms are raised: of the one that the hub is at, and of another',
  run: drillOf({ broker: 'nats', kills: [0, 2] }),
}
