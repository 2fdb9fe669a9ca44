import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Codec } from '../../controller/media/codec.ts'
import { Fragmenter, type IncomingSample, type MadeFragment } from '../../controller/media/fragmenter.ts'
import { delayIn, OPUS, samplesIn, VIDEO } from '../builders/samples.ts'

const test = suite('fragmenter')
const ZERO_MS = 1_000_000
const UTC_MS = Date.UTC(2026, 10, 23, 10)

const options = (over = {}) => ({
  track: 'hall',
  label: 'Hall',
  fragmentMs: 480,
  segmentMs: 10_000,
  stagger: 0,
  ...over,
})
const gate = (openMs = ZERO_MS) => ({ hearing: 'h', zeroMs: ZERO_MS, utcMs: UTC_MS, openMs })
let number = 0
const sample = (atMs: number, key: boolean, durationMs = 40): IncomingSample => {
  const data = Buffer.alloc(12)
  data.writeUInt32BE(++number, 0)
  return { monoMs: ZERO_MS + atMs, durationNs: durationMs * 1e6, key, data }
}
const later = (one: IncomingSample, byMs: number): IncomingSample => ({ ...one, monoMs: one.monoMs + byMs })
/** Frames at 25/s, a key frame every `gop`. */
const frames = (fromMs: number, count: number, gop = 25) =>
  Array.from({ length: count }, (_, i) => sample(fromMs + i * 40, i % gop === 0))
const packets = (fromMs: number, count: number) =>
  Array.from({ length: count }, (_, i) => sample(fromMs + i * 20, true, 20))

const begin = (codec: Codec = VIDEO, over = {}, openMs = ZERO_MS) => {
  const fragmenter = new Fragmenter(options(over))
  fragmenter.describe(codec)
  fragmenter.open(gate(openMs))
  return fragmenter
}
const feed = (fragmenter: Fragmenter, samples: IncomingSample[]): MadeFragment[] =>
  samples.flatMap((one) => fragmenter.push(one))
const run = (fragmenter: Fragmenter, samples: IncomingSample[]) => [...feed(fragmenter, samples), ...fragmenter.flush()]
const dataOf = (made: MadeFragment[]) =>
  made.flatMap(({ bytes }) => samplesIn(bytes).map(({ data }) => Buffer.from(data).toString('hex')))
const hexOf = (samples: IncomingSample[]) => samples.map(({ data }) => Buffer.from(data).toString('hex'))
const near = (a: number, b: number, why = '') => assert.ok(Math.abs(a - b) < 0.002, `${why} ${a} is not ${b}`)

/** As the index says: the end of a fragment is the start of the next unless a gap is told. */
const assertTiled = (made: MadeFragment[]) => {
  for (const [i, next] of made.slice(1).entries())
    near(made[i]!.mediaMs + made[i]!.durationMs + next.gapMs, next.mediaMs, `fragment ${i + 1}:`)
}
/** As a player sees it: inside each segment file decode times only grow, and fragments meet. */
const assertPlayable = (made: MadeFragment[]) => {
  let end = 0
  for (const { bytes, startsSegment, gapMs } of made) {
    const samples = samplesIn(bytes)
    if (startsSegment) assert.is(samples[0]!.dts, 0)
    else if (gapMs) assert.ok(samples[0]!.dts >= end)
    else assert.is(samples[0]!.dts, end)
    for (const { duration } of samples) assert.ok(duration > 0)
    end = samples.at(-1)!.dts + samples.at(-1)!.duration
  }
}

test('opens at the first key frame after the press; nothing before it or from the close on', () => {
  const samples = frames(-1_000, 200, 25)
  const fragmenter = begin(VIDEO, {}, ZERO_MS + 10)
  const made = feed(fragmenter, samples.slice(0, 100))
  fragmenter.closeAt(ZERO_MS + 5_000)
  made.push(...run(fragmenter, samples.slice(100)))
  assert.is(made[0]!.mediaMs, 1_000)
  assert.ok(made[0]!.startsSegment)
  assert.equal(
    dataOf(made),
    hexOf(samples.filter(({ monoMs }) => monoMs >= ZERO_MS + 1_000 && monoMs < ZERO_MS + 5_000)),
  )
  near(made.at(-1)!.mediaMs + made.at(-1)!.durationMs, 5_000)
  assert.equal(fragmenter.push(sample(6_000, true)), [])
})

test('sound opens at once', () => {
  const made = run(begin(OPUS, {}, ZERO_MS + 30), packets(0, 100))
  assert.is(made[0]!.mediaMs, 40)
  assert.is(dataOf(made).length, 98)
})

