// deadline: 120 s
/** R10: the controller's own crash does not stop capture, and loses nothing. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { assertClosed, assertSpans, assertUnbroken, assertWhole } from './stage/proof.ts'
import { CAMERAS, MICROPHONES } from './stage/sources.ts'
import { story } from './stage/story.ts'
import { sleep } from './stage/until.ts'

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

test.run()
