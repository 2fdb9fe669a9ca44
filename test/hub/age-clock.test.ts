import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { AgeClock } from '../../controller/hub/age-clock.ts'

const KNOWN = Date.parse('2026-11-24T09:00:00.000Z')
const HOUR = 3_600_000
const YEARS = 10 * 365 * 24 * HOUR

test('follows the clock of the machine where that is right', () => {
  const clock = new AgeClock(KNOWN, 1_000)
  assert.is(clock.read({ atMs: 1_000 + HOUR, utcMs: KNOWN + HOUR }), KNOWN + HOUR)
})

test('follows one that is behind, and slowly one that is ahead', () => {
  const clock = new AgeClock(KNOWN, 1_000)
  assert.is(clock.read({ atMs: 1_000 + HOUR, utcMs: KNOWN - YEARS }), KNOWN - YEARS)
  assert.is(clock.read({ atMs: 1_000 + HOUR, utcMs: KNOWN + YEARS }), KNOWN + 2 * HOUR)
})

test('where nothing is stored nothing is older than the start', () => {
  const clock = new AgeClock(null, 1_000)
  assert.is(clock.read({ atMs: 1_000 + HOUR, utcMs: KNOWN }), KNOWN - HOUR)
})

test.run()
