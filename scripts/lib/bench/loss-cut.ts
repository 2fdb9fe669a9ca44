/** One recording that ends badly: kill -9 of everything and a power cut, at the same random instant. */
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { monotonicMs } from '../../../controller/base/monotonic.ts'
import type { Courtroom } from '../../../hardware/virtual/courtroom.ts'
import { linesOf, zeroMsOf } from './hearing-lines.ts'
import { heldOf } from './held-seconds.ts'
import { LoopDisk } from './loop-disk.ts'
import type { LossRecipes } from './loss-recipes.ts'
import type { Bench } from './part.ts'
import { dirsOf, type RecorderRun, runRecorder } from './recorder-run.ts'
import { worst } from './statistics.ts'

export interface TrackLoss {
  track: string
  recordedSeconds: number
  /** Seconds lost on the store that lost more. */
  killed: number
  powerCut: number
}

const SHORTEST_MS = 4_000
const LONGEST_MS = 14_000

export const cutOnce = async (bench: Bench, courtroom: Courtroom, recipes: LossRecipes): Promise<TrackLoss[]> => {
  const disks = ['store-1', 'store-2'].map((name) => LoopDisk.make(join(bench.home, name)))
  const copies: LoopDisk[] = []
  let recorder: RecorderRun | undefined
  const removeDisks = async (): Promise<void> => {
    for (const disk of [...copies, ...disks]) await disk.remove()
  }
  bench.atEnd(removeDisks)
  try {
    const paths = disks.map(({ path }) => path)
    const config = { ...courtroom.config(paths, dirsOf(bench)), hearing: { expectedHours: 0.01 } }
    recorder = await runRecorder(bench, config)
    await recorder.untilLive()
    const id = await recorder.press('rec')
    await delay(SHORTEST_MS + Math.random() * (LONGEST_MS - SHORTEST_MS))
    // Everything stands still while the disks are copied, so that they all show the same instant.
    recorder.signalAll('SIGSTOP')
    const cutMs = monotonicMs()
    const countRecipes = recipes.cut()
    for (const disk of disks) copies.push(disk.copy(`${disk.path}-after`))
    // What never ran again after the stop was killed at the stop.
    recorder.signalAll('SIGKILL')
    await countRecipes()
    for (const copy of copies) copy.mount()

    const live = paths.map((path) => join(path, id))
    const zeroMs = zeroMsOf(linesOf(live[0]!))
    const tracks = config.sources.flatMap((source) =>
      'tracks' in source ? source.tracks.map(({ name }) => name) : [source.name],
    )
    const losses: TrackLoss[] = []
    for (const track of tracks) {
      const killed = await Promise.all(live.map((hearing) => heldOf(hearing, track)))
      const cut = await Promise.all(copies.map(({ path }) => heldOf(join(path, id), track)))
      const fromMs = killed[0]!.fromMs
      if (fromMs === null) throw new Error(`${track} had not begun to record`)
      const recordedSeconds = (cutMs - zeroMs - fromMs) / 1_000
      const lost = (held: { seconds: number }[]) => worst(held.map(({ seconds }) => recordedSeconds - seconds))
      losses.push({ track, recordedSeconds, killed: lost(killed), powerCut: lost(cut) })
    }
    return losses
  } finally {
    recorder?.signalAll('SIGKILL')
    await removeDisks()
  }
}
