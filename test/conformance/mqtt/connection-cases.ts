import type { Case } from './case.ts'
import type { RawClient } from './raw-client.ts'
import { DEVICE, own, type Scene } from './scene.ts'

/** Bytes that no client may send, after CONNECT. */
const wrong = (what: string, clause: string, bytes: number[], otherwise: Case['otherwise'] = {}): Case => ({
  ...{ what, clause, wanted: 'closed', otherwise },
  see: async (scene) => {
    const device = await scene.device()
    device.bytes(...bytes)
    return closedOr(device, 'taken')
  },
})

const closedOr = async (client: RawClient, otherwise: string): Promise<string> => {
  const answered = await client.ping()
  return answered ? otherwise : 'closed'
}

/** A CONNECT by hand. */
const connectBytes = (name: string, level: number, flags: number, clientId = DEVICE): number[] => {
  const text = (value: string) => [0, value.length, ...Buffer.from(value)]
  const rest = [...text(name), level, flags, 0, 60, ...text(clientId)]
  return [0x10, rest.length, ...rest]
}

const refused = async (scene: Scene, bytes: number[]): Promise<string> => {
  const client = await scene.bare()
  client.bytes(...bytes)
  const connack = await client.next('connack')
  return connack ? `CONNACK ${connack.returnCode ?? connack.reasonCode}` : 'closed'
}

const topic = Buffer.from(own('metrics'))
const publishOf = (flags: number, name: Buffer, ...after: number[]): number[] => [
  ...[0x30 | flags, 2 + name.length + after.length, 0, name.length],
  ...name,
  ...after,
]

export const CONNECTION_CASES: Case[] = [
  {
    ...{ what: 'a good CONNECT', clause: '3.2.2', wanted: 'CONNACK 0, no session' },
    see: async (scene) => {
      const connack = await (await scene.bare()).connect({ clientId: DEVICE })
      return `CONNACK ${connack?.returnCode}, ${connack?.sessionPresent ? 'a' : 'no'} session`
    },
  },
  {
    ...{ what: 'a protocol level that nobody knows', clause: '3.1.2.2', wanted: 'CONNACK 1' },
    see: (scene) => refused(scene, connectBytes('MQTT', 9, 2)),
    otherwise: { embedded: 'closed' },
  },
  {
    ...{ what: 'a protocol name that nobody knows', clause: '3.1.2.1', wanted: 'closed' },
    see: (scene) => refused(scene, connectBytes('HTTP', 4, 2)),
  },
  {
    ...{ what: 'the reserved bit of CONNECT', clause: '3.1.2.3', wanted: 'closed' },
    see: (scene) => refused(scene, connectBytes('MQTT', 4, 3)),
  },
  {
    ...{ what: 'a will of QoS 3', clause: '3.1.2.6', wanted: 'closed' },
    see: (scene) => refused(scene, connectBytes('MQTT', 4, 0x1e)),
  },
  {
    ...{ what: 'CONNECT of MQTT 5', clause: '', wanted: 'CONNACK 0 or 1' },
    see: async (scene) => {
      const rest = [...[0, 4], ...Buffer.from('MQTT'), 5, 2, 0, 60, 0, 0, DEVICE.length, ...Buffer.from(DEVICE)]
      const client = await scene.bare()
      const bytes = new Promise<Buffer | null>((resolve) => {
        client.stream.once('data', resolve).once('close', () => resolve(null))
      })
      client.bytes(0x10, rest.length, ...rest)
      const answer = await bytes
      if (!answer) return 'closed'
      return answer[3]! <= 1 ? 'CONNACK 0 or 1' : `CONNACK ${answer[3]}`
    },
  },
  {
    ...{ what: 'PUBLISH before CONNECT', clause: '3.1', wanted: 'closed' },
    see: async (scene) => {
      const client = await scene.bare()
      client.bytes(...publishOf(0, topic, 120))
      await client.closed()
      return 'closed'
    },
  },
  {
    ...{ what: 'a second CONNECT', clause: '3.1', wanted: 'closed' },
    see: async (scene) => {
      const device = await scene.device()
      device.bytes(...connectBytes('MQTT', 4, 2))
      return closedOr(device, 'taken')
    },
  },
  {
    ...{ what: 'PINGREQ', clause: '3.12', wanted: 'answered' },
    see: async (scene) => ((await (await scene.device()).ping()) ? 'answered' : 'closed'),
  },
  {
    ...{ what: 'silence for longer than one and a half keep-alives', clause: '3.1.2.10', wanted: 'closed' },
    see: async (scene) => {
      const device = await scene.device({ keepalive: 1 })
      await device.closed()
      return 'closed'
    },
  },
  {
    ...{ what: 'the same client id again', clause: '3.1.4', wanted: 'the first is closed, the second works' },
    see: async (scene) => {
      const first = await scene.device()
      const second = await scene.device()
      await first.closed()
      return `the first is closed, the second ${(await second.ping()) ? 'works' : 'is closed too'}`
    },
  },
  wrong('a packet of kind 0', '2.2.1', [0, 0]),
  wrong('a length of five digits', '2.2.3', [0x30, 0xff, 0xff, 0xff, 0xff, 0x01]),
  wrong('PUBLISH of QoS 3', '3.3.1.2', publishOf(6, topic, 0, 1, 120)),
  wrong('PUBLISH of QoS 1 with packet id 0', '2.3.1', publishOf(2, topic, 0, 0, 120), { embedded: 'taken' }),
  wrong('PUBLISH to a wildcard', '3.3.2.1', publishOf(0, Buffer.from(own('alarm')), 120)),
  wrong('a topic with the character U+0000', '1.5.3', publishOf(0, Buffer.from('verbatim/\0'), 120), { nats: 'taken' }),
  wrong('a topic that is no UTF-8', '1.5.3', publishOf(0, Buffer.from([0xc3, 0x28]), 120), { nats: 'taken' }),
  wrong('a topic that is longer than its packet', '3.3.2.1', [0x30, 4, 0, 200, 1, 1]),
  wrong('PUBLISH without a topic', '4.7.3', publishOf(0, Buffer.alloc(0), 120)),
  wrong('SUBSCRIBE with flags of another packet', '3.8.1', [0x80, 6, 0, 1, 0, 1, 35, 0]),
  wrong('SUBSCRIBE to nothing', '3.8.3', [0x82, 2, 0, 1]),
  wrong('SUBSCRIBE to a filter that is none', '4.7.1', [0x82, 8, 0, 1, 0, 3, 97, 35, 98, 0], { nats: 'taken' }),
  wrong('CONNACK from a client', '2.2.1', [0x20, 2, 0, 0]),
]
