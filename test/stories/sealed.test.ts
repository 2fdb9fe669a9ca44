// deadline: 180 s
/** R19: portions are sealed by order, during the hearing and after it. A copy without them proves itself, and plays. */
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { ask } from '../../controller/cli/clerk-link.ts'
import type { Finding } from '../../controller/journal/verify/finding.ts'
import { copyHearing } from '../../controller/ports/copy/copy-hearing.ts'
import { verifyFolder } from '../../controller/ports/evidence/verify-folder.ts'
import { nodeProof } from '../../controller/ports/proof/node-proof.ts'
import { assertClosed, assertWhole } from './stage/proof.ts'
import type { Stage } from './stage/stage.ts'
import { meanwhile, story } from './stage/story.ts'
import { until } from './stage/until.ts'

const sealedTracks = (findings: readonly Finding[]) =>
  findings.flatMap(({ code, track }) => (code === 'fragment-sealed' ? [track] : []))

const seal = (stage: Stage, fromMs: number, toMs: number, tracks: string[] = []) =>
  ask(stage.runtimeDir, { do: 'seal', fromMs, toMs, tracks, by: 'Judge A.', why: 'protected witness' })

const keygen = (dir: string): { key: string; courtKey: string } => {
  const key = join(dir, 'court.key')
  execFileSync('age-keygen', ['-o', key], { stdio: 'ignore' })
  return { key, courtKey: execFileSync('age-keygen', ['-y', key], { encoding: 'utf8' }).trim() }
}

meanwhile('where the court has a key, what is sealed soon lies nowhere in the open', {}, async (stage) => {
  const { key, courtKey } = keygen(stage.newFolder('court'))
  await stage.ready({ seals: { courtKey } })
  const hearing = await stage.rec()
  await stage.recorded(4)
  assert.is((await seal(stage, 1_000, 2_000, ['judge-camera', 'witness-mic'])).is, 'accepted')
  await stage.stop()
  const folders = stage.stores.map((store) => join(store, hearing))
  await until('it to be locked away on both disks', 120, async () => {
    const verified = await Promise.all(folders.map((folder) => verifyFolder(folder, nodeProof())))
    return verified.every(({ findings }) => new Set(sealedTracks(findings)).size === 2) ? true : null
  })
  const copy = join(stage.newFolder('judge'), hearing)
  const courtKeys = [/AGE-SECRET-KEY-\S+/.exec(readFileSync(key, 'utf8'))![0]]
  await copyHearing({ from: folders[1]!, to: copy, withSealed: true, courtKeys })
  const { verdict, findings } = await verifyFolder(copy, nodeProof())
  assert.is(verdict, 'authentic-with-remarks')
  assert.equal(sealedTracks(findings), [])
})

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