test('cuts about every 480 ms, and the pieces tile exactly', () => {
  for (const [codec, samples] of [
    [VIDEO, frames(0, 250)],
    [OPUS, packets(0, 500)],
  ] as const) {
    const made = run(begin(codec), samples)
    for (const { durationMs } of made.slice(0, -1))
      assert.ok(durationMs > 0 && durationMs <= 500.001, `${durationMs} ms`)
    assert.ok(made.length <= 22)
    assert.equal(
      made.map(({ seq }) => seq),
      made.map((_, i) => i + 1),
    )
    assert.equal(dataOf(made), hexOf(samples))
    assertTiled(made)
    assertPlayable(made)
    for (const { utcMs, mediaMs } of made) near(utcMs, UTC_MS + mediaMs)
  }
})

test('rotates at key frames only, within segmentMs, and loses nothing', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 4_000, max: 20_000 }),
      fc.double({ min: 0, max: 0.99, noNaN: true }),
      fc.integer({ min: 1, max: 50 }),
      fc.boolean(),
      (segmentMs, stagger, gop, isSound) => {
        const samples = isSound ? packets(0, 3_000) : frames(0, 1_500, gop)
        const made = run(begin(isSound ? OPUS : VIDEO, { segmentMs, stagger }), samples)
        assert.equal(dataOf(made), hexOf(samples))
        assertTiled(made)
        assertPlayable(made)
        const starts = made.filter(({ startsSegment }) => startsSegment)
        assert.ok(starts.length >= Math.floor(60_000 / segmentMs))
        starts.forEach((start, i) => {
          assert.ok(samplesIn(start.bytes)[0]!.key)
          const endMs = starts[i + 1]?.mediaMs ?? made.at(-1)!.mediaMs + made.at(-1)!.durationMs
          assert.ok(
            endMs - start.mediaMs <= segmentMs + 0.01,
            `segment of ${endMs - start.mediaMs} ms, not ${segmentMs}`,
          )
        })
      },
    ),
    { numRuns: 60 },
  )
})

test('tracks take turns', () => {
  const firstTurn = (stagger: number) =>
    run(begin(OPUS, { stagger }), packets(0, 1_500)).filter(({ startsSegment }) => startsSegment)[1]!.mediaMs
  const turns = [0, 1, 2, 3, 4, 5].map((i) => firstTurn(i / 6))
  for (let i = 1; i < turns.length; i++) assert.ok(turns[i - 1]! - turns[i]! >= 500, turns.join(' '))
})

/** On the hearing's time line, in whole milliseconds: what a player shows, and what was asked for. */
const shownMs = (made: MadeFragment[]): number[] => {
  let [startMs, delay] = [0, 0]
  return made.flatMap(({ bytes, startsSegment, mediaMs }) => {
    if (startsSegment) [startMs, delay] = [mediaMs, delayIn(bytes)]
    return samplesIn(bytes).map(({ pts }) => Math.round(startMs + (pts - delay) / 90))
  })
}
const askedMs = (samples: IncomingSample[]) => samples.map(({ monoMs }) => Math.round(monoMs - ZERO_MS))

/** I P B B: decode order, presentation times of the pictures. */
const reorderedFrames = (count: number, gop: number, openGop = false): IncomingSample[] => {
  const frames: IncomingSample[] = []
  for (let at = 0; frames.length < count; at += 3) {
    const key = at % gop === 0
    // A key frame of an open group is followed by pictures shown before it.
    if (key && !openGop) {
      frames.push(sample(at * 40, true), sample((at + 1) * 40, false), sample((at + 2) * 40, false))
      continue
    }
    frames.push(sample((at + 2) * 40, key && openGop), sample(at * 40, false), sample((at + 1) * 40, false))
  }
  return frames
}

for (const openGop of [false, true])
  test(`B frames, ${openGop ? 'open' : 'closed'} groups: decode times grow, presentation times are right, nothing overlaps`, () => {
    const samples = reorderedFrames(600, 24, openGop)
    const made = run(begin(VIDEO), samples)
    assert.equal(dataOf(made), hexOf(samples))
    assertTiled(made)
    assertPlayable(made)
    assert.equal(shownMs(made), askedMs(samples))
  })

test('B frames that only begin in the middle do not make fragments overlap', () => {
  const steady = frames(0, 24, 100)
  const late = reorderedFrames(300, 24, true).map((one) => later(one, 960))
  const made = run(begin(VIDEO), [...steady, ...late])
  assert.equal(dataOf(made), hexOf([...steady, ...late]))
  assertTiled(made)
  assertPlayable(made)
})

