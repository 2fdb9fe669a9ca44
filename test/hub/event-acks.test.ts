import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { EventAcks } from '../../controller/hub/event-acks.ts'
import { EventAck } from '../../controller/wire/fleet/fleet-event.ts'

const DEVICE = 'vb-aaaaaaaaaaaaaaaa'
const HASH = 'a'.repeat(64)

const make = () => {
  const said: EventAck[] = []
  const acks = new EventAcks((_, ack) => said.push(EventAck.parse(ack)), 1_000)
  const held = (upto: number, ahead: number[], hash: string | null, atMs: number) =>
    acks.held([{ device: DEVICE, upto, ahead, hash }], atMs)
  return { said, acks, held }
}

test('a device is told whose event its last one is, where the hub has it', () => {
  const { said, held } = make()
  held(7, [], HASH, 0)
  held(8, [10], null, 0)
  assert.equal(said, [
    { upto: 7, ahead: [], hash: HASH },
    { upto: 8, ahead: [10] },
  ])
})

test('a hole is given up when it was there long enough while the device was', () => {
  const { acks, held } = make()
  held(8, [10], null, 0)
  assert.equal(
    acks.due(999, () => true),
    [],
  )
  assert.equal(
    acks.due(1_000, () => false),
    [],
    'a device that is away cannot fill it',
  )
  assert.equal(
    acks.due(1_999, () => true),
    [],
  )
  held(8, [10, 11], null, 1_999)
  assert.equal(
    acks.due(2_000, () => true),
    [DEVICE],
    'what comes later does not put it off',
  )
  assert.equal(
    acks.due(9_000, () => true),
    [],
    'once',
  )
  held(9, [11], null, 9_000)
  held(11, [], HASH, 9_500)
  assert.equal(
    acks.due(20_000, () => true),
    [],
    'it was filled',
  )
})

test.run()
