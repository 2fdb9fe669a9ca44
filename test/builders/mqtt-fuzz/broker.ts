/** The embedded broker is sent fuzzed packets while an honest device and the hub go on speaking through it. */
import { once } from 'node:events'
import { connect } from 'node:net'
import mqttPacket from 'mqtt-packet'
import { Broker } from '../../../controller/ports/broker/broker.ts'
import { HubLink } from '../../../controller/ports/hub-link/hub-link.ts'
import { topicOf } from '../../../controller/wire/fleet/topics.ts'
import { RawClient } from '../../conformance/mqtt/raw-client.ts'
import { until } from '../../stories/stage/until.ts'
import { Chance } from '../chance.ts'
import { type Held, held, MARKS } from './memory.ts'
import { COURT, FUZZED, fuzzedPacket, HONEST } from './packets.ts'

export interface FuzzedBroker {
  packets: number
  connections: number
  /** What the hub heard that the honest device never said, in its name. */
  forged: number
  /** One for each of `MARKS`. */
  memory: Held[]
}

const PER_CONNECTION = 60
const HONEST_EVERY = 50

const open = async (port: number): Promise<RawClient> => {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  return new RawClient(socket)
}

/** Throws when the broker does not answer the honest device, or the hub does not hear it, any more. */
export const fuzzBroker = async (count: number, seed = 0): Promise<FuzzedBroker> => {
  const broker = await Broker.start({
    ...{ host: '127.0.0.1', port: 0, tls: null, maxDevices: 200, messagesPerSecond: 10_000, told: () => {} },
    admit: ({ name }) => (name === FUZZED || name === HONEST ? { is: 'device', device: name, court: COURT } : null),
  })
  const heard: string[] = []
  let isUp = false
  let forged = 0
  const hub = new HubLink({
    way: { is: 'inside', open: () => broker.connectInside() },
    heard: ({ device }, payload) => {
      if (device !== HONEST) return
      const text = payload.toString()
      if (text.startsWith('word ')) heard.push(text)
      else forged++
    },
    strange: () => {},
    changed: (connected) => {
      isUp = connected
    },
  })
  hub.start()
  await until('the hub is there', 20, () => isUp)
  let packets = 0
  let connections = 0
  const memory: Held[] = []
  try {
    for (let number = seed; packets < count; number++) {
      packets += await oneConnection(broker.port, new Chance(number))
      connections++
      if (connections % HONEST_EVERY === 0) await honestWord(broker.port, heard, number)
      const mark = MARKS[memory.length]
      if (mark !== undefined && mark < 1 && packets >= count * mark) memory.push(await held(packets))
    }
    await honestWord(broker.port, heard, -1)
    await until('every other connection has ended', 20, () => broker.connected === 1)
    return { packets, connections, forged, memory: [...memory, await held(packets)] }
  } finally {
    await hub.stop()
    await broker.stop()
  }
}

/** The fuzzed device is a client of its own right, most of the time: behind CONNECT there is more to break. */
const oneConnection = async (port: number, chance: Chance): Promise<number> => {
  const client = await open(port)
  if (chance.below(5) > 0) {
    client.send({
      ...{ cmd: 'connect', protocolId: 'MQTT', protocolVersion: 4, clean: true, clientId: FUZZED, keepalive: 60 },
    })
  }
  let sent = 0
  while (sent < PER_CONNECTION && !client.isClosed) {
    client.stream.write(fuzzedPacket(chance))
    sent++
    if (sent % 2 === 0) await new Promise((resolve) => setImmediate(resolve))
  }
  client.stream.end(mqttPacket.generate({ cmd: 'disconnect' }))
  // What waits for bytes that never come is ended by the broker's own patience; here nobody waits so long.
  if (!client.isClosed) await new Promise((resolve) => setImmediate(resolve))
  await client.drop()
  return sent
}

const honestWord = async (port: number, heard: string[], number: number): Promise<void> => {
  const word = `word ${number}`
  const client = await open(port)
  const connack = await client.connect({ clientId: HONEST })
  if (connack?.returnCode !== 0) throw new Error(`an honest device is refused after seed ${number}`)
  if (!(await client.publish(topicOf(COURT, HONEST, 'event'), word)))
    throw new Error(`not acknowledged, seed ${number}`)
  await until(`the hub hears an honest device after seed ${number}`, 20, () => heard.includes(word))
  heard.length = 0
  await client.leave()
}
