// deadline: 150 s
/** R11: the power fails at a random instant. At most a second of any track is lost, and nothing that was promised. */
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { lossText, measureLoss, stopEverything } from './stage/cut.ts'
import { story } from './stage/story.ts'

const CUTS = 2

story(
  'the power fails, and both disks still hold all but the last moment',
  { disks: [64, 64], config: { hearing: { expectedHours: 0.01, afterInterruption: 'close' } } },
  async (stage) => {
    await stage.ready()
    for (let i = 0; i < CUTS; i++) {
      const instant = await stopEverything(stage, true)
      // What lies in memory is gone as well: sockets, worker files, the register.
      await stage.ready({ runtimeDir: stage.newFolder(`run-${i}`), stateDir: join(stage.dir, `state-${i}`) })
      await stage.closed()
      const loss = await measureLoss(stage, instant)
      console.log(`      cut at ${(instant.mediaMs / 1_000).toFixed(1)} s: ${lossText(loss)}`)
      assert.ok(loss.worstMs <= 1_000, `${loss.worstTrack} lost ${loss.worstMs} ms`)
    }
  },
)

test.run()
