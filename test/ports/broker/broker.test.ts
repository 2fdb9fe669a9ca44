/** Who may do what at the embedded broker: real TLS, real certificates, MQTT.js as anybody would use it. */
import { connect as connectTcp, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { MqttClient } from 'mqtt'
import { generate } from 'mqtt-packet'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { HubLink } from '../../../controller/ports/hub-link/hub-link.ts'
import { MOST_ALARMS_KEPT } from '../../../controller/wire/fleet/alarm.ts'
import { MAX_PACKET_BYTES, topicOf } from '../../../controller/wire/fleet/topics.ts'
import { COURT, type DeviceFiles, FleetBroker } from '../../builders/fleet-broker.ts'

interface Room {
  fleet: FleetBroker
  files: DeviceFiles
  hub: HubLink
  heard: { topic: string; text: string; kept: boolean }[]
}

const DEVICE = 'vb-abcdefghij234567'
const OTHER = 'vb-zzzzzzzzzz234567'
const test = suite<Room>('broker')

const until = async (is: () => boolean, what: string): Promise<void> => {
  for (let i = 0; i < 1_500 && !is(); i++) await new Promise((resolve) => setTimeout(resolve, 10))
  assert.ok(is(), what)
}
const faultOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown))
const isClosed = (client: MqttClient): Promise<void> =>
  new Promise((resolve) => {
    if (client.connected) client.once('close', () => resolve())
    else resolve()
  })
const closing = (socket: Socket): Promise<void> =>
  new Promise((resolve) => {
    socket.on('error', () => {})
    socket.on('close', () => resolve())
  })
/** Until it is open: the broker decides a moment later whether it stays. */
const closingOrOpen = (socket: Socket): Promise<void> =>
  new Promise((resolve) => {
    socket.once('connect', resolve).once('close', () => resolve())
  })
const own = (name: Parameters<typeof topicOf>[2], last?: string) => topicOf(COURT, DEVICE, name, last)

test.before.each(async (room) => {
  room.fleet = await FleetBroker.start()
  room.files = await room.fleet.enrol(DEVICE)
  room.heard = []
  let isUp = false
  room.hub = new HubLink({
    way: { is: 'inside', open: () => room.fleet.broker.connectInside() },
    heard: ({ court, device, name, last }, payload, kept) =>
      room.heard.push({ topic: topicOf(court, device, name, last), text: payload.toString(), kept }),
    strange: () => assert.unreachable('a topic that is none of ours'),
    changed: (connected) => {
      isUp = connected
    },
  })
  room.hub.start()
  await until(() => isUp, 'the hub is connected')
})
test.after.each(async ({ hub, fleet }) => {
  await hub.stop()
  await fleet.stop()
})

test('a device is heard by the hub, and hears what the hub says to it', async ({ fleet, files, hub, heard }) => {
  const device = await fleet.connect(files, DEVICE)
  const said: string[] = []
  device.on('message', (topic, payload) => said.push(`${topic} ${payload.toString()}`))
  await device.subscribeAsync(`verbatim/v1/${COURT}/${DEVICE}/down/#`, { qos: 1 })
  await device.publishAsync(own('state'), '{"a":1}', { qos: 1, retain: true })
  await until(() => heard.length === 1, 'heard')
  assert.equal(heard[0], { topic: own('state'), text: '{"a":1}', kept: false })
  await hub.publish(COURT, DEVICE, 'ack', '{"upto":1}')
  await until(() => said.length === 1, 'said')
  assert.is(said[0], `${own('ack')} {"upto":1}`)
})

