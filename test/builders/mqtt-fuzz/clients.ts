/** A broker that says rubbish, to a device's uplink and to the hub's link; and payloads for whoever parses them. */
import mqttPacket, { type Packet } from 'mqtt-packet'
import { HubLink } from '../../../controller/ports/hub-link/hub-link.ts'
import { parseTopic, TOPIC_NAMES, TOPICS } from '../../../controller/wire/fleet/topics.ts'
import { serve } from '../../ports/uplink/brokers.ts'
import { makeDevice } from '../../ports/uplink/device.ts'
import { until } from '../../stories/stage/until.ts'
import { Chance } from '../chance.ts'
import { type Held, held, MARKS } from './memory.ts'
import { fuzzedPacket, fuzzedPayload } from './packets.ts'

export interface FuzzedClients {
  packets: number
  connections: number
  /** One for each of `MARKS`. */
  memory: Held[]
}

const PER_CONNECTION = 60
const RETRY = { firstMs: 1, longestMs: 2 }
/** Unhandled, it would have ended the program. */
const FATAL = ['uncaughtException', 'unhandledRejection'] as const

const answerTo = (packet: Packet): Packet | null => {
  const messageId = packet.messageId ?? 1
  if (packet.cmd === 'connect') return { cmd: 'connack', returnCode: 0, sessionPresent: false } as Packet
  if (packet.cmd === 'subscribe') return { cmd: 'suback', messageId, granted: packet.subscriptions.map(() => 1) }
  if (packet.cmd === 'publish' && packet.qos === 1) return { cmd: 'puback', messageId }
  return packet.cmd === 'pingreq' ? { cmd: 'pingresp' } : null
}

/** Throws what the client threw. */
export const fuzzClient = async (which: 'uplink' | 'hub-link', count: number, seed = 0): Promise<FuzzedClients> => {
  let packets = 0
  let connections = 0
  const faults: unknown[] = []
  const note = (fault: unknown) => faults.push(fault)
  for (const name of FATAL) process.on(name, note)
  const broker = await serve((socket) => {
    const chance = new Chance(seed + connections++)
    const parser = mqttPacket.parser({ protocolVersion: 4 })
    let sent = 0
    const pour = () => {
      while (sent < PER_CONNECTION && !socket.destroyed && packets < count) {
        sent++
        packets++
        if (!socket.write(fuzzedPacket(chance))) return
        if (sent % 10 === 0) return void setImmediate(pour)
      }
      socket.end()
    }
    parser.on('packet', (packet: Packet) => {
      const answer = answerTo(packet)
      if (answer) socket.write(mqttPacket.generate(answer))
      if (packet.cmd === 'subscribe' && sent === 0) pour()
    })
    parser.on('error', () => socket.destroy())
    socket.on('data', (bytes: Buffer) => parser.parse(bytes)).on('drain', pour)
  })
  const stop = which === 'uplink' ? startUplink(broker.url) : startHubLink(broker.url)
  try {
    const memory: Held[] = []
    for (const mark of MARKS) {
      await until(`${count * mark} packets`, 3_000, () => faults.length > 0 || packets >= count * mark)
      memory.push(await held(packets))
    }
    if (faults.length) throw faults[0]
    return { packets, connections, memory }
  } finally {
    await stop()
    await broker.stop()
    for (const name of FATAL) process.off(name, note)
  }
}

const startUplink = (url: string) => {
  const { uplink, told, heard } = makeDevice({ url, version: 4, retry: RETRY })
  uplink.start()
  // They are a list in tests; here there are too many.
  const forget = setInterval(() => {
    told.length = heard.length = 0
  }, 100)
  return async () => {
    clearInterval(forget)
    await uplink.stop()
  }
}

const startHubLink = (url: string) => {
  const link = new HubLink({
    ...{ way: { is: 'outside', urls: [url], tls: null }, retry: RETRY },
    ...{ heard: () => {}, strange: () => {}, changed: () => {} },
  })
  link.start()
  return () => link.stop()
}

/** Every topic and every schema, as both sides use them. Returns how many were taken for good. */
export const fuzzPayloads = (count: number, seed = 0): number => {
  let good = 0
  for (let number = seed; number < seed + count; number++) {
    const chance = new Chance(number)
    const payload = fuzzedPayload(chance)
    parseTopic(payload.toString('latin1'))
    let json: unknown
    try {
      json = JSON.parse(payload.toString('utf8'))
    } catch {
      continue
    }
    if (TOPICS[chance.oneOf(TOPIC_NAMES)].schema.safeParse(json).success) good++
  }
  return good
}
