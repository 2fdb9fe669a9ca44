import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { CALM_MS } from '../../controller/core/scrub.ts'
import { troublesOf } from '../../controller/core/trouble.ts'
import { PLAN, readyRoom, recordingRoom, WHY } from './room.ts'

const ended = (bad: number) => ({ is: 'scrub-ended', hearing: 'old', bad, repaired: 0, reason: WHY }) as const

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

test.run()
