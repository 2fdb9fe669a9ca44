/** A million fuzzed packets and payloads against whatever speaks MQTT here. Ends with a line for each of them. */
import { messageOf } from '../../controller/base/error.ts'
import { fuzzBroker } from '../../test/builders/mqtt-fuzz/broker.ts'
import { fuzzClient, fuzzPayloads } from '../../test/builders/mqtt-fuzz/clients.ts'

const MIB = 1 << 20
/** From the first tenth to the end, of a million: a leak of 25 bytes a packet at the broker, of 50 at a client, is more. */
const MOST_GROWTH = 10 * MIB

const mib = (bytes: number) => (bytes / MIB).toFixed(1)

/** `count` packets: half of them at the broker, a quarter at each client, and as many payloads. Whether all went well. */
export const drillMqttFuzz = async (count: number): Promise<boolean> => {
  const parts = [
    { what: 'the embedded broker', run: () => fuzzBroker(Math.ceil(count / 2)) },
    { what: 'the uplink of a device', run: () => fuzzClient('uplink', Math.ceil(count / 4)) },
    { what: "the hub's link", run: () => fuzzClient('hub-link', Math.ceil(count / 4)) },
  ]
  let isWell = true
  for (const { what, run } of parts)
    try {
      const began = performance.now()
      const { packets, connections, memory, ...more } = await run()
      const minutes = ((performance.now() - began) / 60_000).toFixed(1)
      const forged = 'forged' in more ? Number(more.forged) : 0
      isWell &&= forged === 0 && memory.at(-1)!.bytes - memory[0]!.bytes < MOST_GROWTH
      const said = forged ? `, ${forged} messages in another's name` : ''
      console.log(
        `${packets} fuzzed packets on ${connections} connections against ${what}: it lives${said}; ${minutes} min`,
      )
      for (const at of memory)
        console.log(`  after ${at.packets}: ${mib(at.bytes)} MiB held, ${mib(at.rssBytes)} MiB resident`)
    } catch (fault) {
      isWell = false
      console.log(`fuzzed packets against ${what}: ${messageOf(fault)}`)
    }
  const good = fuzzPayloads(count)
  console.log(`${count} fuzzed payloads against the schemas of all topics: none threw, ${good} were good`)
  return isWell
}
