// deadline: 240 s
/** R23: every source is recorded, read back, looked at and listened to; REC in the middle of it waits for nothing. */
import { spawn } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Status } from '../../controller/wire/clerk.ts'
import { assertClosed, assertSpans, assertUnbroken, assertWhole } from './stage/proof.ts'
import { camera } from './stage/sources.ts'
import type { Stage } from './stage/stage.ts'
import { story } from './stage/story.ts'
import { until } from './stage/until.ts'

const TESTED_WITHIN_S = 90

const ROOM = [
  camera('judge-camera'),
  { ...camera('dark-camera'), pattern: 'black' },
  { kind: 'test', media: 'audio', name: 'desk', tracks: [{ name: 'judge-mic', channel: 1 }] },
  { kind: 'test', media: 'audio', name: 'hall', pattern: 'silence', tracks: [{ name: 'hall-mic', channel: 1 }] },
] as Stage['config']['sources']

/** `camera judge-camera pass`, of those that a trial recording tells of. */
const told = ({ selfTest }: Status): string[] =>
  selfTest
    .filter(({ what }) => /^(camera|microphone|trial) /.test(what))
    .map(({ what, ok, warning }) => `${what} ${!ok ? 'FAIL' : warning ? 'look' : 'pass'}`)

/** `verbatim selftest`, as it ends. */
const selftest = (stage: Stage): Promise<{ code: number | null; said: string }> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, ['dist/verbatim.js', 'selftest', '--runtime', stage.runtimeDir])
    let said = ''
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (text) => {
        said += text
      })
    child.on('close', (code) => resolve({ code, said }))
  })

const traces = (stage: Stage): string[] => stage.stores.filter((store) => existsSync(join(store, '.self-test')))

story('the recorder tests itself at the start, when asked, and not at the cost of a hearing', {}, async (stage) => {
  stage.start({ sources: ROOM, selfTest: { atStart: true, seconds: 3 } })
  const first = await stage.until('tested by itself', TESTED_WITHIN_S, ({ selfTestedUtc }) => selfTestedUtc !== null)
  assert.equal(told(first), [
    'camera judge-camera pass',
    'camera dark-camera FAIL',
    'microphone judge-mic pass',
    'microphone hall-mic look',
    'trial on store pass',
    'trial on mirror pass',
  ])
  const dark = first.selfTest.find(({ what }) => what === 'camera dark-camera')
  assert.match(dark?.toDo ?? '', 'lens')
  for (const { what, ok, detail } of first.selfTest) console.log(`      ${ok ? 'pass' : 'FAIL'}  ${what}: ${detail}`)
  assert.equal(traces(stage), [])
  assert.equal(
    stage.stores.flatMap((store) => readdirSync(store).filter((name) => !name.startsWith('.'))),
    [],
    'it is no hearing',
  )

  const interrupted = selftest(stage)
  await until('the trial recorded', 20, async () => traces(stage).length === 2)
  const hearing = await stage.rec()
  const putOff = await interrupted
  assert.is(putOff.code, 1)
  assert.match(putOff.said, 'was put off: somebody pressed REC')
  const refused = await selftest(stage)
  assert.is(refused.code, 1)
  assert.match(refused.said, 'HEARING_OPEN')
  assert.is((await stage.status())!.selfTesting, false)
  await stage.recorded(5)
  await stage.stop()
  await assertWhole(stage, hearing)
  const journal = assertClosed(stage, hearing)
  assertUnbroken(journal, ['judge-camera', 'dark-camera', 'judge-mic', 'hall-mic'])
  assertSpans(journal, ['judge-mic', 'hall-mic'], journal.of('hearing-closed')[0]!.mediaMs)
  for (const { track, waitedMs } of journal.of('started')) console.log(`      ${track} began ${waitedMs} ms after REC`)
  assert.is((await stage.status())!.selfTestedUtc, first.selfTestedUtc, 'what was interrupted counts nothing')
  await until('the trial tidied away', 20, async () => traces(stage).length === 0)
})

test.run()
