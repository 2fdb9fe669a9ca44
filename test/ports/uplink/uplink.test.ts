// deadline: 120 s
import { mkdtempSync, rmSync } from 'node:fs'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import mqttPacket from 'mqtt-packet'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Uplink } from '../../../controller/ports/uplink/uplink.ts'
import { FileMemory, ForgetfulMemory } from '../../../controller/ports/uplink/uplink-memory.ts'
import { MAX_PACKET_BYTES, topicOf } from '../../../controller/wire/fleet/topics.ts'
import { BadWire } from '../../builders/bad-wire.ts'
import { until } from '../../stories/stage/until.ts'
import { serve, startAedes, startMosquitto, startNats, type TestBroker } from './brokers.ts'
import { AT, alarm, COURT, DEVICE, makeDevice, watch } from './device.ts'

const brokers: { stop(): Promise<void> }[] = []
const devices: Uplink[] = []
const begin = <B extends { stop(): Promise<void> }>(broker: B): B => {
  brokers.push(broker)
  return broker
}
const start = (options: Parameters<typeof makeDevice>[0]) => {
  const device = makeDevice(options)
  devices.push(device.uplink)
  device.uplink.start()
  return device
}
test.after.each(async () => {
  for (const uplink of devices.splice(0)) await uplink.stop()
  for (const broker of brokers.splice(0)) await broker.stop()
})

const connected = (uplink: Uplink) =>
  until('connected', 20, () => (uplink.contact.is === 'connected' ? uplink.contact : null))

const KINDS: [string, () => Promise<TestBroker>, 4 | 5][] = [
  ['aedes', startAedes, 4],
  ['mosquitto', startMosquitto, 5],
  ['nats', startNats, 4],
]

for (const [name, startBroker, version] of KINDS)
  test(`${name}: what is retained is there, events come in order and once, and the leaving is told`, async () => {
    const broker = begin(await startBroker())
    const hub = await watch(broker.url)
    const { uplink, outbox } = start({ url: broker.url })
    const contact = await connected(uplink)
    assert.is(contact.version, version, 'MQTT 5 where it is offered, 3.1.1 otherwise')
    uplink.setAlarms(new Map([['DISK_FAILED-store', alarm('DISK_FAILED')]]))
    for (let n = 0; n < 120; n++) outbox.raise({ kind: 'hearing-opened', utcMs: 0, urgent: false, data: { n } })
    await until('a window of events', 20, () => hub.events().length >= 50)
    assert.is(new Set(hub.events().map(({ seq }) => seq)).size, 50, 'no more than a window before the hub has some')
    await hub.ack(50)
    await until('the next window', 20, () => hub.events().length >= 100)
    await hub.ack(100)
    await until('all', 20, () => hub.events().length >= 120)
    await hub.ack(120)
    await until('nothing waits', 20, () => outbox.waiting === 0)
    assert.equal(
      hub.events().map(({ seq }) => seq),
      Array.from({ length: 120 }, (_, i) => i + 1),
    )
    await until('the alarm', 20, () => hub.last('up/alarm/DISK_FAILED-store'))
    uplink.setAlarms(new Map())
    await until('the alarm is taken away', 20, () => hub.last('up/alarm/DISK_FAILED-store') === '')
    assert.is(JSON.parse(hub.last('up/status')!).state, 'ready')
    await uplink.stop()
    await until('it says that it leaves', 20, () => JSON.parse(hub.last('up/status')!).state === 'disconnected')
    await hub.end()
  })

test('everything retained is said again to a broker that has forgotten it, and no event is lost with it', async () => {
  const first = begin(await startAedes())
  const { uplink, outbox } = start({ url: first.url })
  await connected(uplink)
  uplink.setAlarms(new Map([['NO_DISK', alarm('NO_DISK')]]))
  await first.stop()
  await until('away', 20, () => uplink.contact.is === 'away')
  outbox.raise({ kind: 'alarm-raised', utcMs: 0, urgent: true, data: {} })
  for (let n = 0; n < 10; n++) uplink.metrics({ at: AT, cpu_percent: n })
  const second = begin(await startAedes(Number(new URL(first.url).port)))
  const hub = await watch(second.url)
  await connected(uplink)
  await until('the event', 20, () => hub.events().length === 1)
  await until('the alarm', 20, () => hub.last('up/alarm/NO_DISK'))
  await until('the metrics', 30, () => hub.messages.filter(({ path }) => path === 'up/metrics').length === 10)
  const { bd } = JSON.parse(hub.last('up/status')!)
  assert.ok(bd >= 2, 'each connection has its number')
  await hub.end()
})