test('alarms that are kept for a device stay bounded, however often it comes', async ({ fleet, files, heard }) => {
  const raise = async (from: number, to: number) => {
    const device = await fleet.connect(files, DEVICE)
    for (let n = from; n < to; n++) await device.publishAsync(own('alarm', `A-${n}`), '{}', { qos: 1, retain: true })
    return device
  }
  const first = await raise(0, MOST_ALARMS_KEPT - 10)
  await first.endAsync()
  const second = await raise(MOST_ALARMS_KEPT - 10, MOST_ALARMS_KEPT)
  await until(() => heard.length === MOST_ALARMS_KEPT, 'all heard')
  // What is kept already may be said again.
  await second.publishAsync(own('alarm', 'A-1'), '{"a":1}', { qos: 1, retain: true })
  // One of them goes, and another may come.
  await second.publishAsync(own('alarm', 'A-0'), '', { qos: 1, retain: true })
  await second.publishAsync(own('alarm', 'B'), '{}', { qos: 1, retain: true })
  const refused = isClosed(second)
  second.publish(own('alarm', 'C'), '{}', { qos: 1, retain: true })
  await refused
  await until(() => fleet.faults.some(({ code, why }) => code === 'not-permitted' && /kept of it/.test(why)), 'told')
  assert.not.ok(heard.some(({ topic }) => topic === own('alarm', 'C')))
})

test('what a device left is kept for a hub that comes later, and its will tells of its death', async ({
  fleet,
  files,
  heard,
}) => {
  const will = { topic: own('presence'), payload: Buffer.from('lost'), qos: 1 as const, retain: true }
  const device = await fleet.connect(files, DEVICE, { will })
  await device.publishAsync(own('presence'), 'ready', { qos: 1, retain: true })
  device.stream.destroy()
  await until(() => heard.some(({ text }) => text === 'lost'), 'the will')
  const late: string[] = []
  const second = new HubLink({
    way: { is: 'inside', open: () => fleet.broker.connectInside() },
    heard: (_topic, payload, kept) => late.push(`${payload.toString()} ${kept}`),
    strange: () => {},
    changed: () => {},
  })
  second.start()
  await until(() => late.length > 0, 'kept')
  assert.is(late[0], 'lost true')
  await second.stop()
})

test('a device acts only as itself', async ({ fleet, files, hub, heard }) => {
  await fleet.enrol(OTHER)
  const tries: [string, boolean][] = [
    [topicOf(COURT, OTHER, 'state'), true],
    [topicOf('other-court', DEVICE, 'state'), true],
    [own('ack'), true],
    [own('receipt'), true],
    [own('order'), false],
    [`verbatim/v1/${COURT}/${DEVICE}/up/else`, false],
    ['verbatim/v1', false],
    ['$SYS/anything', false],
    [own('event'), true],
  ]
  for (const [topic, retain] of tries) {
    const device = await fleet.connect(files, DEVICE)
    const closed = isClosed(device)
    device.publish(topic, 'x', { qos: 1, retain })
    await closed
  }
  assert.is(fleet.faults.filter(({ code }) => code === 'not-permitted').length, tries.length)
  // The hub is told nothing of all that.
  await hub.publish(COURT, DEVICE, 'ack', '')
  assert.equal(heard, [])
})

test('a device hears no other', async ({ fleet, files }) => {
  const device = await fleet.connect(files, DEVICE)
  const filters = ['#', '+/#', 'verbatim/#', `verbatim/v1/${COURT}/#`, `verbatim/v1/${COURT}/+/down/#`, '$SYS/#']
  filters.push(topicOf(COURT, OTHER, 'order'), topicOf('other-court', DEVICE, 'order'), own('state'), own('alarm', '+'))
  for (const filter of filters) {
    const granted = await device.subscribeAsync(filter, { qos: 1 }).catch(() => [{ qos: 128 }])
    assert.is(granted[0]!.qos, 128, filter)
  }
  for (const filter of [own('order'), own('presence'), own('ack')])
    assert.is((await device.subscribeAsync(filter, { qos: 1 }))[0]!.qos, 1, filter)
})

test('nobody connects under another name, without a certificate, with a strange or a revoked one', async ({
  fleet,
  files,
}) => {
  await fleet.enrol(OTHER)
  for (const name of [OTHER, 'hub', '', 'reader-x'])
    assert.ok(await fleet.connect(files, name).then(() => '', faultOf), `as "${name}"`)
  const stranger = await FleetBroker.start()
  const strange = await stranger.enrol(DEVICE)
  assert.ok(await fleet.connect({ ...strange, ca: files.ca }, DEVICE).then(() => '', faultOf), 'of another authority')
  await stranger.stop()
  await closing(connectTls({ host: '127.0.0.1', port: fleet.broker.port, rejectUnauthorized: false }))
  await fleet.register.add({ is: 'revoked', at: new Date().toISOString(), device: DEVICE, by: 'test' })
  assert.ok(await fleet.connect(files, DEVICE).then(() => '', faultOf), 'revoked')
})

