// deadline: 150 s
/** R21: off the record nothing is written; and however the buttons are pressed, every press is answered and judged. */
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { assertClosed, assertWhole } from './stage/proof.ts'
import { CAMERAS, MICROPHONES } from './stage/sources.ts'
import type { Stage } from './stage/stage.ts'
import { story } from './stage/story.ts'
import { sleep } from './stage/until.ts'

const TRACKS = [...CAMERAS, ...MICROPHONES]
const REASON = 'The court retires to deliberate'

const mediaBytes = (stage: Stage, hearing: string): number[] =>
  stage.stores.map((store) =>
    TRACKS.flatMap((track) => readdirSync(join(store, hearing, track)).map((name) => join(store, hearing, track, name)))
      .map((file) => statSync(file).size)
      .reduce((sum, size) => sum + size, 0),
  )

story('off the record not one byte of media is written', {}, async (stage) => {
  await stage.ready()
  const hearing = await stage.rec()
  await stage.recorded(2)
  const off = await stage.press('off', { note: REASON })
  assert.is(off.is, 'accepted')
  // What was said before the press may take a moment to its disk.
  await sleep(2_000)
  const before = mediaBytes(stage, hearing)
  await sleep(4_000)
  assert.equal(mediaBytes(stage, hearing), before)
  const paused = await stage.status()
  assert.is(paused?.state, 'off-record')
  assert.is(paused?.lamp, 'dark')
  const seconds = Math.max(...paused!.tracks.map((track) => track.seconds))
  assert.is((await stage.press('rec')).is, 'accepted')
  await stage.recorded(seconds + 2)
  await stage.stop()

  const [check] = await assertWhole(stage, hearing)
  assert.is(check!.offRecord.length, 1)
  assert.match(check!.offRecord[0]!.reason, REASON)
  const journal = assertClosed(stage, hearing)
  const { fromMs, toMs } = check!.offRecord[0]!
  assert.ok(toMs! - fromMs > 5_500, `${toMs! - fromMs} ms off the record`)
  for (const track of TRACKS) {
    assert.equal(journal.gaps(track), [], `a recess is no gap of ${track}`)
    for (const { mediaMs, durationMs } of journal.fragments(track))
      assert.ok(
        mediaMs + durationMs <= fromMs + 60 || mediaMs >= toMs! - 1,
        `${track} at ${mediaMs} for ${durationMs} ms, off the record from ${fromMs} to ${toMs}`,
      )
  }
  const press = journal.of('press').find(({ button }) => button === 'off')
  assert.is(press?.note, REASON)
})

story('two hundred presses in five seconds from everywhere', {}, async (stage) => {
  await stage.ready()
  const [one, other] = await Promise.all([stage.press('rec', { case: '1' }), stage.press('rec', { case: '2' })])
  const accepted = [one, other].filter(({ is }) => is === 'accepted')
  assert.ok(accepted.length >= 1)
  const ids = new Set([one, other].flatMap((answer) => ('hearing' in answer && answer.hearing ? [answer.hearing] : [])))
  assert.is(ids.size, 1, 'two REC at once open one hearing')

  const buttons = ['rec', 'off', 'stop', 'mark'] as const
  const presses = Array.from({ length: 200 }, async (_, i) => {
    await sleep(i * 25)
    return stage.press(buttons[Math.floor(Math.random() * 40) % 4]!, { case: `storm ${i}`, note: `press ${i}` })
  })
  const answers = await Promise.all(presses)
  const said = new Map<string, number>()
  for (const answer of answers) {
    assert.ok(answer.is === 'accepted' || answer.is === 'refused', JSON.stringify(answer))
    const key = answer.is === 'refused' ? answer.code : answer.is
    said.set(key, (said.get(key) ?? 0) + 1)
  }
  console.log(`      200 presses: ${[...said].map(([key, count]) => `${key} ${count}`).join(', ')}`)
  const state = (await stage.status())?.state
  if (state === 'recording' || state === 'off-record') await stage.press('stop')
  await stage.closed()

  const last = await stage.rec('after the storm')
  await stage.recorded(1)
  await stage.stop()
  for (const hearing of readdirSync(stage.stores[0]!).filter((name) => !name.startsWith('.'))) {
    await assertWhole(stage, hearing)
    assertClosed(stage, hearing)
  }
  assert.ok(last)
})

test.run()
