/** The hub's link to a broker that is not its own: whatever that sends, the hub stays, and comes back. */
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { generate } from 'mqtt-packet'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { HubLink } from '../../../controller/ports/hub-link/hub-link.ts'
import { TOPICS, topicOf } from '../../../controller/wire/fleet/topics.ts'
import { speakOldMqtt } from '../../builders/speak-old-mqtt.ts'
import { until } from '../../stories/stage/until.ts'

const DEVICE = 'vb-abcdefghij234567'
const COURT = 'almaty-district'
const STATE = topicOf(COURT, DEVICE, 'state')

interface Scene {
  server: Server
  link: HubLink
  /** Subscribed, the latest last. */
  sockets: Socket[]
  heard: string[]
  strange: number[]
  faults: string[]
}

const test = suite<Scene>('hub link')

test.before.each(async (scene) => {
  Object.assign(scene, { sockets: [], heard: [], strange: [], faults: [] })
  scene.server = createServer((socket) => {
    speakOldMqtt(socket, () => scene.sockets.push(socket))
  })
  await new Promise<void>((resolve) => scene.server.listen(0, '127.0.0.1', resolve))
  const { port } = scene.server.address() as AddressInfo
  scene.link = new HubLink({
    way: { is: 'outside', urls: [`mqtt://127.0.0.1:${port}`], tls: null },
    heard: (_topic, payload) => scene.heard.push(payload.toString('utf8')),
    strange: (_topic, bytes) => scene.strange.push(bytes),
    changed: (isConnected, why) => isConnected || scene.faults.push(why),
    retry: { firstMs: 20, longestMs: 100 },
  })
  scene.link.start()
})

test.after.each(async ({ link, server, sockets }) => {
  for (const socket of sockets) socket.destroy()
  await link.stop()
  await new Promise((resolve) => server.close(resolve))
})

const state = (payload: string): Buffer =>
  generate({ cmd: 'publish', topic: STATE, payload, qos: 0, retain: false, dup: false })

/** Of a publish whose length is called so, and of which no more comes. */
const begun = (...length: number[]): Buffer => Buffer.from([0x30, ...length])

for (const [what, bytes, why] of [
  ['calls itself 256 MB long', begun(0xff, 0xff, 0xff, 0x7f), /a packet of \d+ bytes/],
  ['has a length that is none', begun(0xff, 0xff, 0xff, 0xff), /impossible length/],
  ['is of no kind that a client is sent', Buffer.from([0x10, 0]), /kind 1/],
  ['is a message of QoS 2', Buffer.from([0x34, 5, 0, 1, 97, 0, 1]), /QoS 2/],
] as const)
  test(`a packet that ${what} ends the connection, and the hub comes back`, async ({
    sockets,
    heard,
    faults,
    link,
  }) => {
    await until('subscribed', 30, () => sockets.length === 1)
    sockets[0]!.write(bytes)
    await until('back', 30, () => sockets.length === 2 && link.isConnected)
    assert.match(faults.join(), why)
    sockets[1]!.write(state('after'))
    await until('heard', 30, () => heard.includes('after'))
  })

test('a message that is longer than its topic may have is told of, and the next one is heard', async (scene) => {
  await until('subscribed', 30, () => scene.sockets.length === 1)
  const bytes = TOPICS.state.maxBytes + 1
  scene.sockets[0]!.write(Buffer.concat([state('x'.repeat(bytes)), state('next')]))
  await until('heard', 30, () => scene.heard.includes('next'))
  assert.equal([scene.heard, scene.strange], [['next'], [bytes]])
})

test('a burst of ten thousand rooms is heard whole', async ({ sockets, heard, faults }) => {
  await until('subscribed', 30, () => sockets.length === 1)
  const one = state('x'.repeat(500))
  sockets[0]!.write(Buffer.concat(Array.from({ length: 10_000 }, () => one)))
  await until('heard', 60, () => heard.length === 10_000)
  assert.equal(faults, [])
})

test.run()
