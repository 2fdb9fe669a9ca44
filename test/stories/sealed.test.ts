// deadline: 180 s
/** R19: portions are sealed by order, during the hearing and after it. A copy without them proves itself, and plays. */
import { execFileSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { ask } from '../../controller/cli/clerk-link.ts'
import { copyHearing } from '../../controller/ports/copy/copy-hearing.ts'
import { verifyFolder } from '../../controller/ports/evidence/verify-folder.ts'
import { nodeProof } from '../../controller/ports/proof/node-proof.ts'
import { assertClosed, assertWhole } from './stage/proof.ts'
import type { Stage } from './stage/stage.ts'
import { story } from './stage/story.ts'

const seal = (stage: Stage, fromMs: number, toMs: number, tracks: string[] = []) =>
  ask(stage.runtimeDir, { do: 'seal', fromMs, toMs, tracks, by: 'Judge A.', why: 'protected witness' })

story('a portion is sealed during the hearing, another after it', {}, async (stage) => {
  await stage.ready()
  const hearing = await stage.rec()
  await stage.recorded(6)
  assert.is((await seal(stage, 1_000, 2_000, ['witness-mic'])).is, 'accepted')
  assert.is((await seal(stage, 1_000, 3_600_000)).is, 'refused', 'what has not been cannot be sealed')
  await stage.stop()
  assert.is((await seal(stage, 3_000, 4_000)).is, 'accepted')
  await assertWhole(stage, hearing)
  assert.is(assertClosed(stage, hearing).of('seal').length, 2)

  const copy = join(stage.newFolder('party'), hearing)
  const { leftOut, sealedFragments } = await copyHearing({
    ...{ from: join(stage.stores[0]!, hearing), to: copy, withSealed: false },
  })
  assert.equal(leftOut, ['seal-1', 'seal-2'])
  assert.ok(sealedFragments > 10)
  const { verdict, findings } = await verifyFolder(copy, nodeProof())
  assert.is(verdict, 'authentic-with-remarks', JSON.stringify(findings.slice(0, 3)))
  assert.ok(findings.some(({ code }) => code === 'seal'))
  for (const track of ['judge-camera', 'witness-mic'])
    for (const file of readdirSync(join(copy, track)))
      execFileSync('ffmpeg', ['-v', 'error', '-i', join(copy, track, file), '-f', 'null', '-'])
})

test.run()
