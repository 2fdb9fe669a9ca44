import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { PictureSignals, type SignalChange, SoundSignals } from '../../controller/capture/signals.ts'
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

/** Looks every 500 ms. */
const watch = (pictureAt: (ms: number) => [number, number], forMs: number) => {
  const signals = new PictureSignals('Hall', LIMITS)
  const told: string[] = []
  for (let ms = 0; ms <= forMs; ms += 500)
    told.push(...names(signals.look(...pictureAt(ms), ms)).map((name) => `${name} at ${ms}`))
  return told
}
const noise = (ms: number) => ((ms * 7_919) % 1_000) / 1e6

// Looks are up to 1.2 s apart, so that a picture counts 1.2 s before the limit and is told of within it (R7).
test('black is told of within 5 s, noise of a covered lens included', () => {
  assert.equal(
    watch((ms) => [0.0627 + noise(ms), 0], 20_000),
    ['black begun at 4000'],
  )
  assert.equal(
    watch((ms) => [0.0899, 0.00099 - noise(ms) / 10], 20_000),
    ['black begun at 4000'],
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
    ['black begun at 4000', 'black ended at 8000'],
  )
})

test('frozen is told of within 5 s; black is not called frozen too', () => {
  assert.equal(
    watch(() => [0.5, 0.1], 20_000),
    ['frozen begun at 4500'],
  )
  assert.equal(
    watch(() => [0.0627, 0], 20_000),
    ['black begun at 4000'],
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

test('every change says what to look at, with the label, and the figures', () => {
  const [silent] = [...Array(300).keys()].flatMap((i) =>
    new SoundSignals('Judge', { ...LIMITS, silentSeconds: 0 }).level(-90, -80, i),
  )
  assert.match(silent!.reason.clerk, /"Judge" has been silent/)
  assert.match(silent!.reason.engineer, /-45 dBFS/)
})

test.run()
