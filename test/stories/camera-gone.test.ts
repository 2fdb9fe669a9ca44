// deadline: 240 s
/** The network cameras' server is killed during the hearing and started again: the cameras come back, nothing else suffers. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { holesIn } from './stage/journal.ts'
import { assertClosed, assertSpans, assertUnbroken, assertWhole } from './stage/proof.ts'
import { ROOM_CAMERAS, ROOM_MICROPHONES, roomStory } from './stage/room.ts'
import { sleep } from './stage/until.ts'

roomStory('cameras that vanish come back, and the microphones do not notice', async (stage, courtroom) => {
  const hearing = await stage.rec()
  await stage.recorded(2)
  const beganMs = performance.now()
  await courtroom.stopCameras('SIGKILL')
  const dark = await stage.until(
    'every camera missed',
    15,
    ({ lamp, health }) =>
      lamp === 'blinking' && health.reasons.filter(({ area }) => area === 'source').length >= ROOM_CAMERAS.length,
  )
  console.log(
    `      told after ${((performance.now() - beganMs) / 1_000).toFixed(1)} s: ${dark.health.reasons[0]!.clerk}`,
  )
  const secondsAt = new Map(dark.tracks.map(({ name, seconds }) => [name, seconds]))
  await sleep(2_000)
  await courtroom.restartCameras()
  await stage.until(
    'every camera recorded again',
    60,
    ({ lamp, tracks }) => lamp === 'steady' && tracks.every(({ name, seconds }) => seconds >= secondsAt.get(name)! + 2),
  )
  await stage.stop()
  await assertWhole(stage, hearing)
  const journal = assertClosed(stage, hearing)
  assertUnbroken(journal, ROOM_MICROPHONES)
  assertSpans(journal, [...ROOM_CAMERAS, ...ROOM_MICROPHONES], journal.of('hearing-closed')[0]!.mediaMs)
  for (const camera of ROOM_CAMERAS) {
    const holes = holesIn(journal.fragments(camera), 250)
    const gaps = journal.gaps(camera)
    assert.is(holes.length, 1, `${camera}: ${JSON.stringify(holes)}`)
    assert.is(gaps.length, 1, `${camera}: ${JSON.stringify(gaps)}`)
    assert.ok(gaps[0]!.reason.clerk && gaps[0]!.reason.engineer, 'with its cause')
    assert.ok(Math.abs(gaps[0]!.fromMs - holes[0]!.fromMs) < 50 && Math.abs(gaps[0]!.toMs - holes[0]!.toMs) < 50)
  }
  const [gap] = journal.gaps(ROOM_CAMERAS[0]!)
  console.log(`      ${gap!.reason.clerk} [${gap!.reason.engineer.slice(0, 200)}]`)
})

test.run()
