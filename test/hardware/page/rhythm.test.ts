import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Edge, rhythmOf } from '../../../hardware/virtual/page/rhythm.ts'

/** As `firmware/panel/lamps.c` has them: 20 steps of 100 ms, the first step last. */
const SHAPES = { steady: 0xfffff, blinking: 0x07c1f, flashing: 0x33333, winking: 0x00005 }

/** The changes of a lamp that has shown a shape for so long, each late by up to `late` ms. */
const edgesOf = (shape: number, ms: number, late: number): { edges: Edge[]; isLit: boolean } => {
  const edges: Edge[] = []
  let isLit = false
  for (let step = 0; step * 100 < ms; step++) {
    const shows = ((shape >> (step % 20)) & 1) === 1
    if (shows === isLit) continue
    isLit = shows
    edges.push({ atMs: step * 100 + ((step * 37) % (late + 1)), isLit })
  }
  return { edges, isLit }
}

for (const [rhythm, shape] of Object.entries(SHAPES))
  for (const late of [0, 40])
    test(`${rhythm} is seen as that at any moment, up to ${late} ms late`, () => {
      for (let ms = 2_600; ms < 6_600; ms += 50) {
        const { edges, isLit } = edgesOf(shape, ms, late)
        assert.is(rhythmOf(edges, isLit, ms + late), rhythm, `after ${ms} ms`)
      }
    })

test('a lamp that never changed is steady or dark', () => {
  assert.is(rhythmOf([], true, 5_000), 'steady')
  assert.is(rhythmOf([], false, 5_000), 'dark')
})

test('a lamp that begins to be steady, or dark, is soon seen so and never as anything else', () => {
  for (const isLit of [true, false]) {
    for (let ms = 0; ms < 1_000; ms += 50) assert.is(rhythmOf([{ atMs: 0, isLit }], isLit, ms), null)
    for (let ms = 1_050; ms < 5_000; ms += 50)
      assert.is(rhythmOf([{ atMs: 0, isLit }], isLit, ms), isLit ? 'steady' : 'dark')
  }
})

for (const rhythm of ['blinking', 'flashing'] as const)
  test(`a lamp that stops ${rhythm} is never taken for another pattern`, () => {
    for (const isLit of [true, false]) {
      const { edges, isLit: was } = edgesOf(SHAPES[rhythm], 4_000, 0)
      if (was !== isLit) edges.push({ atMs: 4_000, isLit })
      for (let ms = 4_050; ms < 9_000; ms += 50) {
        const seen = rhythmOf(edges, isLit, ms)
        assert.ok(seen === null || [rhythm, isLit ? 'steady' : 'dark'].includes(seen), `${seen} after ${ms} ms`)
      }
    }
  })

test.run()
