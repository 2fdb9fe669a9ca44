import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { CALM_MS } from '../../controller/core/scrub.ts'
import { troublesOf } from '../../controller/core/trouble.ts'
import { PLAN, readyRoom, recordingRoom, WHY } from './room.ts'

const ended = (bad: number) =>
  ({ is: 'scrub-ended', hearing: 'old', bad, repaired: 0, due: false, reason: WHY }) as const

test('an earlier hearing is read again in the calm, one at a time', () => {
  const room = readyRoom()
  room.pass(PLAN.scrubEveryMs - 1_000)
  assert.equal(room.done('scrub'), [])
  room.pass(3_000)
  assert.is(room.done('scrub').length, 1)
  room.pass(PLAN.scrubEveryMs + 1_000)
  assert.is(room.done('scrub').length, 1, 'the first has not ended')
  room.tell(ended(0))
  room.pass(PLAN.scrubEveryMs + 1_000)
  assert.is(room.done('scrub').length, 2)
})

test('REC stops it, and it waits until it is calm again', () => {
  const room = readyRoom()
  room.pass(PLAN.scrubEveryMs + 1_000)
  room.forget().press('rec')
  assert.is(room.done('stop-scrub').length, 1)
  room.pass(PLAN.scrubEveryMs)
  room.press('stop')
  room.closeAll()
  room.pass(CALM_MS - 1_000)
  assert.equal(room.done('scrub'), [])
  room.pass(2_000)
  assert.is(room.done('scrub').length, 1)
})

test('a disk that is not good is not read again, and 0 means never', () => {
  const room = readyRoom()
  room.probe('mirror', false)
  room.pass(PLAN.scrubEveryMs + 1_000, { deadStores: ['mirror'] })
  assert.equal(room.done('scrub'), [])
  const never = readyRoom({ scrubEveryMs: 0 })
  never.pass(PLAN.scrubEveryMs + 1_000)
  assert.equal(never.done('scrub'), [])
})

test('what could not be repaired is told until it is whole, and does not touch the lamp', () => {
  const room = recordingRoom()
  room.tell(ended(2))
  assert.equal(
    troublesOf(room.state).map(({ why }) => why),
    [WHY],
  )
  assert.is(room.lamp, 'steady')
  room.tell(ended(0))
  assert.equal(
    troublesOf(room.state).map(({ why }) => why),
    [],
  )
})

test('what was sealed is seen to as soon as it is calm, and again when REC put it off', () => {
  const room = readyRoom({ scrubEveryMs: 0 })
  room.tell({ is: 'closed-sealed', hearing: 'old', ok: true, request: 0, reason: WHY })
  room.pass(CALM_MS + 1_000)
  assert.is(room.done('scrub').length, 1)
  room.forget().press('rec')
  assert.is(room.done('stop-scrub').length, 1)
  room.tell({ is: 'scrub-ended', hearing: '', bad: 0, repaired: 0, due: false, reason: WHY })
  room.press('stop')
  room.closeAll()
  room.pass(CALM_MS + 1_000)
  assert.is(room.done('scrub').length, 1)
  room.forget().tell(ended(0))
  room.pass(CALM_MS * 3)
  assert.equal(room.done('scrub'), [], 'once')
})

test('without a key of the court nothing waits for it', () => {
  const room = readyRoom({ scrubEveryMs: 0, locksSealed: false })
  room.tell({ is: 'closed-sealed', hearing: 'old', ok: true, request: 0, reason: WHY })
  room.pass(CALM_MS * 3)
  assert.equal(room.done('scrub'), [])
})

test('a disk that fails stops it, and a restart remembers what was not whole', () => {
  const room = readyRoom()
  room.pass(PLAN.scrubEveryMs + 1_000)
  room.forget().probe('mirror', false)
  assert.is(room.done('stop-scrub').length, 1)
  room.tell({ is: 'scrub-remembered', troubles: { old: WHY }, due: false })
  assert.ok(troublesOf(room.state).some(({ why }) => why === WHY))
})

test.run()
