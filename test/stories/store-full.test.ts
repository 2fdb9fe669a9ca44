// deadline: 120 s
/** R12: one disk is full; the other goes on, and what is missing is copied once there is room. */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import { breakDisk } from './stage/broken-disk.ts'
import { story } from './stage/story.ts'

story('a full disk is rebuilt when there is room again', { disks: [64, 48] }, (stage) =>
  breakDisk(stage, {
    break: (disk) => disk.fill(),
    repair: (disk) => rmSync(join(disk.path, 'ballast')),
    state: 'failed',
  }),
)

test.run()
