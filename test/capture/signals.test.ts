import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { lookAgainMs, PictureSignals, type SignalChange, SoundSignals } from '../../controller/capture/signals.ts'
import { Limits } from '../../controller/wire/config.ts'

const test = suite('signals')
const LIMITS = Limits.parse({})
const names = (changes: SignalChange[]) => changes.map(({ what, state }) => `${what} ${state}`)

/** Levels every 500 ms. @returns when each change came */
const hear = (levelAt: (ms: number) => [number, number], forMs: number, from = 0) => {
  const signals = new SoundSignals('Judge', LIMITS)
  const told: string[] = []
  for (let ms = from; ms <= from + forMs; ms += 500)
    told.push(...names(signals.level(...levelAt(ms), ms)).map((name) => `${name} at ${ms - from}`))
  return told
}

test('silence counts after exactly 120 s below -45 dBFS', () => {
  assert.equal(
    hear(() => [-45.01, -40], 300_000, 7_000_000),
    ['silent begun at 120000'],
  )
  assert.equal(
    hear(() => [-45, -40], 300_000),
    [],
  )
  assert.equal(
    hear((ms) => [ms === 119_500 ? -30 : -90, -40], 200_000),
    [],
  )
  assert.equal(
    hear((ms) => [ms === 130_000 ? -44.9 : -90, -40], 270_000),
    ['silent begun at 120000', 'silent ended at 130000', 'silent begun at 250500'],
  )
})

test('clipping counts at once from -0.1 dBFS, and once', () => {
  const peak = (ms: number) => (ms < 1_000 ? -0.11 : ms < 3_000 ? -0.1 : -1)
  assert.equal(
    hear((ms) => [-10, peak(ms)], 5_000),
    ['clipping begun at 1000', 'clipping ended at 3000'],
  )
})

/** Looks every `everyMs`, at pictures taken `heldMs` before. */
const watch = (pictureAt: (takenMs: number) => [number, number], forMs: number, everyMs = 500, heldMs = 0) => {
  const signals = new PictureSignals('Hall', LIMITS)
  const told: string[] = []
  for (let atMs = 0; atMs <= forMs; atMs += everyMs) {
    const [luma, variance] = pictureAt(atMs - heldMs)
    const changes = signals.look({ luma, variance, takenMs: atMs - heldMs, atMs })
    told.push(...names(changes).map((name) => `${name} at ${atMs}`))
  }
  return told
}
const noise = (ms: number) => ((ms * 7_919) % 1_000) / 1e6

test('black is told of within 5 s, noise of a covered lens included', () => {
  assert.equal(
    watch((ms) => [0.0627 + noise(ms), 0], 20_000),
    ['black begun at 4500'],
  )
  assert.equal(
    watch((ms) => [0.0899, 0.00099 - noise(ms) / 10], 20_000),
    ['black begun at 4500'],
  )
  assert.equal(
    watch((ms) => [0.09 + noise(ms), 0], 20_000),
    [],
  )
  // A dark court with a lamp in it is no black picture.
  assert.equal(
    watch((ms) => [0.07, 0.001 + noise(ms)], 20_000),
    [],
  )
  assert.equal(
    watch((ms) => [ms < 8_000 ? 0.0627 : 0.5, noise(ms)], 20_000),
    ['black begun at 4500', 'black ended at 8000'],
  )
})

test('frozen is told of within 5 s; black is not called frozen too', () => {
  assert.equal(
    watch(() => [0.5, 0.1], 20_000),
    ['frozen begun at 4500'],
  )
  assert.equal(
    watch(() => [0.0627, 0], 20_000),
    ['black begun at 4500'],
  )
  assert.equal(
    watch((ms) => [0.5, 0.1 + noise(ms)], 20_000),
    [],
  )
  assert.equal(
    watch((ms) => [0.5, ms < 9_000 ? 0.1 : 0.1 + ms / 1e9], 12_000),
    ['frozen begun at 4500', 'frozen ended at 9000'],
  )
})

/** When a picture that becomes `fault` at `sinceMs` is told of, looked at so often. */
const toldOf = (fault: [number, number], sinceMs: number, everyMs: number, heldMs = 0): number => {
  const live = (ms: number): [number, number] => [0.5, 0.1 + ms / 1e6]
  const [told = ''] = watch((ms) => (ms < sinceMs ? live(ms) : fault), 60_000, everyMs, heldMs)
  return Number(told.replace(/.* at /, ''))
}
const FAULTS: [number, number][] = [
  [0.0627, 0],
  [0.5, 0.1],
]

test('looks may be as far apart as they come after resting, whenever the fault begins (R7)', () => {
  const rest = lookAgainMs(LIMITS)
  for (const fault of FAULTS)
    for (const keyEveryMs of [500, 1_000, 1_190, 1_210, 2_000, 2_400])
      for (const part of [0.01, 0.5, 0.99]) {
        const everyMs = Math.ceil(rest / keyEveryMs) * keyEveryMs
        const sinceMs = everyMs * (10 + part)
        const tookMs = toldOf(fault, sinceMs, everyMs) - sinceMs
        assert.ok(tookMs <= 5_000, `${everyMs} ms apart, told after ${tookMs} ms`)
      }
})

test('a camera that sends few key frames is judged by two of them', () => {
  assert.is(toldOf(FAULTS[0]!, 8_001, 4_000), 16_000)
  assert.is(toldOf(FAULTS[1]!, 8_001, 4_000), 16_000)
})

test('a fault counts from when its picture was taken, not from when the decoder let go of it', () => {
  for (const fault of FAULTS) {
    const tookMs = toldOf(fault, 8_001, 1_000, 2_000) - 8_001
    assert.ok(tookMs <= 5_000, `${tookMs} ms`)
  }
})

test('every change says what to look at, with the label, and the figures', () => {
  const [silent] = [...Array(300).keys()].flatMap((i) =>
    new SoundSignals('Judge', { ...LIMITS, silentSeconds: 0 }).level(-90, -80, i),
  )
  assert.match(silent!.reason.clerk, /"Judge" has been silent/)
  assert.match(silent!.reason.engineer, /-45 dBFS/)
})

test('other limits and names count from then on, and what has begun ends by them', () => {
  const signals = new SoundSignals('Judge', LIMITS)
  assert.equal(signals.level(-50, -40, 0), [])
  signals.judgeBy('Bench', { ...LIMITS, silentSeconds: 10 })
  const [begun] = signals.level(-50, -40, 10_000)
  assert.match(begun!.reason.clerk, '"Bench"')
  signals.judgeBy('Bench', { ...LIMITS, silentDbfs: -60 })
  assert.equal(names(signals.level(-50, -40, 10_500)), ['silent ended'])
})

test.run()
