// deadline: 120 s
/** A worker that hangs is noticed by its missing heartbeat, killed and replaced; the others lose nothing. */
import { readFileSync } from 'node:fs'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { assertClosed, assertUnbroken, assertWhole } from './stage/proof.ts'
import { MICROPHONES } from './stage/sources.ts'
import { story } from './stage/story.ts'
import { until } from './stage/until.ts'

const HUNG = 'witness-camera'
const OTHERS = ['judge-camera', ...MICROPHONES]

const isGone = (pid: number): boolean => {
  try {
    return / [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\)/, ''))
  } catch {
    return true
  }
}

story('a worker that hangs is killed and replaced', {}, async (stage) => {
  await stage.ready()
  const hearing = await stage.rec()
  await stage.recorded(3)
  const pid = await stage.workerPid(HUNG)
  process.kill(pid, 'SIGSTOP')
  const beganMs = performance.now()
  await stage.until('the hang noticed', 15, ({ sources }) =>
    sources.some(({ name, run, state }) => name === HUNG && (run > 1 || state !== 'live')),
  )
  const noticedMs = performance.now() - beganMs
  await until('the hung worker is dead', 15, () => isGone(pid))
  await stage.until('it records again', 40, ({ tracks, lamp, sources }) => {
    const source = sources.find(({ name }) => name === HUNG)!
    return source.run > 1 && tracks.find(({ name }) => name === HUNG)!.alarms.length === 0 && lamp === 'steady'
  })
  await stage.stop()
  await assertWhole(stage, hearing)
  const journal = assertClosed(stage, hearing)
  assertUnbroken(journal, OTHERS)
  const gaps = journal.gaps(HUNG)
  assert.is(gaps.length, 1)
  assert.match(gaps[0]!.reason.engineer, /not heard|SIGKILL/)
  const lost = ((gaps[0]!.toMs - gaps[0]!.fromMs) / 1_000).toFixed(2)
  console.log(`      hang noticed after ${(noticedMs / 1_000).toFixed(1)} s; ${lost} s of ${HUNG} lost`)
})

test.run()