/** Whether a player can wait until each picture is decoded and still show it in time. */
const isInTime = ({ bytes }: MadeFragment) => samplesIn(bytes).every(({ dts, pts }) => pts >= dts)

test('no picture is to be shown before it is decoded, and only B frames need an edit list for it', () => {
  for (const openGop of [false, true]) {
    const made = run(begin(VIDEO), reorderedFrames(600, 24, openGop))
    assert.ok(made.every(isInTime))
    for (const { bytes, startsSegment } of made) if (startsSegment) assert.ok(delayIn(bytes) > 0)
  }
  const twice = frames(0, 600).map((one, i) => (i % 10 === 9 ? later(one, -40) : one))
  for (const samples of [frames(0, 600), twice])
    for (const { bytes, startsSegment } of run(begin(VIDEO), samples)) if (startsSegment) assert.is(delayIn(bytes), 0)
})

test('where B frames begin late, the next key frame begins a file that has room for them', () => {
  const made = run(begin(VIDEO, { segmentMs: 60_000 }), [
    ...frames(0, 48, 24),
    ...reorderedFrames(300, 24).map((one) => later(one, 1_920)),
  ])
  const starts = made.filter(({ startsSegment }) => startsSegment)
  assert.equal(
    starts.map(({ mediaMs }) => mediaMs),
    [0, 2_880],
  )
  assert.ok(made.slice(made.indexOf(starts[1]!)).every(isInTime))
})

test('B frames do not make fragments long, however rare key frames are', () => {
  const made = run(begin(VIDEO), reorderedFrames(600, 300))
  for (const { durationMs } of made) assert.ok(durationMs <= 480.001, `${durationMs} ms`)
})

test('one frame out of order is forgotten after a group without one', () => {
  const samples = frames(0, 300, 100)
  const glitch = samples.map((one, i) => (i === 40 ? later(one, -100) : one))
  const [calm, shaken] = [samples, glitch].map((fed) => run(begin(VIDEO), fed))
  const after = (made: MadeFragment[]) => made.map(({ mediaMs }) => mediaMs).filter((ms) => ms > 8_500)
  for (const { durationMs } of shaken!) assert.ok(durationMs <= 520.001, `${durationMs} ms`)
  assert.ok(after(calm!).length > 5)
  assert.equal(after(shaken!).slice(-5), after(calm!).slice(-5))
})

test('a hole among B frames is told to where the earliest frame after it begins', () => {
  const samples = [...reorderedFrames(60, 300), ...reorderedFrames(60, 24, true).map((one) => later(one, 5_000))]
  const made = run(begin(VIDEO), samples)
  assert.is(made.filter(({ gapMs }) => gapMs).length, 1)
  assert.equal(dataOf(made), hexOf(samples))
  assertTiled(made)
  assertPlayable(made)
})

interface Group {
  open: boolean
  /** B frames before each anchor after the first. */
  runs: number[]
  pyramid: boolean
}

/** Times of showing of a run of B frames: in a pyramid the middle one comes first. */
const bFrames = (from: number, count: number, pyramid: boolean): number[] => {
  const order = Array.from({ length: count }, (_, i) => from + i)
  return pyramid ? [...order.splice(Math.floor(count / 2), 1), ...order] : order
}

/** A stream in decode order, numbered by showing. */
const decodeOrder = (groups: Group[]): { shown: number; key: boolean }[] => {
  let next = 0
  const anchor = (b: number, key: boolean, pyramid: boolean) => {
    const from = next
    next += b + 1
    return [{ shown: from + b, key }, ...bFrames(from, b, pyramid).map((shown) => ({ shown, key: false }))]
  }
  return groups.flatMap(({ open, runs, pyramid }) => [
    ...anchor(open ? 2 : 0, true, pyramid),
    ...runs.flatMap((b) => anchor(b, false, pyramid)),
  ])
}

const groups = fc.array(
  fc.record({
    open: fc.boolean(),
    runs: fc.oneof(
      fc.array(fc.constant(0), { maxLength: 60 }),
      fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 60 }),
    ),
    pyramid: fc.boolean(),
  }),
  { minLength: 1, maxLength: 12 },
)
const jitterMs = fc.array(fc.integer({ min: -30, max: 30 }), { minLength: 1, maxLength: 50 })
const glitches = fc.array(
  fc.record({ at: fc.nat(400), byMs: fc.integer({ min: -5_000, max: 5_000 }), count: fc.integer({ min: 1, max: 3 }) }),
  { maxLength: 3 },
)

