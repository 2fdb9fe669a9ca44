// deadline: 150 s
/** R11: kill -9 of recorder and all workers at once. Every whole fragment on disk is found; the hearing ends or goes on. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import {
  CLOSE_INTERRUPTED,
  interrupt,
  lossText,
  MOST_LOST_MS,
  measureLoss,
  stopEverything,
  TRACKS,
} from './stage/cut.ts'
import { holesIn } from './stage/journal.ts'
import { story } from './stage/story.ts'

story(
  'everything is killed, and the hearing is closed at the next start',
  { config: { hearing: CLOSE_INTERRUPTED } },
  async (stage) => {
    await stage.ready()
    for (const number of [1, 2]) {
      const { worstMs, worstTrack } = await interrupt(stage, false, number)
      assert.ok(worstMs <= MOST_LOST_MS, `${worstTrack} lost ${worstMs} ms`)
    }
  },
)

story('everything is killed, and the hearing goes on at the next start', {}, async (stage) => {
  await stage.ready()
  const instant = await stopEverything(stage, false)
  const resumed = await stage.ready()
  assert.is(resumed.hearing, instant.hearing)
  await stage.recorded(Math.max(...resumed.tracks.map(({ seconds }) => seconds)) + 2)
  await stage.stop()
  const loss = await measureLoss(stage, instant)
  console.log(`      killed at ${(instant.mediaMs / 1_000).toFixed(1)} s: ${lossText(loss)}`)
  assert.ok(loss.worstMs <= MOST_LOST_MS, `${loss.worstTrack} lost ${loss.worstMs} ms`)
  const journal = stage.journal(instant.hearing)
  for (const track of TRACKS) {
    const holes = holesIn(journal.fragments(track))
    assert.is(holes.length, 1, `${track}: ${JSON.stringify(holes)}`)
    assert.is(journal.gaps(track).length, 1, `the interruption is a gap of ${track}`)
  }
})

test.run()
