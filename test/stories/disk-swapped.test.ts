// deadline: 240 s
/** R12, R30: a disk is pulled out during a hearing and an empty one put in: it is rebuilt, and both prove the hearing. */
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { VirtualBoard } from '../../hardware/virtual/board/virtual-board.ts'
import { LoopDisk } from './stage/disk.ts'
import { assertClosed, assertSpans, assertUnbroken, assertWhole } from './stage/proof.ts'
import { CAMERAS, MICROPHONES } from './stage/sources.ts'
import { LIVE_WITHIN_S, type Stage } from './stage/stage.ts'
import { story } from './stage/story.ts'

const TRACKS = [...CAMERAS, ...MICROPHONES]
const PATIENCE_S = 20
const REBUILT_WITHIN_S = 60

const PROFILE = join(process.cwd(), 'hardware/profiles/virtual-courtroom.json')

/** The lever of the bay is pulled first: its line says so before the disk is gone. */
const swap = async (stage: Stage, board: VirtualBoard): Promise<void> => {
  const hearing = await stage.rec()
  await stage.recorded(2)

  board.set('disk-bay-2-fault', true)
  const beganMs = performance.now()
  const pulled = await stage.until(
    'the disk left',
    PATIENCE_S,
    ({ stores, lamp }) => stores[1]!.disk.verdict === 'failed' && lamp === 'blinking',
  )
  console.log(`      left after ${Math.round(performance.now() - beganMs)} ms: ${pulled.stores[1]!.why}`)
  assert.equal([pulled.state, pulled.stores[0]!.state], ['recording', 'good'])
  assert.equal([pulled.health.verdict, pulled.health.reasons[0]?.code], ['degraded', 'DISK_FAILED'])
  stage.disks[1]!.vanish()

  LoopDisk.makeAt(stage.dir, 'another', 64, stage.stores[1]!)
  await stage.recorded(Math.max(...pulled.tracks.map(({ seconds }) => seconds)) + 8)
  assert.is((await stage.status())!.stores[1]!.state, 'failed', 'its bay still says fault')
  board.set('disk-bay-2-fault', false)
  await stage.until('the empty disk rebuilt', REBUILT_WITHIN_S, ({ stores }) => stores[1]!.state === 'good')
  const steady = await stage.until('the lamp steady', LIVE_WITHIN_S, ({ lamp }) => lamp === 'steady')
  await stage.recorded(Math.max(...steady.tracks.map(({ seconds }) => seconds)) + 2)
  await stage.stop()
  await stage.until('both disks good', REBUILT_WITHIN_S, ({ stores }) => stores.every(({ state }) => state === 'good'))

  await assertWhole(stage, hearing)
  const journal = assertClosed(stage, hearing)
  assertUnbroken(journal, TRACKS)
  assertSpans(journal, TRACKS, journal.of('hearing-closed')[0]!.mediaMs)
  const lines = journal.of('disk').filter(({ what }) => what === 'DISK_BAY_FAULT')
  assert.equal(
    lines.map(({ store, state }) => [store, state]),
    [
      ['mirror', 'begun'],
      ['mirror', 'ended'],
    ],
  )
}

story('a disk is swapped for an empty one during a hearing', { disks: [64, 64] }, async (stage) => {
  const board = new VirtualBoard(join(stage.runtimeDir, 'board.sock'))
  await board.ready
  try {
    const before = await stage.ready({ board: { profile: PROFILE } })
    assert.equal(
      before.stores.map(({ disk }) => disk.verdict),
      ['good', 'good'],
    )
    await swap(stage, board)
  } finally {
    await board.close()
  }
})

test.run()
