import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { rawPublicKeyOf } from '../../controller/base/ed25519.ts'
import { utcText } from '../../controller/base/units.ts'
import { layOut } from '../../controller/simulator/day.ts'
import { atLocal, workingDayAt } from '../../controller/simulator/local-day.ts'
import { Obeying } from '../../controller/simulator/obeying.ts'
import { roomsOf } from '../../controller/simulator/room.ts'
import { type RoomNow, roomNow } from '../../controller/simulator/room-now.ts'
import type { ReportedConfig } from '../../controller/wire/fleet/desired.ts'
import type { Order, OrderResult } from '../../controller/wire/fleet/order.ts'
import { desiredPayload, docketPayload, orderPayload } from '../../controller/wire/fleet/signing.ts'

const [room, other] = roomsOf(1, 2)
const { device } = room!
const operator = generateKeyPairSync('ed25519')
const stranger = generateKeyPairSync('ed25519')
const NOW = Date.UTC(2026, 10, 23, 9)
const idle = roomNow(room!, layOut(room!, workingDayAt(NOW)), atLocal(workingDayAt(NOW), 6))
const signed = (text: string, by: KeyObject = operator.privateKey) =>
  sign(null, Buffer.from(text), by).toString('base64')

const start = (hearing: RoomNow['hearing'] = 'idle') => {
  const [results, reports, kinds]: [OrderResult[], ReportedConfig[], string[]] = [[], [], []]
  let restarts = 0
  const obeying = new Obeying({
    ...{ device, operatorKey: rawPublicKeyOf(operator.publicKey) },
    now: () => ({ ...idle, hearing }),
    utcMs: () => NOW,
    result: (result) => results.push(result),
    report: (reported) => reports.push(reported),
    raise: ({ kind }) => kinds.push(kind),
    restart: () => restarts++,
  })
  const hear = (what: 'order' | 'desired' | 'docket', message: object) =>
    obeying.hear(what, Buffer.from(JSON.stringify(message)))
  return { obeying, hear, results, reports, kinds, restarts: () => restarts }
}

const orderOf = (op: Order['op'], changes: Partial<Order> = {}, by?: KeyObject): Order => {
  const order = {
    device,
    id: 'order-0001',
    op,
    args: {},
    issued: utcText(NOW),
    expires: utcText(NOW + 60_000),
    ...changes,
  }
  return { ...order, sig: signed(orderPayload(order), by) }
}

test('an order that the operator signed is done once, and answered as often as it comes', () => {
  const { hear, results, kinds, restarts } = start()
  hear('order', orderOf('reboot'))
  hear('order', orderOf('reboot'))
  assert.equal(
    results.map(({ code }) => code),
    ['done', 'done'],
  )
  assert.is(restarts(), 1)
  assert.equal(kinds, ['order-done'])
})

test('what is unsigned, too late, for another device or not for now is not done', () => {
  const { hear, results, restarts } = start()
  hear('order', orderOf('reboot', {}, stranger.privateKey))
  hear('order', orderOf('reboot', { id: 'order-0002', expires: utcText(NOW) }))
  hear('order', orderOf('reboot', { id: 'order-0003', device: other!.device }))
  hear('order', { ...orderOf('identify', { id: 'order-0004' }), op: 'reboot' })
  assert.throws(() => hear('order', { ...orderOf('reboot'), op: 'stop-recording' }))
  assert.equal(
    results.map(({ code }) => code),
    ['unsigned', 'expired', 'unsigned'],
  )
  const open = start('recording')
  open.hear('order', orderOf('reboot'))
  assert.is(open.results[0]!.code, 'refused')
  assert.is(restarts() + open.restarts(), 0)
})

test('a configuration counts when it is signed and newer', () => {
  const { hear, obeying, reports } = start()
  const desired = (rev: number, by?: KeyObject) => {
    const unsigned = { device, rev, at: utcText(NOW), cfg: { room: `Courtroom ${rev}` } }
    return { ...unsigned, sig: signed(desiredPayload(unsigned), by) }
  }
  hear('desired', desired(2))
  hear('desired', desired(1))
  hear('desired', desired(3, stranger.privateKey))
  assert.equal(
    reports.map(({ rev, applied, wanted }) => [rev, applied, wanted]),
    [
      [2, 'applied', 2],
      [2, 'refused', 3],
    ],
  )
  assert.is(obeying.configRev, 2)
})

test('a docket is told of once', () => {
  const { hear, kinds } = start()
  const unsigned = { device, rev: 4, age: Buffer.from('encrypted').toString('base64') }
  hear('docket', { ...unsigned, sig: signed(docketPayload(unsigned), stranger.privateKey) })
  for (let i = 0; i < 2; i++) hear('docket', { ...unsigned, sig: signed(docketPayload(unsigned)) })
  assert.equal(kinds, ['docket-received'])
})

test.run()
