// deadline: 180 s
/** R12: the file system of one disk turns read-only, as the kernel makes it after an error. */
import { test } from 'uvu'
import { breakDisk } from './stage/broken-disk.ts'
import type { LoopDisk } from './stage/disk.ts'
import { meanwhile, story } from './stage/story.ts'
import { until } from './stage/until.ts'

/** Such a disk must be unmounted before it can be written again. */
const repair = (disk: LoopDisk) =>
  until('the disk let go', 20, () => {
    try {
      disk.detach()
      disk.attach()
      return true
    } catch {
      return false
    }
  }).then(() => {})

const turnReadOnly = (disk: LoopDisk) => disk.turnReadOnly()

story('a disk that turns read-only is rebuilt during the hearing', { disks: [64, 64] }, (stage) =>
  breakDisk(stage, { break: turnReadOnly, repair, state: 'failed' }),
)

meanwhile('a disk that is read-only at STOP is rebuilt afterwards', { disks: [64, 64] }, (stage) =>
  breakDisk(stage, { break: turnReadOnly, repair, state: 'failed', stopBroken: true }),
)

test.run()