test('whoever is revoked while connected is out at once', async ({ fleet, files }) => {
  const device = await fleet.connect(files, DEVICE)
  const closed = isClosed(device)
  await fleet.register.add({ is: 'revoked', at: new Date().toISOString(), device: DEVICE, by: 'test' })
  fleet.broker.kick(DEVICE)
  await closed
  assert.ok(await fleet.connect(files, DEVICE).then(() => '', faultOf))
})

test('a reader hears the fleet and says nothing', async ({ fleet, files }) => {
  const reader = await fleet.connect(await fleet.authority.issueReader('zabbix'), 'reader-zabbix-1')
  const said: string[] = []
  reader.on('message', (topic) => said.push(topic))
  assert.is((await reader.subscribeAsync('verbatim/v1/#', { qos: 1 }))[0]!.qos, 1)
  assert.is((await reader.subscribeAsync('homeassistant/+/+/+/config', { qos: 1 }))[0]!.qos, 1)
  for (const filter of ['#', '+/v1/#', '$SYS/#', 'homeassistantx/#'])
    assert.is(
      await reader.subscribeAsync(filter, { qos: 1 }).then(
        (granted) => granted[0]!.qos,
        () => 128,
      ),
      128,
    )
  const device = await fleet.connect(files, DEVICE)
  await device.publishAsync(own('metrics'), '{}', { qos: 0 })
  await until(() => said.length === 1, 'heard')
  const closed = isClosed(reader)
  reader.publish(own('state'), 'x', { qos: 1 })
  await closed
})

test('one address has so many places, and fewer for those who do not say who they are', async () => {
  const fleet = await FleetBroker.start(1_000, { maxPerAddress: 3, maxStrangersPerAddress: 2 })
  const strangers: Socket[] = []
  const stranger = () => {
    const socket = connectTcp(fleet.broker.port, '127.0.0.1')
    socket.on('error', () => {}).resume()
    strangers.push(socket)
    return socket
  }
  try {
    const one = await fleet.enrol(DEVICE)
    const other = await fleet.enrol(OTHER)
    for (let i = 0; i < 3; i++) await closingOrOpen(stranger())
    await closing(strangers[2]!)
    assert.match(fleet.faults.at(-1)!.why, 'more than 2 connections from one address that do not say who they are')
    for (const socket of strangers) socket.destroy()
    // They are gone when the broker has seen it.
    for (let isIn = false; !isIn; )
      isIn = await fleet.connect(one, DEVICE).then(
        () => true,
        () => false,
      )
    for (let isIn = false; !isIn; )
      isIn = await fleet.connect(other, OTHER).then(
        () => true,
        () => false,
      )
    // Who has said who it is is no stranger: one place is left for anybody.
    await closingOrOpen(stranger())
    await closing(stranger())
    assert.match(fleet.faults.at(-1)!.why, 'more than 3 connections from one address')
    assert.is(fleet.broker.connected, 2)
  } finally {
    for (const socket of strangers) socket.destroy()
    await fleet.stop()
  }
})

test('who hears and does not read is left, and the others hear everything', async ({ fleet, files }) => {
  const tls = await fleet.authority.issueReader('idle')
  // Nobody ever reads it: TLS itself takes what comes until its buffer is full, and no more.
  const idle = connectTls({ ...tls, port: fleet.broker.port, host: '127.0.0.1', servername: 'localhost' })
  idle.on('error', () => {})
  idle.write(
    generate({
      cmd: 'connect',
      protocolId: 'MQTT',
      protocolVersion: 4,
      clean: true,
      clientId: 'reader-idle',
      keepalive: 300,
    }),
  )
  idle.write(generate({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: 'verbatim/v1/#', qos: 0 }] }))
  await until(() => fleet.broker.connected === 2, 'the hub and the idle one')
  const busy = await fleet.connect(await fleet.authority.issueReader('busy'), 'reader-busy')
  let heard = 0
  busy.on('message', () => heard++)
  await busy.subscribeAsync('verbatim/v1/#', { qos: 0 })
  const device = await fleet.connect(files, DEVICE)
  const isSlow = () => fleet.faults.some(({ code, client }) => code === 'too-slow' && client === 'reader-idle')
  const payload = 'x'.repeat(10_000)
  let said = 0
  // The kernel holds some megabytes for whoever does not read.
  for (; !isSlow() && said < 20_000; said++) await device.publishAsync(own('state'), payload, { qos: 1 })
  assert.ok(isSlow(), `after ${said} messages`)
  await until(() => heard === said, 'everything is heard by the other one')
  await until(() => fleet.broker.connected === 3, 'out: the hub, the device and one reader are left')
  await device.publishAsync(own('state'), 'after', { qos: 1 })
  await until(() => heard === said + 1, 'and goes on')
})

