// deadline: 240 s
/** R10 and R12 together: a disk hangs, and the recorder is ended and started beside it. Nobody waits for that disk. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { assertClosed, assertSpans, assertUnbroken, assertWhole } from './stage/proof.ts'
import { CAMERAS, MICROPHONES } from './stage/sources.ts'
import { LIVE_WITHIN_S } from './stage/stage.ts'
import { story } from './stage/story.ts'
import { until } from './stage/until.ts'

const TRACKS = [...CAMERAS, ...MICROPHONES]
/** The limits of the program are a few seconds each; the machine may be busy. */
const PATIENCE_S = 20

story('a recorder ends and starts beside a disk that hangs', { disks: [64, 64] }, async (stage) => {
  const disk = stage.disks[1]!
  await stage.ready()
  const hearing = await stage.rec()
  await stage.recorded(2)
  disk.freeze()
  await stage.until('the disk called late', PATIENCE_S, ({ stores }) => stores[1]!.state === 'late')

  // Its process stays until the disk answers the thread that hangs; what counts is that it lets go of everything.
  process.kill(stage.recorder.pid, 'SIGTERM')
  await until('the recorder silent', PATIENCE_S, async () => (await stage.status()) === null)
  stage.start()
  const back = await stage.until('the hearing taken up', LIVE_WITHIN_S, ({ state }) => state === 'recording')
  assert.is(back.hearing, hearing)
  assert.is((await stage.press('off')).is, 'accepted')
  assert.is((await stage.press('rec')).is, 'accepted')
  await stage.recorded(4)
  await stage.stop()

  disk.thaw()
  await stage.until('both disks good', 60, ({ stores }) => stores.every(({ state }) => state === 'good'))
  await assertWhole(stage, hearing)
  const journal = assertClosed(stage, hearing)
  assert.is(journal.of('interrupted').length, 1)
  assertUnbroken(journal, TRACKS)
  assertSpans(journal, TRACKS, journal.of('hearing-closed')[0]!.mediaMs)
})

test.run()
