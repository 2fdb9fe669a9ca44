/** Whatever a room sends, on whatever topic: counted, nothing thrown, and no other room is different for it. */
import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { now } from '../../controller/base/monotonic.ts'
import { roomRowOf } from '../../controller/core/roster/room-row.ts'
import { TOPIC_NAMES, TOPICS } from '../../controller/wire/fleet/topics.ts'
import { EXAMPLES } from '../../scripts/lib/reference/fleet/examples.ts'
import { BAD, BadRoomHub, COURT, GOOD, UNKNOWN } from '../builders/bad-room-hub.ts'
import { until } from '../stories/stage/until.ts'

const test = suite<{ scene: BadRoomHub }>('hub, bad input')
test.before.each(async (room) => {
  room.scene = await BadRoomHub.start()
})
test.after.each(({ scene }) => scene.end())

const ODD = [
  null,
  true,
  '',
  'x'.repeat(5_000),
  -1,
  0.5,
  1e308,
  9_007_199_254_740_991,
  [],
  {},
  [[[]]],
  '9999-99-99',
  '🏛',
]
type Json = Record<string, unknown>

/** A good message with one field that is of another kind, of an odd size, or away. */
const nearly = fc
  .record({ name: fc.constantFrom(...TOPIC_NAMES), field: fc.nat(40), odd: fc.constantFrom(undefined, ...ODD) })
  .map(({ name, field, odd }) => {
    const message: Json = structuredClone(EXAMPLES[name]) as Json
    const keys = Object.keys(message)
    message[keys[field % keys.length]!] = odd
    return { name, payload: Buffer.from(JSON.stringify(message)) }
  })
const rubbish = fc.record({
  name: fc.constantFrom(...TOPIC_NAMES),
  payload: fc.oneof(
    fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
    fc.jsonValue().map((value) => Buffer.from(JSON.stringify(value))),
    fc
      .constantFrom(
        '['.repeat(3_000),
        '{"a":'.repeat(500),
        'null',
        '1e999',
        '{"__proto__":{"x":1}}',
        'x'.repeat(150_000),
      )
      .map((text) => Buffer.from(text)),
  ),
})

test('rubbish and what is nearly a message, from one room and from strangers: the other stays as it is', async ({
  scene,
}) => {
  const { hub } = scene
  for (const name of ['birth', 'presence', 'state', 'metrics'] as const) scene.says(GOOD, name, EXAMPLES[name])
  const row = () => JSON.stringify(roomRowOf(hub.roster, hub.roster.rooms.get(GOOD)!, now().utcMs))
  const shown = () => JSON.stringify([[...hub.roster.rooms.get(GOOD)!.alarms.keys()], hub.latest.get(GOOD)])
  const before = [row(), shown()]
  const from = fc.constantFrom(
    [BAD, COURT],
    [BAD, COURT],
    [BAD, 'other-court'],
    [UNKNOWN, COURT],
    [GOOD, 'other-court'],
  )
  fc.assert(
    fc.property(fc.oneof(nearly, rubbish), from, fc.string({ maxLength: 80 }), ({ name, payload }, who, last) => {
      scene.says(who[0]!, name, payload, last, who[1])
    }),
    { numRuns: 3_000, seed: 5 },
  )
  assert.equal([row(), shown()], before)
  const { malformed, strangers } = hub.reception.counts
  assert.ok(malformed > 500 && strangers > 500, `${malformed}, ${strangers}`)
  assert.equal([...hub.roster.rooms.keys()].toSorted(), [BAD, GOOD].toSorted())
  // The bad one is heard all the same as soon as it says something good, and so is the other.
  for (const device of [BAD, GOOD]) {
    const event = { ...EXAMPLES.event, seq: 1, id: `${device}/1`, prev: null }
    if (device === GOOD || !scene.store.read.events(BAD, 100).some(({ seq }) => seq === 1))
      scene.says(device, 'event', event)
  }
  await until('both kept', 30, () => [BAD, GOOD].every((one) => scene.store.read.events(one, 100).length > 0))
  const acks = () => scene.published.filter(({ topic }) => topic.includes(`${GOOD}/down/event-ack`))
  await until('acknowledged', 30, () => acks().length > 0)
  for (const { text } of acks()) assert.ok(TOPICS.ack.schema.safeParse(JSON.parse(text)).success, text)
  assert.not(
    scene.log.some((line) => line.startsWith('fault')),
    scene.log.join(),
  )
})

test('numbers of events that go back, come twice, jump, or are of another piece than the id', async ({ scene }) => {
  const { hub, store } = scene
  const say = (seq: number, word = 'a', id = `${BAD}/${seq}`) =>
    scene.says(BAD, 'event', { ...EXAMPLES.event, seq, id, prev: null, data: { word } })
  for (const seq of [5, 3, 3, 1]) say(seq)
  say(3, 'b')
  say(4, 'a', `${GOOD}/4`)
  say(4, 'a', `${BAD}/7`)
  for (const seq of [0, -1, 1.5, 1e300]) say(seq)
  await until('kept', 30, () => hub.counts.kept === 3)
  await store.write()
  assert.is(hub.reception.counts.malformed, 6)
  const last = () => JSON.parse(scene.published.filter(({ topic }) => topic.includes('event-ack')).at(-1)!.text)
  await until('acknowledged', 30, () => last().ahead.length === 2)
  assert.is(last().upto, 1)
  // What it says by the greatest number there is costs a room only itself, and at once.
  say(Number.MAX_SAFE_INTEGER)
  await until('the jump is kept', 30, () => hub.counts.kept === 4)
  for (let holes = 0; holes < 3; holes++) store.skip({ device: BAD, why: 'not come', atMs: now().utcMs })
  await until('given up', 30, () => hub.counts.missing > 0 && last().upto === Number.MAX_SAFE_INTEGER)
  say(6)
  scene.says(GOOD, 'event', { ...EXAMPLES.event, seq: 1, id: `${GOOD}/1`, prev: null })
  await until('the other is kept', 30, () => store.read.events(GOOD, 9).length === 1)
})

test('what only the hub says comes back to it: it says nothing to that', ({ scene }) => {
  const before = scene.published.length
  for (const name of ['ack', 'receipt', 'desired', 'order', 'docket', 'certificate'] as const)
    for (const device of [BAD, UNKNOWN]) scene.says(device, name, EXAMPLES[name])
  assert.is(scene.published.length, before)
  assert.is(scene.hub.reception.counts.messages, 0)
})

test('answers to orders that nobody gave, and reports of what nobody wanted, are nothing', async ({ scene }) => {
  scene.says(BAD, 'result', EXAMPLES.result, 'elsewhere')
  scene.says(BAD, 'reported', EXAMPLES.reported)
  scene.says(BAD, 'renewal', EXAMPLES.renewal)
  scene.says(BAD, 'alarm', '', 'NEVER_THERE')
  scene.says(BAD, 'place', EXAMPLES.place)
  await scene.store.write()
  assert.equal(scene.store.read.orders(BAD, 9), [])
  assert.is(scene.store.read.wanted(BAD), null)
  await until('the renewal was refused', 30, () => scene.log.some((line) => line.includes('was not renewed')))
})

test.run()
