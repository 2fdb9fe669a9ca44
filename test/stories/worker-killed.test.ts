// deadline: 120 s
/** R6: one camera's worker dies; the others lose nothing, it comes back, and its gap is journalled with the cause. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { holesIn } from './stage/journal.ts'
import { assertClosed, assertSpans, assertUnbroken, assertWhole } from './stage/proof.ts'
import { MICROPHONES } from './stage/sources.ts'
import { meanwhile, story } from './stage/story.ts'

const KILLED = 'judge-camera'
const OTHERS = ['witness-camera', ...MICROPHONES]

story('a killed worker is started again and its gap has a cause', {}, async (stage) => {
  await stage.ready()
  const hearing = await stage.rec()
  const before = await stage.recorded(3)
  const lamp = before.lamp
  process.kill(await stage.workerPid(KILLED), 'SIGKILL')
  const blinking = await stage.until('the lamp blinks', 10, (status) => status.lamp === 'blinking')
  assert.is(lamp, 'steady')
  assert.ok(
    blinking.health.reasons.some(({ area }) => area === 'source'),
    'and the status says why',
  )
  const killedSeconds = blinking.tracks.find(({ name }) => name === KILLED)!.seconds
  await stage.until('it records again', 40, ({ tracks, lamp }) => {
    const track = tracks.find(({ name }) => name === KILLED)!
    return track.seconds > killedSeconds + 2 && lamp === 'steady'
  })
  await stage.stop()
  await assertWhole(stage, hearing)
  const journal = assertClosed(stage, hearing)
  assertUnbroken(journal, OTHERS)
  assertSpans(journal, [KILLED, ...OTHERS], journal.of('hearing-closed')[0]!.mediaMs)

  const holes = holesIn(journal.fragments(KILLED))
  assert.is(holes.length, 1)
  const [gap, ...more] = journal.gaps(KILLED)
  assert.equal(more, [])
  assert.ok(gap!.reason.clerk.length > 10, gap!.reason.clerk)
  assert.match(gap!.reason.engineer, 'SIGKILL')
  assert.ok(Math.abs(gap!.fromMs - holes[0]!.fromMs) < 1 && Math.abs(gap!.toMs - holes[0]!.toMs) < 1)
  assert.ok(gap!.toMs - gap!.fromMs < 10_000, `${gap!.toMs - gap!.fromMs} ms lost`)
  const runs = new Set(journal.fragments(KILLED).map(({ run }) => run))
  assert.equal(runs, new Set([1, 2]))
  console.log(`      worker killed: ${((gap!.toMs - gap!.fromMs) / 1_000).toFixed(2)} s of ${KILLED} lost`)
})

meanwhile('whole fragments that a dying worker did not report are found on disk', {}, async (stage) => {
  await stage.ready()
  const hearing = await stage.rec()
  await stage.recorded(2)
  const pid = await stage.workerPid(KILLED)
  // Nobody hears what the worker reports while the recorder is stopped; then the worker dies.
  process.kill(stage.recorder.pid, 'SIGSTOP')
  await new Promise((resolve) => setTimeout(resolve, 2_500))
  process.kill(pid, 'SIGKILL')
  await stage.recorder.end('SIGKILL')
  await stage.ready()
  await stage.recorded(6)
  await stage.stop()
  await assertWhole(stage, hearing)
  const journal = assertClosed(stage, hearing)
  assertUnbroken(journal, OTHERS)
  const found = journal.of('found').flatMap(({ fragments }) => fragments)
  assert.ok(found.length >= 3, `${found.length} fragments were found`)
  assert.equal(new Set(found.map(({ track }) => track)), new Set([KILLED]))
  assert.is(holesIn(journal.fragments(KILLED)).length, 1)
})

test.run()
