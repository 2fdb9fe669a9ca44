// deadline: 180 s
/** R12: a disk vanishes, with its cable or with its folder. Its empty mount point must not pass for the disk. */
import { renameSync } from 'node:fs'
import { test } from 'uvu'
import { breakDisk } from './stage/broken-disk.ts'
import { meanwhile, story } from './stage/story.ts'

story('a disk that was unmounted is rebuilt when it is mounted again', { disks: [64, 64] }, (stage) =>
  breakDisk(stage, { break: (disk) => disk.vanish(), repair: (disk) => disk.mount(), state: 'failed' }),
)

meanwhile('a store whose folder was moved away is rebuilt when it is back', {}, (stage) => {
  const [, mirror] = stage.stores
  return breakDisk(stage, {
    break: () => renameSync(mirror!, `${mirror}-elsewhere`),
    repair: () => renameSync(`${mirror}-elsewhere`, mirror!),
    state: 'failed',
  })
})

test.run()
