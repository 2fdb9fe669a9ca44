import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { TimeLine } from '../../controller/media/time-line.ts'
import { OPUS, VIDEO } from '../builders/samples.ts'

const test = suite('time line')
const PACKET_MS = 20
const msOf = (ticks: number) => ticks / 48

for (const ppm of [200, -200])
  test(`a sound card ${ppm} ppm off stays within 10 ms of the clock over 8 hours, without a gap`, () => {
    const line = new TimeLine(OPUS)
    let last = -1
    let steps = 0
    for (let i = 0; i < (8 * 3_600_000) / PACKET_MS; i++) {
      const trueMs = i * PACKET_MS * (1 + ppm / 1e6)
      const { ticks, gapMs } = line.place(trueMs, 960)
      assert.is(gapMs, 0)
      assert.ok(Math.abs(msOf(ticks) - trueMs) <= 10.03, `${msOf(ticks) - trueMs} ms off at ${trueMs}`)
      assert.ok(ticks > last)
      if (i && ticks - last !== 960) steps++
      last = ticks
    }
    // 200 ppm of 8 h are 5.76 s: a step of 10 ms now and then.
    assert.ok(steps > 500 && steps < 600, `${steps} steps`)
  })

test('jitter of the clock makes no step', () => {
  const line = new TimeLine(OPUS)
  for (let i = 0; i < 100_000; i++) {
    const jitterMs = i ? Math.sin(i * 12.9898) * 9 : 0
    assert.is(line.place(1_000 + i * PACKET_MS + jitterMs, 960).ticks, 48_000 + i * 960)
  }
})

test('a hole is a gap, and what follows stands where the clock says', () => {
  const line = new TimeLine(OPUS)
  line.place(0, 960)
  assert.equal(line.place(520, 960), { ticks: 24_960, gapMs: 500 })
  assert.equal(line.place(540, 960), { ticks: 25_920, gapMs: 0 })
  const video = new TimeLine(VIDEO)
  video.place(0, 3_600)
  assert.is(video.place(240, 3_600).gapMs, 0)
  assert.is(video.place(280 + 1_000, 3_600).gapMs, 1_000)
})

test('sound never goes back: a clock that jumps back is waited for', () => {
  const line = new TimeLine(OPUS)
  let last = -1
  for (let i = 0; i < 500; i++) {
    const { ticks, gapMs } = line.place(i * PACKET_MS - (i > 100 ? 125 : 0), 960)
    assert.ok(ticks > last, `${ticks} after ${last}`)
    assert.is(gapMs, 0)
    last = ticks
  }
  assert.ok(Math.abs(msOf(last) - (499 * PACKET_MS - 125)) <= 10)
})

test('after a restart nothing is missing, and nothing follows', () => {
  const line = new TimeLine(OPUS)
  line.place(0, 960)
  line.restart()
  assert.equal(line.place(60_000, 960), { ticks: 2_880_000, gapMs: 0 })
})

test('times before the zero of the hearing stand at zero', () => {
  assert.is(new TimeLine(OPUS).place(-5, 960).ticks, 0)
})

test.run()
