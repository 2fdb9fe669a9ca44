// deadline: 300 s
/**
 * Every byte of every file of a small hearing is turned, one after another: each turn is told, but for those of bytes
 * that prove nothing, and those are named. One bit of each byte here; `scripts/drill bytes` turns all eight.
 */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { everyTurnTold } from '../../builders/every-turn-told.ts'

const { count, silent, excused, crashed } = await everyTurnTold([0])

test('no turn makes the verifier throw', () => assert.equal(crashed, []))

test('every turn is told, or is of a byte that proves nothing', () => {
  assert.ok(count > 10_000, `${count} turns`)
  assert.equal(silent, [])
})

test('no excuse is there that nothing needs', () => {
  for (const [what, times] of excused) assert.ok(times > 0, what)
})

test.run()
