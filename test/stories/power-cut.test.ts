// deadline: 150 s
/** R11: the power fails at a random instant. At most a second of any track is lost, and nothing that was promised. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { CLOSE_INTERRUPTED, interrupt, MOST_LOST_MS } from './stage/cut.ts'
import { story } from './stage/story.ts'

// Many more at a time: scripts/drill power-cuts.
const CUTS = [1, 2]

story(
  'the power fails, and both disks still hold all but the last moment',
  { disks: [64, 64], config: { hearing: CLOSE_INTERRUPTED } },
  async (stage) => {
    await stage.ready()
    for (const number of CUTS) {
      const { worstMs, worstTrack } = await interrupt(stage, true, number)
      assert.ok(worstMs <= MOST_LOST_MS, `${worstTrack} lost ${worstMs} ms`)
    }
  },
)

test.run()
