/** What waits for those who do not read is bounded in bytes: for each of them, and for all together. */
import { once } from 'node:events'
import { Duplex } from 'node:stream'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import type { MqttClient } from 'mqtt'
import { generate } from 'mqtt-packet'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { MOST_UNREAD, Unread } from '../../../controller/ports/broker/unread.ts'
import { topicOf } from '../../../controller/wire/fleet/topics.ts'
import { COURT, FleetBroker } from '../../builders/fleet-broker.ts'
import { until } from '../../stories/stage/until.ts'

const CHUNK = Buffer.alloc(1 << 20)
const IDLE = 12
const NAMES = [...'abcdefghijklmnopqrstuvwxyz234567'].map((letter) => `vb-abcdefghij23456${letter}`)
const PAYLOAD = 'x'.repeat(32 << 10)

/** Takes nothing until it is told to. */
const stuck = () => {
  const waiting: (() => void)[] = []
  const stream = new Duplex({ read: () => {}, write: (_chunk, _encoding, done) => void waiting.push(done) })
  return { stream, take: () => waiting.shift()?.() }
}

const watching = () => {
  const cut: { stream: Duplex; bytes: number }[] = []
  const unread = new Unread((stream, bytes) => {
    cut.push({ stream, bytes })
    stream.destroy()
  })
  return { unread, cut }
}

test('one that takes nothing is cut at its own bound, and no more is counted for it', async () => {
  const { unread, cut } = watching()
  const { stream } = stuck()
  unread.watch(stream)
  for (let bytes = 0; bytes < MOST_UNREAD.each; bytes += CHUNK.length) stream.write(CHUNK)
  assert.is(unread.together, MOST_UNREAD.each)
  assert.equal(cut, [], 'as much as it may')
  stream.write(Buffer.alloc(1))
  assert.equal(cut, [{ stream, bytes: MOST_UNREAD.each + 1 }])
  assert.is(unread.together, 0)
})

test('of many, whoever has most goes first when all together have too much', () => {
  const { unread, cut } = watching()
  const streams = Array.from({ length: 2 * (MOST_UNREAD.together / MOST_UNREAD.each) }, () => stuck().stream)
  for (const stream of streams) unread.watch(stream)
  for (const stream of streams) for (let i = 0; i < 4; i++) stream.write(CHUNK)
  assert.is(unread.together, MOST_UNREAD.together)
  assert.equal(cut, [])
  streams[3]!.write(CHUNK)
  assert.is(cut.length, 1)
  assert.is(cut[0]!.stream, streams[3])
  assert.ok(unread.together <= MOST_UNREAD.together)
})

test('who took it in the meantime is not cut for what it had', async () => {
  const { unread, cut } = watching()
  const { stream, take } = stuck()
  unread.watch(stream)
  for (let i = 0; i < 100; i++) {
    stream.write(CHUNK)
    take()
    await new Promise((resolve) => setImmediate(resolve))
  }
  assert.equal(cut, [])
  assert.is(unread.together, 0)
})

/** After SUBACK nobody reads it: TLS takes what comes until its buffer is full, then the kernel, and no more. */
const idleReader = async (fleet: FleetBroker, number: number): Promise<TLSSocket> => {
  const clientId = `reader-idle-${number}`
  const tls = await fleet.authority.issueReader('idle')
  const idle = connectTls({ ...tls, port: fleet.broker.port, host: '127.0.0.1', servername: 'localhost' })
  idle.on('error', () => {})
  const connect = { cmd: 'connect', protocolId: 'MQTT', protocolVersion: 4, clean: true, clientId, keepalive: 300 }
  idle.write(generate(connect as Parameters<typeof generate>[0]))
  await once(idle, 'data')
  idle.write(generate({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: 'verbatim/v1/#', qos: 0 }] }))
  await once(idle, 'data')
  idle.pause()
  return idle
}

test('readers that do not read cost a bounded memory while a fleet says much, and are out', async () => {
  // A round is one MiB for each reader: whoever reads is never more than that behind.
  const mostUnread = { each: 2 << 20, together: 16 << 20 }
  const fleet = await FleetBroker.start(10_000, { mostUnread })
  const idle: TLSSocket[] = []
  let most = 0
  let isOver = false
  const look = () => {
    most = Math.max(most, fleet.broker.unread)
    if (!isOver) setImmediate(look)
  }
  look()
  try {
    for (let number = 0; number < IDLE; number++) idle.push(await idleReader(fleet, number))
    const devices: MqttClient[] = []
    for (const name of NAMES) devices.push(await fleet.connect(await fleet.enrol(name), name))
    const busy = await fleet.connect(await fleet.authority.issueReader('busy'), 'reader-busy')
    let heard = 0
    busy.on('message', () => heard++)
    await busy.subscribeAsync('verbatim/v1/#', { qos: 0 })
    const isOut = () => fleet.broker.connected === NAMES.length + 1
    let said = 0
    // The kernel holds some megabytes for whoever does not read.
    for (; !isOut() && said < 10_000; said += NAMES.length) {
      await Promise.all(
        devices.map((device, i) => device.publishAsync(topicOf(COURT, NAMES[i]!, 'state'), PAYLOAD, { qos: 1 })),
      )
      await until('who reads hears everything', 20, () => heard === said + NAMES.length)
    }
    assert.ok(isOut(), `${fleet.broker.connected} are connected after ${said} messages`)
    assert.equal(
      fleet.faults.map(({ code }) => code),
      NAMES.slice(0, IDLE).map(() => 'too-slow'),
      'each is told of once, and nothing else',
    )
    assert.ok(most > 0 && most <= mostUnread.together, `${most} bytes waited at most`)
    // On a very slow machine the clock may have cut some of them before.
    assert.ok(fleet.faults.some(({ why }) => /bytes wait for it$/.test(why)))
    assert.is(fleet.broker.unread, 0)
  } finally {
    isOver = true
    for (const socket of idle) socket.destroy()
    await fleet.stop()
  }
})

test.run()
