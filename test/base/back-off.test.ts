import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { BackOff } from '../../controller/base/back-off.ts'

/** To the next hundred: some time passes between the failure and the look. */
const left = (backOff: BackOff): number => Math.ceil(backOff.leftMs / 100) * 100

test('waits twice as long after each failure, up to its limit', () => {
  const backOff = new BackOff({ firstMs: 10_000, longestMs: 70_000 }, () => 1)
  const waits = Array.from({ length: 5 }, () => {
    backOff.failed()
    return left(backOff)
  })
  assert.equal(waits, [10_000, 20_000, 40_000, 70_000, 70_000])
  backOff.succeeded()
  assert.is(backOff.leftMs, 0)
})

test('failures that cost nothing are waited for less, and make no other wait longer', () => {
  const backOff = new BackOff({ firstMs: 10_000, longestMs: 160_000 }, () => 1)
  const waits = Array.from({ length: 5 }, () => {
    backOff.failed(25_000)
    return left(backOff)
  })
  assert.equal(waits, [10_000, 20_000, 25_000, 25_000, 25_000])
  backOff.failed()
  assert.is(left(backOff), 40_000)
})

test.run()
