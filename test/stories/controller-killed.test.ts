// deadline: 240 s
/** R10: the controller's own crash does not stop capture, and loses nothing. */
import { renameSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { checkHearing } from '../../controller/ports/evidence/check.ts'
import { assertClosed, assertSpans, assertUnbroken, assertWhole } from './stage/proof.ts'
import { CAMERAS, MICROPHONES } from './stage/sources.ts'
import { story } from './stage/story.ts'
import { sleep, until } from './stage/until.ts'

const TRACKS = [...CAMERAS, ...MICROPHONES]

story('a killed controller costs no track a sample', {}, async (stage) => {
  await stage.ready()
  const workers = await stage.workerPids()
  const hearing = await stage.rec()
  await stage.recorded(3)
  await stage.recorder.end('SIGKILL')
  await sleep(3_000)
  await stage.ready()
  assert.equal(await stage.workerPids(), workers, 'the workers lived on and were adopted')
  const status = await stage.recorded(8)
  assert.is(status.state, 'recording')
  assert.is(status.hearing, hearing)
  await stage.stop()
  await assertWhole(stage, hearing)
  const journal = assertClosed(stage, hearing)
  assert.is(journal.of('interrupted').length, 1)
  assertUnbroken(journal, TRACKS)
  assertSpans(journal, TRACKS, journal.of('hearing-closed')[0]!.mediaMs)
})

story(
  'a disk that came back while no controller lived is written to by the workers that went on',
  {},
  async (stage) => {
    const [, mirror] = stage.stores
    await stage.ready()
    const workers = await stage.workerPids()
    const hearing = await stage.rec()
    await stage.recorded(2)
    renameSync(mirror!, `${mirror}-elsewhere`)
    await stage.until('the disk given up', 30, ({ stores }) => stores[1]!.state === 'failed')
    await stage.recorder.end('SIGKILL')
    renameSync(`${mirror}-elsewhere`, mirror!)
    stage.start()
    await until('every track on both disks again', 60, async () => {
      const journal = stage.journal(hearing)
      return TRACKS.every((track) => {
        const last = journal.fragments(track).at(-1)
        return journal.of('interrupted').length === 1 && last!.stores.includes('mirror')
      })
    })
    assert.equal(await stage.workerPids(), workers)
    await stage.stop()
    await until('the disk completed', 60, async () => {
      const { verdict } = await checkHearing(join(mirror!, hearing), { store: 'mirror' })
      return verdict === 'whole'
    })
    await assertWhole(stage, hearing)
    const journal = assertClosed(stage, hearing)
    assertUnbroken(journal, TRACKS)
  },
)

test.run()
