/** A million fuzzed packets and payloads against whatever speaks MQTT here. Ends with a line for each of them. */
import { messageOf } from '../../controller/base/error.ts'
import { fuzzBroker } from '../../test/builders/mqtt-fuzz/broker.ts'
import { fuzzClient, fuzzPayloads } from '../../test/builders/mqtt-fuzz/clients.ts'

const MIB = 1 << 20
/** A leak of 64 bytes a packet would be more, over half a million; what is left by chance is less. */
const MOST_GROWTH = 30 * MIB

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
      const { packets, connections, heldBytes, ...more } = await run()
      const [half, all] = heldBytes
      const forged = 'forged' in more ? Number(more.forged) : 0
      isWell &&= forged === 0 && all - half < MOST_GROWTH
      const held = `${mib(half)} MiB held after half of them, ${mib(all)} MiB after all`
      const said = forged ? `, ${forged} messages in another's name` : ''
      console.log(`${packets} fuzzed packets on ${connections} connections against ${what}: it lives; ${held}${said}`)
    } catch (fault) {
      isWell = false
      console.log(`fuzzed packets against ${what}: ${messageOf(fault)}`)
    }
  const good = fuzzPayloads(count)
  console.log(`${count} fuzzed payloads against the schemas of all topics: none threw, ${good} were good`)
  return isWell
}
