// deadline: 180 s
/** R8: somebody sets the clock an hour forward and two back. Media time does not notice; the journal says so. */
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { assertClosed, assertSpans, assertUnbroken, assertWhole } from './stage/proof.ts'
import { CAMERAS, MICROPHONES } from './stage/sources.ts'
import type { Stage } from './stage/stage.ts'
import { story } from './stage/story.ts'

const TRACKS = [...CAMERAS, ...MICROPHONES]
const HOUR_MS = 3_600_000
/** The clock is read every ten seconds. */
const NOTICED_WITHIN_S = 30

/** The wall clock alone: CLOCK_MONOTONIC and the times of files stay the machine's. */
const FAKED = {
  LD_PRELOAD: ['x86_64', 'aarch64']
    .map((machine) => `/usr/lib/${machine}-linux-gnu/faketime/libfaketime.so.1`)
    .filter(existsSync)
    .join(':'),
  FAKETIME_TIMESTAMP_FILE: 'DIR/clock',
  FAKETIME_NO_CACHE: '1',
  FAKETIME_DONT_FAKE_MONOTONIC: '1',
  NO_FAKE_STAT: '1',
}

const setClock = (stage: Stage, hours: number): void =>
  writeFileSync(join(stage.dir, 'clock'), `${hours < 0 ? '' : '+'}${hours * 3_600}`)

story('the clock is set an hour forward and two hours back', { env: FAKED }, async (stage) => {
  setClock(stage, 0)
  await stage.ready()
  const hearing = await stage.rec()
  await stage.recorded(2)
  for (const [hours, word] of [
    [1, 'forward'],
    [-1, 'back'],
  ] as const) {
    setClock(stage, hours)
    const told = await stage.until(`the step ${word} told`, NOTICED_WITHIN_S, ({ health }) =>
      health.reasons.some(({ clerk }) => clerk.includes(`set ${word}`)),
    )
    assert.is(told.state, 'recording')
  }
  await stage.stop()

  await assertWhole(stage, hearing)
  const journal = assertClosed(stage, hearing)
  assertUnbroken(journal, TRACKS)
  assertSpans(journal, TRACKS, journal.of('hearing-closed')[0]!.mediaMs)
  const steps = journal.of('clock').filter(({ stepMs }) => stepMs !== 0)
  assert.equal(
    steps.map(({ stepMs }) => Math.round(stepMs / HOUR_MS)),
    [1, -2],
  )
})

test.run()