test('the second connection of a device ends the first, and the hub is told', async ({ fleet, files }) => {
  const first = await fleet.connect(files, DEVICE)
  const closed = isClosed(first)
  await fleet.connect(files, DEVICE)
  await closed
  assert.equal(
    fleet.faults.filter(({ code }) => code === 'taken-over').map(({ client }) => client),
    [DEVICE],
  )
})

test('what is too long ends the connection before it is in memory', async ({ fleet, files }) => {
  for (const bytes of [MAX_PACKET_BYTES + 1, 100 << 20]) {
    const device = await fleet.connect(files, DEVICE)
    const closed = isClosed(device)
    // The head of a PUBLISH that promises so much; what follows never comes.
    const length = [bytes & 0x7f, (bytes >> 7) & 0x7f, (bytes >> 14) & 0x7f, bytes >> 21].map((digit, i) =>
      i < 3 ? digit | 0x80 : digit,
    )
    device.stream.write(Buffer.from([0x30, ...length, 0]))
    await closed
  }
  assert.is(fleet.faults.filter(({ code }) => code === 'too-long').length, 2)
  const device = await fleet.connect(files, DEVICE)
  const closed = isClosed(device)
  device.publish(own('presence'), 'x'.repeat(2_000), { qos: 1, retain: true })
  await closed
})

test('a flood is held back and harms nobody else', async (room) => {
  await room.hub.stop()
  await room.fleet.stop()
  const [rate, burst, sent] = [20, 100, 2_000]
  room.fleet = await FleetBroker.start(rate)
  let heard = 0
  room.hub = new HubLink({
    way: { is: 'inside', open: () => room.fleet.broker.connectInside() },
    heard: ({ name }) => {
      if (name === 'metrics') heard++
    },
    strange: () => {},
    changed: () => {},
  })
  room.hub.start()
  const flood = await room.fleet.connect(await room.fleet.enrol(DEVICE), DEVICE)
  const begunMs = performance.now()
  for (let i = 0; i < sent; i++) flood.publish(own('metrics'), '{}', { qos: 0 })
  const other = await room.fleet.connect(await room.fleet.enrol(OTHER), OTHER)
  for (let i = 0; i < 5; i++) await other.publishAsync(topicOf(COURT, OTHER, 'state'), `${i}`, { qos: 1, retain: true })
  await until(() => heard >= burst, 'what it may send comes at once')
  const seconds = (performance.now() - begunMs) / 1_000
  assert.ok(heard <= burst + rate * seconds + 1, `${heard} in ${seconds} s`)
  assert.equal(
    room.fleet.faults.filter(({ code }) => code === 'too-fast').map(({ client }) => client),
    [DEVICE],
  )
})

test('rubbish ends one connection and no other', async ({ fleet, files }) => {
  const other = await fleet.connect(await fleet.enrol(OTHER), OTHER)
  for (const bytes of [
    Buffer.alloc(64, 0xff),
    Buffer.from([0x30, 0xff, 0xff, 0xff, 0xff, 0x01]),
    Buffer.from([0, 0, 0]),
  ]) {
    const socket = connectTls({ ...files, host: '127.0.0.1', port: fleet.broker.port, servername: 'localhost' })
    socket.on('secureConnect', () => socket.write(bytes))
    await closing(socket)
  }
  await other.publishAsync(topicOf(COURT, OTHER, 'state'), '{}', { qos: 1, retain: true })
})

test.run()
