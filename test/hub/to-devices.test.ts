/** What an operator says to a room that is not there, or that no room would take. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { codeOf } from '../../controller/base/error.ts'
import type { ConfigPatch } from '../../controller/wire/config-patch.ts'
import { EXAMPLES } from '../../scripts/lib/reference/fleet/examples.ts'
import { BAD, BadRoomHub, GOOD, UNKNOWN } from '../builders/bad-room-hub.ts'
import { until } from '../stories/stage/until.ts'

const test = suite<{ scene: BadRoomHub }>('to devices')
test.before.each(async (room) => {
  room.scene = await BadRoomHub.start()
})
test.after.each(({ scene }) => scene.end())

const ORDER = { op: 'identify', args: {} } as const
const DOCKET = { day: '2026-11-24', hearings: [] }
const codeOfRejected = (done: Promise<unknown>): Promise<string> => done.then(() => '', codeOf)

test('a device that is not known, or no longer: a code, and nothing is said or kept', async ({ scene }) => {
  const { toDevices, hub, published } = scene
  hub.tell({ is: 'room-removed', device: GOOD })
  const before = published.length
  for (const device of [UNKNOWN, GOOD]) {
    assert.is(await codeOfRejected(toDevices.order(device, ORDER, 'anna')), 'NOT_FOUND')
    assert.is(await codeOfRejected(toDevices.configure(device, { room: 'x' }, 'anna')), 'NOT_FOUND')
    assert.is(await codeOfRejected(toDevices.giveDocket(device, DOCKET, 'anna')), 'NOT_FOUND')
    assert.equal(scene.store.read.orders(device, 9), [])
    assert.is(scene.store.read.wanted(device), null)
  }
  assert.is(published.length, before)
})

test('a device that is away: kept, and said again when it is back', async ({ scene }) => {
  const { toDevices, published } = scene
  scene.says(BAD, 'presence', { ...EXAMPLES.presence, state: 'disconnected' })
  const { id } = await toDevices.order(BAD, ORDER, 'anna')
  await toDevices.configure(BAD, { room: 'Room 7' }, 'anna')
  const said = (path: string) => published.filter(({ topic }) => topic.endsWith(path)).length
  const before = [said('down/cmd'), said('config/desired')]
  scene.says(BAD, 'presence', { ...EXAMPLES.presence, bd: 413 })
  scene.says(BAD, 'birth', EXAMPLES.birth)
  await until('said again', 30, () => said('down/cmd') > before[0]! && said('config/desired') > before[1]!)
  assert.ok(published.some(({ text }) => text.includes(id)))
  assert.is(published.filter(({ topic }) => topic.includes(GOOD) && !topic.endsWith('event-ack')).length, 0)
})

test('what a device that is there has not heard is said again until it answers', async () => {
  const scene = await BadRoomHub.start({ saidAgainEvery: 1 })
  try {
    const { toDevices, hub, published } = scene
    hub.start()
    scene.says(BAD, 'presence', EXAMPLES.presence)
    const { id } = await toDevices.order(BAD, ORDER, 'anna')
    await toDevices.configure(BAD, { room: 'Room 7' }, 'anna')
    const orders = () => published.filter(({ text }) => text.includes(id)).length
    const saidSince = (from: number, path: string) => published.slice(from).some(({ topic }) => topic.endsWith(path))
    await until('said three times', 30, () => orders() >= 3)
    scene.says(BAD, 'result', { ...EXAMPLES.result, id }, id)
    await scene.store.write()
    const [answered, from] = [orders(), published.length]
    await until('the configuration is said again', 30, () => saidSince(from, 'config/desired'))
    assert.is(orders(), answered)
    assert.ok(saidSince(from, 'event-ack'))
    assert.not(published.some(({ topic }) => topic.includes(GOOD)))
  } finally {
    await scene.end()
  }
})

test('a configuration that is none takes no number; of many at once each has its own', async ({ scene }) => {
  const { toDevices, store, published } = scene
  for (const bad of [{ limits: { silentSeconds: 'x' } }, { stores: [] }, { room: '' }, null, [], 'x'])
    assert.is(await codeOfRejected(toDevices.configure(BAD, bad as ConfigPatch, 'anna')), 'MESSAGE_INVALID')
  assert.is(store.read.wanted(BAD), null)
  await Promise.all(Array.from({ length: 10 }, (_, i) => toDevices.configure(BAD, { room: `Room ${i}` }, 'anna')))
  const revs = published.flatMap(({ topic, text }) => (topic.endsWith('desired') ? [JSON.parse(text).rev] : []))
  assert.equal(revs, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
  assert.is(store.read.wanted(BAD)?.rev, 10)
  assert.is(store.read.wanted(GOOD), null)
})

test('a docket for a room whose key is not known, or is none, is refused, and the next thing is said', async ({
  scene,
}) => {
  const { toDevices, store } = scene
  assert.is(await codeOfRejected(toDevices.giveDocket(BAD, DOCKET, 'anna')), 'REFUSED')
  scene.says(BAD, 'birth', EXAMPLES.birth)
  await store.write()
  // The key of the example is made up.
  assert.is(await codeOfRejected(toDevices.giveDocket(BAD, DOCKET, 'anna')), 'REFUSED')
  assert.is(store.read.docket(BAD), null)
  await toDevices.configure(BAD, { room: 'Room 7' }, 'anna')
  assert.is(store.read.wanted(BAD)?.rev, 1)
})

test.run()
