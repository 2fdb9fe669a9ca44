/** Journals spoiled by chance, always the same ones. `scripts/drill fuzz` tries a hundred thousand. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { fuzz } from '../../builders/fuzz.ts'

const COUNT = 4_000
const SLOW_MS = 2_000

test('no fuzzed journal makes the verifier throw or hang, or has it vouch for what nobody signed', async () => {
  const { crashed, deceived, slowestMs, slowestSeed, verdicts } = await fuzz(COUNT)
  assert.equal([crashed, deceived], [[], []])
  assert.ok(slowestMs < SLOW_MS, `${Math.round(slowestMs)} ms over seed ${slowestSeed}`)
  assert.ok(verdicts['not-authentic'] > COUNT / 2, JSON.stringify(verdicts))
})

test.run()
