import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { clockText, HOUR_MS, MINUTE_MS, SECOND_MS, utcStamp, utcText } from '../../controller/base/units.ts'

const MOMENT = Date.UTC(2026, 10, 23, 14, 5, 12, 345)

test('wall time as it stands in journals and in file names', () => {
  assert.is(utcText(MOMENT), '2026-11-23T14:05:12.345Z')
  assert.is(utcStamp(MOMENT), '20261123T140512Z')
  assert.match(utcStamp(0), /^\d{8}T\d{6}Z$/)
})

test('stamps sort in the order of time', () => {
  const stamps = [0, SECOND_MS, MINUTE_MS, HOUR_MS, MOMENT].map(utcStamp)
  assert.equal(stamps.toSorted(), stamps)
})

test('a place on the time line as a person reads it', () => {
  for (const [ms, text] of [
    [0, '0:00:00.0'],
    [49, '0:00:00.0'],
    [50, '0:00:00.1'],
    [59_949, '0:00:59.9'],
    [59_950, '0:01:00.0'],
    [3_723_400, '1:02:03.4'],
    [HOUR_MS - 50, '1:00:00.0'],
    [25 * HOUR_MS, '25:00:00.0'],
  ] as const)
    assert.is(clockText(ms), text, String(ms))
})

test.run()
