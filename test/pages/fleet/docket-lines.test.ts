/** Lines of a docket, in the time of the court. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { docketIn, NoHearing } from '../../../controller/pages/fleet/docket-lines.ts'

const zone = process.env.TZ
test.before(() => {
  process.env.TZ = 'Asia/Almaty'
})
test.after(() => {
  if (zone === undefined) delete process.env.TZ
  else process.env.TZ = zone
})

test('early in the morning it is already this day, though not in UTC', () => {
  const early = new Date('2026-11-27T22:30:00Z')
  assert.equal(docketIn('09:00 10:30 2-1234\n\n 9.30-11:00 3-15/2026 (закрытое)', early), {
    day: '2026-11-28',
    hearings: [
      { case: '2-1234', startsAt: '2026-11-28T04:00:00.000Z', endsAt: '2026-11-28T05:30:00.000Z' },
      { case: '3-15/2026 (закрытое)', startsAt: '2026-11-28T04:30:00.000Z', endsAt: '2026-11-28T06:00:00.000Z' },
    ],
  })
})

test('a hearing in the night ends the next day', () => {
  const { hearings } = docketIn('23:00 01:00 7-1', new Date('2026-11-28T12:00:00Z'))
  assert.equal(hearings, [{ case: '7-1', startsAt: '2026-11-28T18:00:00.000Z', endsAt: '2026-11-28T20:00:00.000Z' }])
})

test('a line that is no hearing is named', () => {
  for (const line of ['2-1234', '09:00 2-1234', '25:00 26:00 2-1', '09:00 10:61 2-1', '09:00 10:00'])
    assert.throws(
      () => docketIn(`08:00 09:00 1-1\n${line}`, new Date()),
      (fault: unknown) => fault instanceof NoHearing && fault.message === line,
    )
})

test.run()
