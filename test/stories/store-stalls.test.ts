// deadline: 180 s
/** R12: a disk stalls. Memory holds what it misses, the other disk does not wait, and nothing is lost when it wakes. */
import { test } from 'uvu'
import { breakDisk } from './stage/broken-disk.ts'
import { meanwhile, story } from './stage/story.ts'

const stall = {
  break: (disk: { freeze: () => void }) => disk.freeze(),
  repair: (disk: { thaw: () => void }) => disk.thaw(),
  state: 'late',
} as const

story('a disk that stalls catches up', { disks: [64, 64] }, (stage) => breakDisk(stage, stall))

meanwhile('STOP does not wait for a disk that stalls', { disks: [64, 64] }, (stage) =>
  breakDisk(stage, { ...stall, stopBroken: true }),
)

test.run()
