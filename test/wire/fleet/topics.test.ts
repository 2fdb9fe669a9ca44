/** No name reaches beyond its own level of the tree, and no topic is read as another than it was written. */
import * as fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { AlarmId, alarmIdOf } from '../../../controller/wire/fleet/alarm.ts'
import { CourtId, DeviceId, Utc } from '../../../controller/wire/fleet/name.ts'
import { OrderId } from '../../../controller/wire/fleet/order.ts'
import { RoomState } from '../../../controller/wire/fleet/room-state.ts'
import { MAX_PACKET_BYTES, parseTopic, TOPIC_NAMES, TOPICS, topicOf } from '../../../controller/wire/fleet/topics.ts'
import { EXAMPLES } from '../../../scripts/lib/reference/fleet/examples.ts'

const COURT = 'almaty-district'
const DEVICE = 'vb-mzxw6ytboi2dgmbq'

const courts = fc.stringMatching(/^[a-z0-9]{1,12}(-[a-z0-9]{1,12}){0,3}$/)
const devices = fc.stringMatching(/^vb-[a-z2-7]{16}$/)
const orders = fc.stringMatching(/^[A-Za-z0-9_-]{8,40}$/)
const alarms = fc.stringMatching(/^[A-Z][A-Z0-9_]{0,30}(-[a-z0-9]{1,9}){0,4}$/)

/** Names as somebody might try them: valid ones with something added, and rubbish of the dangerous characters. */
const tries = fc.oneof(
  fc
    .tuple(fc.oneof(courts, devices, orders, alarms), fc.constantFrom('/', '+', '#', '\0', ' ', '\n', '..', '$'))
    .map((two) => two.join('')),
  fc.string({
    unit: fc.constantFrom('/', '+', '#', '\0', '\n', '.', '-', '_', 'a', 'A', '0', 'é', '$'),
    maxLength: 70,
  }),
  fc.string({ unit: 'binary', maxLength: 130 }),
)

test('what topicOf writes, parseTopic reads, and nothing else', () => {
  fc.assert(
    fc.property(
      courts,
      devices,
      fc.constantFrom(...TOPIC_NAMES),
      alarms,
      orders,
      (court, device, name, alarm, order) => {
        const last = name === 'alarm' ? alarm : name === 'result' ? order : ''
        assert.equal(parseTopic(topicOf(court, device, name, last)), { court, device, name, last })
      },
    ),
  )
})

test('no name that a schema takes has a separator, a wildcard, a control character, or nothing in it', () => {
  fc.assert(
    fc.property(tries, (name) => {
      for (const schema of [CourtId, DeviceId, AlarmId, OrderId])
        if (schema.safeParse(name).success) assert.match(name, /^[A-Za-z0-9_-]+$/)
    }),
    { numRuns: 1_000 },
  )
})

test('an alarm about anything has an id that is one level, and that the state may name', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 250 }), (about) => {
      const id = alarmIdOf({ code: 'MICROPHONE_SILENT_FOR_VERY_LONG', about })
      assert.ok(AlarmId.safeParse(id).success, id)
      assert.equal(RoomState.parse({ ...EXAMPLES.state, alarms: [id] }).alarms, [id])
    }),
  )
})

test('whatever else stands in the place of a level, the topic is none, or that level alone', () => {
  fc.assert(
    fc.property(fc.array(tries, { minLength: 0, maxLength: 7 }), (levels) => {
      const topic = ['verbatim', 'v1', ...levels].join('/')
      const parsed = parseTopic(topic)
      if (parsed) assert.is(topicOf(parsed.court, parsed.device, parsed.name, parsed.last), topic)
    }),
    { numRuns: 1_000 },
  )
})

test('filters, empty levels and other trees are no topics', () => {
  const own = `verbatim/v1/${COURT}/${DEVICE}`
  const none = [
    ...['', '/', 'verbatim', 'verbatim/v1', 'verbatim/v1/', `verbatim/v1/${COURT}`, own, `${own}/`, `${own}/up`],
    ...[`/${own}/up/state`, `${own}/up/state/`, `${own}//up/state`, `${own}/up//state`, `${own}/up/state/x`],
    ...[`${own}/up/alarm`, `${own}/up/alarm/`, `${own}/up/alarm/+`, `${own}/up/alarm/#`, `${own}/up/alarm/A/B`],
    ...[`verbatim/v1/+/${DEVICE}/up/state`, `verbatim/v1/${COURT}/#/up/state`, 'verbatim/v1//x/up/state'],
    ...[`verbatim/v2/${COURT}/${DEVICE}/up/state`, `$SYS/${own}/up/state`, `${own}/up/alarm/A\0`, `${own}/UP/state`],
  ]
  for (const topic of none) assert.is(parseTopic(topic), null, topic)
  assert.ok(parseTopic(`${own}/up/state`))
})

test('no topic of one kind is read as another', () => {
  const read = TOPIC_NAMES.map((name) => parseTopic(topicOf(COURT, DEVICE, name, 'DISK_FAILED'))?.name)
  assert.equal(read, TOPIC_NAMES)
})

test('the longest message of each topic fits into a packet, and the table is of this tree', () => {
  for (const name of TOPIC_NAMES) {
    assert.ok(TOPICS[name].maxBytes + 1_024 < MAX_PACKET_BYTES, name)
    assert.match(TOPICS[name].path, /^(up|down)(\/[a-z-]+)+(\/\+)?$/)
  }
})

test('a moment that a schema takes is one', () => {
  const digits = fc.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
  fc.assert(
    fc.property(
      fc.oneof(
        digits,
        fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
      ),
      (text) => {
        if (Utc.safeParse(text).success) assert.not(Number.isNaN(Date.parse(text)), text)
      },
    ),
    { numRuns: 500 },
  )
  assert.ok(Utc.safeParse('2028-02-29T23:59:59.999Z').success)
  for (const none of [
    '2026-13-01T00:00:00.000Z',
    '2026-01-32T00:00:00.000Z',
    '2026-01-01T24:00:00.000Z',
    '2026-01-01T00:00:00Z',
  ])
    assert.not(Utc.safeParse(none).success, none)
})

test.run()
