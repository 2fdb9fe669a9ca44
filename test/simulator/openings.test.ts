import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Openings } from '../../controller/simulator/openings.ts'

const test = suite('openings')

test('so many begin at once, and another when one is over', () => {
  let nowMs = 0
  const openings = new Openings(() => nowMs)
  const all = Array.from({ length: 401 }, () => ({}))
  assert.is(all.filter((who) => openings.begin(who)).length, 400)
  const last = all.at(-1)!
  assert.not.ok(openings.begin(last))
  // Whoever tries again takes no second place.
  nowMs += 10
  assert.ok(openings.begin(all[0]!))
  assert.not.ok(openings.begin(last))
  openings.over(all[1]!)
  assert.ok(openings.begin(last))
  assert.not.ok(openings.begin(all[1]!))
})

test('what has come to nothing keeps its place for five seconds', () => {
  let nowMs = 0
  const openings = new Openings(() => nowMs)
  for (let i = 0; i < 400; i++) openings.begin({})
  nowMs = 4_999
  assert.not.ok(openings.begin({}))
  nowMs = 5_000
  assert.ok(openings.begin({}))
})

test.run()
