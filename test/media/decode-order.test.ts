import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { anchorsOf, decodeStart, inDecodeOrder, lateness } from '../../controller/media/decode-order.ts'

const test = suite('decode order')
/** Frames by their time of showing; a key frame is negative. */
const frames = (...times: number[]) =>
  times.map((time) => ({ pts: Math.abs(time), key: time < 0, duration: 10, data: new Uint8Array(0) }))
const decoded = (...[times, next, earliest = 0]: [number[], number | null, number?]) =>
  inDecodeOrder(frames(...times), next, earliest).map(({ dts }) => dts)

test('an anchor is a key frame, or shown after all before it', () => {
  assert.equal(anchorsOf(frames(-10, 40, 20, 30, 70, 50, 60)), [0, 1, 4])
  assert.equal(anchorsOf(frames(-10, 50, 30, 20, 40, 90)), [0, 1, 5], 'pyramid')
  assert.equal(anchorsOf(frames(-10, 20, -50, 30, 40, 60)), [0, 1, 2, 5], 'open group')
  assert.equal(
    anchorsOf(frames(-10, 900, 20, 30, -40, 50)),
    [0, 1, 4, 5],
    'a time stamp that leapt, up to the key frame',
  )
  assert.equal(anchorsOf([]), [])
})

test('what follows an anchor decodes from the earliest frame shown after all before it', () => {
  assert.is(decodeStart(frames(-10, 40, 20, 30, 70, 50, 60), 4), 50)
  assert.is(decodeStart(frames(-10, 20, 30, 5, 40), 2), 30, 'a time stamp that fell back')
  assert.is(decodeStart(frames(-10, 900, 20, -30), 3), 30, 'a time stamp that leapt')
})

test('frames decode in the order they come, each at one of the times of showing', () => {
  assert.equal(decoded([10, 40, 20, 30], 50), [10, 20, 30, 40])
  assert.equal(decoded([40, 20, 30], null, 30), [30, 31, 40], 'not before the end of the fragment before')
  assert.equal(decoded([10, 900, 20, 30], 40), [10, 20, 30, 40], 'a time stamp that leapt')
  assert.equal(
    inDecodeOrder(frames(10, 40, 20, 30), 50, 0).map(({ dts, cts }) => dts + cts),
    [10, 40, 20, 30],
  )
})

test('how late the latest frame decodes; a faulty time stamp does not count', () => {
  const late = (...times: number[]) => lateness(inDecodeOrder(frames(...times), null, 0))
  assert.is(late(10, 20, 30), 0)
  assert.is(late(10, 50, 30, 20, 40), 20)
  assert.is(late(2_000_000, 2_003_600, 10, 2_007_200), 0)
})

test.run()