test('whatever order frames come in and whatever their time stamps: nothing is lost, overlaps or goes back', () => {
  fc.assert(
    fc.property(groups, jitterMs, glitches, (groups, jitterMs, glitches) => {
      const samples = decodeOrder(groups).map(({ shown, key }, i) => {
        const glitchMs = glitches.reduce((ms, { at, count, byMs }) => ms + (i >= at && i < at + count ? byMs : 0), 0)
        return sample(10_000 + shown * 40 + jitterMs[shown % jitterMs.length]! + glitchMs, key)
      })
      const made = run(begin(VIDEO), samples)
      assert.equal(dataOf(made), hexOf(samples))
      assert.equal(shownMs(made), askedMs(samples))
      assertTiled(made)
      assertPlayable(made)
      for (const { bytes, startsSegment } of made) if (startsSegment) assert.ok(samplesIn(bytes)[0]!.key)
    }),
    { numRuns: 300 },
  )
})

test('fragments of frames out of order are no longer than asked for and the distance of two anchors', () => {
  const FRAME_MS = 40
  fc.assert(
    fc.property(groups, jitterMs, fc.nat(400), (groups, jitterMs, glitch) => {
      const stream = decodeOrder(groups)
      const samples = stream.map(({ shown, key }, i) =>
        sample(10_000 + shown * FRAME_MS + jitterMs[shown % jitterMs.length]! - (i === glitch ? 100 : 0), key),
      )
      const longest = 1 + Math.max(2, ...groups.flatMap(({ runs }) => runs))
      const mostMs = 480 + longest * FRAME_MS + 60 + FRAME_MS
      const fragmenter = begin(VIDEO)
      let heldFrom = 0
      samples.forEach((one, i) => {
        for (const { durationMs, samples } of fragmenter.push(one)) {
          assert.ok(durationMs <= mostMs, `${durationMs} ms, not ${mostMs}`)
          heldFrom += samples
        }
        const heldMs = (i - heldFrom) * FRAME_MS
        assert.ok(heldMs <= mostMs + 100, `holds ${heldMs} ms`)
      })
    }),
    { numRuns: 300 },
  )
})

test('new caps in the middle begin a new segment and keep what was gathered', () => {
  const fragmenter = begin()
  const [before, after] = [frames(0, 30), frames(1_200, 30)]
  const made = [...feed(fragmenter, before), ...fragmenter.describe({ ...VIDEO, width: 640 } as Codec)]
  made.push(...run(fragmenter, after))
  assert.equal(dataOf(made), hexOf([...before, ...after]))
  const starts = made.filter(({ startsSegment }) => startsSegment)
  assert.equal(
    starts.map(({ mediaMs }) => mediaMs),
    [0, 1_200],
  )
})

test('a hole is told as a gap in front of what follows', () => {
  for (const [codec, samples, from] of [
    [VIDEO, [...frames(0, 30), ...frames(4_200, 30)], 4_200],
    [OPUS, [...packets(0, 60), ...packets(4_200, 60)], 4_200],
  ] as const) {
    const made = run(begin(codec), [...samples])
    const gaps = made.filter(({ gapMs }) => gapMs)
    assert.is(gaps.length, 1)
    near(gaps[0]!.gapMs, 3_000)
    assert.ok(Math.abs(gaps[0]!.mediaMs - from) < 10)
    assert.equal(dataOf(made), hexOf([...samples]))
    assertTiled(made)
    assertPlayable(made)
  }
})

test('a leg after a recess starts a new segment, tells no gap, and counts on', () => {
  const fragmenter = begin()
  const first = run(fragmenter, frames(0, 30))
  assert.is(fragmenter.isOpen, false)
  assert.equal(fragmenter.push(sample(5_000, true)), [])
  fragmenter.open(gate(ZERO_MS + 60_000))
  const second = run(fragmenter, [...frames(59_000, 10, 5), ...frames(60_000, 30)])
  assert.ok(second[0]!.startsSegment)
  assert.equal([second[0]!.gapMs, second[0]!.mediaMs, second[0]!.seq], [0, 60_000, first.at(-1)!.seq + 1])
})

test('a clock that jumps back does not cut sound into crumbs', () => {
  const samples = [...packets(0, 200), ...packets(3_900, 200)]
  const made = run(begin(OPUS), samples)
  assert.equal(dataOf(made), hexOf(samples))
  assertTiled(made)
  assertPlayable(made)
  assert.ok(made.length < 25, `${made.length} fragments`)
})

test('a fragment that a store came back for begins a segment', () => {
  const fragmenter = begin()
  feed(fragmenter, frames(0, 30))
  fragmenter.rotate()
  const made = run(fragmenter, frames(1_200, 60))
  assert.is(made.filter(({ startsSegment }) => startsSegment).length, 1)
})

test.run()