test('a device that is called lost says that it is there', async () => {
  const broker = begin(await startAedes())
  const hub = await watch(broker.url)
  const { uplink } = start({ url: broker.url })
  await connected(uplink)
  await until('ready', 20, () => hub.last('up/status'))
  const ready = hub.last('up/status')!
  const lost = JSON.stringify({ ...JSON.parse(ready), state: 'lost' })
  await hub.publish(topicOf(COURT, DEVICE, 'presence'), lost)
  await until('it says so', 20, () => JSON.parse(hub.last('up/status')!).state === 'ready')
  await hub.publish(topicOf(COURT, DEVICE, 'presence'), lost)
  await until('and again', 20, () => JSON.parse(hub.last('up/status')!).state === 'ready')
  const higher = JSON.stringify({ ...JSON.parse(ready), state: 'lost', bd: 77 })
  await hub.publish(topicOf(COURT, DEVICE, 'presence'), higher)
  await until('with a number above the one it saw', 20, () => {
    const { state, bd } = JSON.parse(hub.last('up/status')!)
    return state === 'ready' && bd > 77
  })
  await hub.end()
})

test('of a cluster a node is taken by chance, and the next one when it dies', async () => {
  const nodes = [begin(await startAedes()), begin(await startAedes()), begin(await startAedes())] as const
  const url = `mqtt://${nodes.map(({ url }) => new URL(url).host).join(',')}`
  const { uplink } = start({ url, chance: () => 0.5 })
  await connected(uplink)
  const at = (node: (typeof nodes)[number]): number => node.aedes.connectedClients
  assert.equal(nodes.map(at), [0, 1, 0])
  await nodes[1].stop()
  await until('it is at another one', 20, () => at(nodes[0]) + at(nodes[2]) === 1 && uplink.contact.is === 'connected')
})

test('the will is published when the device dies', async () => {
  const broker = begin(await startAedes())
  const hub = await watch(broker.url)
  const { uplink } = start({ url: broker.url })
  await connected(uplink)
  await until('ready', 20, () => hub.last('up/status'))
  for (const client of Object.values(
    (broker.aedes as unknown as { clients: Record<string, { id: string; conn: Socket }> }).clients,
  ))
    if (client.id === DEVICE) client.conn.destroy()
  await until('lost', 20, () => hub.messages.some(({ text }) => text.includes('"lost"')))
  await until('and there again', 20, () => JSON.parse(hub.last('up/status')!).state === 'ready')
  await hub.end()
})

test('alarms of an earlier program are taken away, and connections are counted for life', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'verbatim-uplink-'))
  const broker = begin(await startAedes())
  const hub = await watch(broker.url)
  const first = start({ url: broker.url, memory: new FileMemory(folder) })
  await connected(first.uplink)
  first.uplink.setAlarms(new Map([['DISK_LATE-store', alarm('DISK_LATE')]]))
  await until('the alarm', 20, () => hub.last('up/alarm/DISK_LATE-store'))
  await first.uplink.stop()
  const second = start({ url: broker.url, memory: new FileMemory(folder) })
  second.uplink.setAlarms(new Map())
  await until('taken away', 20, () => hub.last('up/alarm/DISK_LATE-store') === '')
  assert.ok(second.uplink.connections > first.uplink.connections)
  await hub.end()
  rmSync(folder, { recursive: true })
})

test('orders and the like come byte for byte, and what is none of ours changes nothing', async () => {
  const broker = begin(await startAedes())
  const hub = await watch(broker.url)
  const { uplink, heard, told } = start({ url: broker.url })
  await connected(uplink)
  await until('ready', 20, () => hub.last('up/status'))
  await hub.publish(topicOf(COURT, DEVICE, 'ack'), '{"upto":"x"}')
  await hub.publish(topicOf(COURT, DEVICE, 'docket'), 'x'.repeat(97 << 10))
  await hub.publish(topicOf(COURT, DEVICE, 'order'), '{ "any" : 1 }', false)
  await until('the order', 20, () => heard.length > 0)
  assert.equal(heard, [{ what: 'order', text: '{ "any" : 1 }' }])
  assert.equal(
    told.map(({ code }) => code),
    ['MESSAGE_INVALID', 'MESSAGE_INVALID'],
  )
  assert.is(uplink.contact.is, 'connected')
  await hub.end()
})

const connack = mqttPacket.generate({ cmd: 'connack', returnCode: 0, sessionPresent: false })

/** Pretends to be a broker up to CONNACK, and then does something else. */
const after = async (then: (socket: Socket) => void) =>
  begin(
    await serve((socket) => {
      socket.once('data', () => {
        socket.write(connack)
        then(socket)
      })
    }),
  )

test('a broker that hangs at once, or after CONNACK, is left', async () => {
  const silent = begin(await serve(() => {}))
  const one = start({ url: silent.url, version: 4, withinMs: 300 })
  await until('given up', 20, () => one.told.some(({ text }) => /no CONNACK|connack timeout/.test(text)))
  const deaf = await after((socket) => socket.pause())
  const two = start({ url: deaf.url, version: 4, keepaliveSeconds: 1, patienceMs: 1_500, withinMs: 60_000 })
  await connected(two.uplink)
  await until('given up', 20, () => two.told.some(({ text }) => /has been silent/.test(text)))
  const three = start({ url: (await after((socket) => socket.resume())).url, version: 4, withinMs: 300 })
  await until('given up', 20, () => three.told.some(({ text }) => /SUBSCRIBE/.test(text)))
})

