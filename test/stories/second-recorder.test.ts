// deadline: 90 s
/** Two recorders in one place: the second is refused in plain words, and the first does not notice. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { assertClosed, assertUnbroken, assertWhole } from './stage/proof.ts'
import { CAMERAS, MICROPHONES } from './stage/sources.ts'
import { story } from './stage/story.ts'

story('a second recorder is refused and disturbs nothing', {}, async (stage) => {
  await stage.ready()
  const workers = await stage.workerPids()
  const hearing = await stage.rec()
  await stage.recorded(1)
  const seconds = await Promise.all(
    ['second', 'third'].map(async (name) => {
      const recorder = stage.startAnother(stage.config, name)
      return { code: await recorder.gone(), said: recorder.said }
    }),
  )
  for (const { code, said } of seconds) {
    assert.is(code, 1)
    assert.match(said, 'RECORDER_RUNNING')
  }
  await stage.recorded(4)
  assert.equal(await stage.workerPids(), workers)
  await stage.stop()
  await assertWhole(stage, hearing)
  assertUnbroken(assertClosed(stage, hearing), [...CAMERAS, ...MICROPHONES])
})

test.run()
