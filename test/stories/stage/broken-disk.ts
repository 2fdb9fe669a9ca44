/** One disk breaks during a hearing and is repaired: what R12 asks, however it broke. */
import * as assert from 'uvu/assert'
import type { LoopDisk } from './disk.ts'
import { assertClosed, assertSpans, assertUnbroken, assertWhole } from './proof.ts'
import { CAMERAS, MICROPHONES } from './sources.ts'
import { LIVE_WITHIN_S, type Stage } from './stage.ts'

const TRACKS = [...CAMERAS, ...MICROPHONES]
const REBUILT_WITHIN_S = 60

export interface Breakage {
  break: (disk: LoopDisk) => void
  repair: (disk: LoopDisk) => Promise<void> | void
  /** What the status must call the broken disk. */
  state: 'failed' | 'late'
  /** The hearing is stopped while the disk is still broken. */
  stopBroken?: boolean
}

const storeOf = (status: Awaited<ReturnType<Stage['status']>>, i: number) => status!.stores[i]!

/** Breaks the second disk, looks at what is said, repairs it, and asks for two whole stores in the end. */
export const breakDisk = async (
  stage: Stage,
  { break: breaks, repair, state, stopBroken }: Breakage,
): Promise<void> => {
  const disk = stage.disks[1]!
  await stage.ready()
  const hearing = await stage.rec()
  const before = await stage.recorded(2)
  assert.is(before.lamp, 'steady')

  breaks(disk)
  const beganMs = performance.now()
  const broken = await stage.until(`the disk called ${state}`, 20, (status) => storeOf(status, 1).state === state)
  const noticedS = ((performance.now() - beganMs) / 1_000).toFixed(1)
  assert.is(broken.lamp, 'blinking')
  assert.ok(storeOf(broken, 1).why, 'the status says why')
  const [gravest] = broken.health.reasons
  assert.equal([gravest?.area, gravest?.about], ['disk', 'mirror'], 'the room is told')
  assert.is(storeOf(broken, 0).state, 'good')
  assert.is(broken.state, 'recording')
  console.log(`      noticed after ${noticedS} s: ${gravest!.clerk} [${gravest!.engineer}]`)

  const seconds = Math.max(...broken.tracks.map((track) => track.seconds))
  await stage.recorded(seconds + 4)
  if (stopBroken) await stage.stop()
  await repair(disk)
  await stage.until('the disk good again', REBUILT_WITHIN_S, (status) => storeOf(status, 1).state === 'good')
  if (!stopBroken) {
    const repaired = await stage.until('the lamp steady', LIVE_WITHIN_S, ({ lamp }) => lamp === 'steady')
    await stage.recorded(Math.max(...repaired.tracks.map((track) => track.seconds)) + 2)
    await stage.stop()
    // The last segments of the hearing may still be on their way to the disk that came back.
    await stage.until('both disks good', REBUILT_WITHIN_S, ({ stores }) =>
      stores.every((store) => store.state === 'good'),
    )
  }

  await assertWhole(stage, hearing)
  const journal = assertClosed(stage, hearing)
  assertUnbroken(journal, TRACKS)
  assertSpans(journal, TRACKS, journal.of('hearing-closed')[0]!.mediaMs)
  const told = journal.of('store').filter(({ store }) => store === 'mirror')
  assert.is(told[0]?.to, state)
}