const wireTo = async ({ url }: TestBroker) => {
  const wire = await BadWire.to(Number(new URL(url).port))
  return Object.assign(wire, { stop: () => wire.close() })
}

/** There and back it is longer than the broker waits for a packet. */
const WAY_MS = 2_000

test('a device whose way is long stays connected', async () => {
  await Promise.all(
    KINDS.map(async ([name, startBroker, version]) => {
      const broker = begin(await startBroker())
      const wire = begin(await wireTo(broker))
      wire.slow(WAY_MS)
      const { uplink } = start({ url: wire.url, version, keepaliveSeconds: 2, patienceMs: 10_000, withinMs: 60_000 })
      const first = await connected(uplink)
      // Nothing is said meanwhile but pings.
      await delay(4 * WAY_MS)
      assert.equal(uplink.contact, first, name)
    }),
  )
})

test('rubbish, 100 MB and a flood end the connection and nothing else', async () => {
  const huge = Buffer.from([0x30, 0x80, 0x80, 0x80, 0x32])
  const message = mqttPacket.generate({
    cmd: 'publish',
    topic: 'a/b',
    payload: 'x'.repeat(60_000),
    qos: 0,
    dup: false,
    retain: false,
  })
  let sent = 0
  const flood = (socket: Socket) => {
    const more = () => {
      while (!socket.destroyed && socket.write(message)) sent += message.length
      sent += message.length
    }
    socket.on('drain', more)
    more()
  }
  const qos2 = mqttPacket.generate({
    cmd: 'publish',
    topic: 'a',
    payload: 'x',
    qos: 2,
    messageId: 1,
    dup: false,
    retain: false,
  })
  const before = process.memoryUsage().rss
  for (const [what, then] of [
    [/kind 5/, (socket: Socket) => socket.write('SSH-2.0-rubbish')],
    [/104857605 bytes|packet of \d{9} bytes/, (socket: Socket) => socket.write(huge)],
    [/impossible length/, (socket: Socket) => socket.write(Buffer.from([0x30, 0xff, 0xff, 0xff, 0xff, 0x7f]))],
    [/within ten seconds/, flood],
    [/QoS 2/, (socket: Socket) => socket.write(qos2)],
  ] as const) {
    const { url } = await after(then)
    const { told, uplink } = start({ url, version: 4 })
    await until(`${what}`, 20, () => told.some(({ code, text }) => code !== 'x' && what.test(text)))
    await uplink.stop()
  }
  assert.ok(sent < 64 << 20, `${sent} bytes were taken`)
  assert.ok(process.memoryUsage().rss - before < 200 << 20)
})

test('a name that nobody knows, and a port where nobody listens, are tried again', async () => {
  const one = start({ url: 'mqtt://no-such-host.invalid:1883' })
  const two = start({ url: 'mqtt://127.0.0.1:1' })
  await until('told', 30, () => one.told.length > 0 && two.told.length > 0)
  assert.is(one.told[0]!.code, 'NO_ANSWER')
  assert.is(two.told.length, 1, 'once, however often it is tried')
  assert.is(two.uplink.contact.is, 'away')
})

test('nothing piles up while a broker acknowledges nothing', async () => {
  const packets: string[] = []
  const broker = begin(
    await serve((socket) => {
      const parser = mqttPacket.parser()
      parser.on('packet', (packet) => {
        packets.push(packet.cmd)
        if (packet.cmd === 'connect') socket.write(connack)
        if (packet.cmd === 'subscribe')
          socket.write(
            mqttPacket.generate({
              cmd: 'suback',
              messageId: packet.messageId!,
              granted: packet.subscriptions.map(() => 1),
            }),
          )
        if (packet.cmd === 'pingreq') socket.write(mqttPacket.generate({ cmd: 'pingresp' }))
      })
      socket.on('data', (bytes) => parser.parse(bytes))
    }),
  )
  const { uplink, outbox } = start({ url: broker.url, version: 4, memory: new ForgetfulMemory(5) })
  await connected(uplink)
  for (let n = 0; n < 1_000; n++) {
    outbox.raise({ kind: 'hearing-opened', utcMs: 0, urgent: false, data: {} })
    uplink.setAlarms(new Map([['NO_DISK', { ...alarm('NO_DISK'), seq: n + 1 }]]))
  }
  await until('a window', 20, () => packets.filter((cmd) => cmd === 'publish').length >= 52)
  assert.ok(packets.filter((cmd) => cmd === 'publish').length <= 60, `${packets.length} packets`)
})

test('the longest message of the fleet fits the limit of a packet', () => {
  assert.ok(MAX_PACKET_BYTES > 96 << 10)
  assert.ok(new Uplink(makeOptions()).contact.is === 'away')
})
const makeOptions = () => ({
  ...{ court: COURT, device: DEVICE, boot: 'b', url: 'mqtt://x:1', memory: new ForgetfulMemory() },
  events: { next: async () => [], acknowledge: async () => {}, onKept: () => () => {} },
  heard: () => {},
  complain: () => {},
})

test.run()
