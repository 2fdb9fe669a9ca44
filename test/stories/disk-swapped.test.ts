// deadline: 240 s
/** R12, R30: a disk is pulled out during a hearing and an empty one put in: it is rebuilt, and both prove the hearing. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { LoopDisk } from './stage/disk.ts'
import { assertClosed, assertSpans, assertUnbroken, assertWhole } from './stage/proof.ts'
import { CAMERAS, MICROPHONES } from './stage/sources.ts'
import { LIVE_WITHIN_S } from './stage/stage.ts'
import { story } from './stage/story.ts'

const TRACKS = [...CAMERAS, ...MICROPHONES]
const PATIENCE_S = 20
const REBUILT_WITHIN_S = 60

story('a disk is swapped for an empty one during a hearing', { disks: [64, 64] }, async (stage) => {
  const before = await stage.ready()
  assert.equal(
    before.stores.map(({ disk }) => disk.verdict),
    ['good', 'good'],
  )
  const hearing = await stage.rec()
  await stage.recorded(2)

  stage.disks[1]!.vanish()
  const pulled = await stage.until(
    'the disk called failed',
    PATIENCE_S,
    ({ stores }) => stores[1]!.disk.verdict === 'failed',
  )
  assert.equal([pulled.state, pulled.lamp, pulled.stores[0]!.state], ['recording', 'blinking', 'good'])
  assert.equal([pulled.health.verdict, pulled.health.reasons[0]?.code], ['degraded', 'DISK_FAILED'])

  LoopDisk.makeAt(stage.dir, 'another', 64, stage.stores[1]!)
  await stage.until('the empty disk rebuilt', REBUILT_WITHIN_S, ({ stores }) => stores[1]!.state === 'good')
  const steady = await stage.until('the lamp steady', LIVE_WITHIN_S, ({ lamp }) => lamp === 'steady')
  await stage.recorded(Math.max(...steady.tracks.map(({ seconds }) => seconds)) + 2)
  // Another device than before: what was known of the old one counts no more.
  const [old] = pulled.stores[1]!.disk.devices
  const fresh = await stage.until(
    'the new disk looked at',
    PATIENCE_S,
    ({ stores }) => stores[1]!.disk.devices.length > 0,
  )
  assert.is.not(fresh.stores[1]!.disk.devices[0]!.device, old?.device)
  await stage.stop()
  await stage.until('both disks good', REBUILT_WITHIN_S, ({ stores }) => stores.every(({ state }) => state === 'good'))

  await assertWhole(stage, hearing)
  const journal = assertClosed(stage, hearing)
  assertUnbroken(journal, TRACKS)
  assertSpans(journal, TRACKS, journal.of('hearing-closed')[0]!.mediaMs)
})

test.run()
