// deadline: 180 s
/** R29: the mains goes during a hearing; the battery goes low; the hearing is closed in order before the end; the next begins. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { VirtualBoard } from '../../hardware/virtual/board/virtual-board.ts'
import { holesIn } from './stage/journal.ts'
import { assertClosed, assertSpans, assertUnbroken, assertWhole } from './stage/proof.ts'
import { CAMERAS, MICROPHONES } from './stage/sources.ts'
import type { Stage } from './stage/stage.ts'
import { meanwhile, story } from './stage/story.ts'
import { until } from './stage/until.ts'

const TRACKS = [...CAMERAS, ...MICROPHONES]
const PROFILE = join(process.cwd(), 'hardware/profiles/virtual-courtroom.json')

const troubled = (stage: Stage, code: string, is = true) =>
  stage.until(`${is ? '' : 'no '}${code}`, 20, ({ health }) => health.reasons.some((one) => one.code === code) === is)

meanwhile('the mains goes, comes back, goes; the battery ends; the next hearing begins', {}, async (stage) => {
  const board = new VirtualBoard(join(stage.runtimeDir, 'board.sock'))
  await board.ready
  const switchedOff = join(stage.dir, 'switched-off')
  try {
    await stage.ready({
      board: { profile: PROFILE },
      power: { batteryMinutes: 20, powerOff: ['touch', switchedOff] },
    })
    await until('the cameras have power', 20, () => board.outputs['camera-power'])
    const hearing = await stage.rec()
    await stage.recorded(2)

    board.set('mains-good', false)
    const dark = await troubled(stage, 'ON_BATTERY')
    assert.is(dark.lamp, 'steady', 'what is recorded is on disk')
    assert.match(dark.health.reasons[0]!.clerk, 'about 20 minutes')
    await until('the buzzer', 20, () => board.outputs.buzzer)
    board.set('mains-good', true)
    await troubled(stage, 'ON_BATTERY', false)

    // Nobody hears the board: recording does not care.
    board.unplug()
    await stage.recorded(4)
    board.set('mains-good', false)
    await troubled(stage, 'ON_BATTERY')
    board.set('battery-low', true)
    assert.is(await stage.recorder.gone(), 0, 'the recorder ends in order')
    assert.ok(existsSync(switchedOff), 'and switches the machine off')
    assert.is(board.outputs.buzzer, false, 'nobody is left to be told')
    assert.is(board.outputs['camera-power'], true)

    await assertWhole(stage, hearing)
    const journal = assertClosed(stage, hearing)
    assertUnbroken(journal, TRACKS)
    assertSpans(journal, TRACKS, journal.of('hearing-closed')[0]!.mediaMs)
    assert.equal(
      journal.of('power').map(({ to }) => to),
      ['on-battery', 'mains', 'on-battery', 'battery-low', 'ending'],
    )
    assert.match(journal.of('hearing-closed')[0]!.reason.clerk, 'battery is low')

    board.set('battery-low', false)
    board.set('mains-good', true)
    await stage.ready()
    const next = await stage.rec('2-1235')
    assert.is.not(next, hearing)
    await stage.recorded(1)
    await stage.stop()
    await assertWhole(stage, next)
  } finally {
    await board.close()
  }
})

story(
  'the battery ends, and the hearing goes on when the power is back, also with a board that is wrong',
  {},
  async (stage) => {
    const board = new VirtualBoard(join(stage.runtimeDir, 'board.sock'))
    await board.ready
    const switchedOff = join(stage.dir, 'switched-off')
    try {
      await stage.ready({
        board: { profile: PROFILE },
        power: { powerOff: ['touch', switchedOff] },
        hearing: { expectedHours: 0.01, onLowBattery: 'keep' },
      })
      const hearing = await stage.rec()
      const { tracks } = await stage.recorded(2)
      board.set('mains-good', false)
      board.set('battery-low', true)
      assert.is(await stage.recorder.gone(), 0)
      assert.ok(existsSync(switchedOff))

      await stage.ready({ board: { profile: '/nowhere/board.json' } })
      const { health, hearing: resumed } = await troubled(stage, 'BOARD_AWAY')
      assert.match(health.reasons.find(({ code }) => code === 'BOARD_AWAY')!.engineer, 'BOARD_PROFILE_INVALID')
      assert.is(resumed, hearing)
      await stage.recorded(Math.max(...tracks.map(({ seconds }) => seconds)) + 4)
      await stage.stop()
      await assertWhole(stage, hearing)
      const journal = assertClosed(stage, hearing)
      for (const track of TRACKS) {
        const holes = holesIn(journal.fragments(track))
        assert.is(holes.length, 1, `${track}: ${JSON.stringify(holes)}`)
        assert.is(journal.gaps(track).length, 1, `the time without power is a gap of ${track}`)
      }
      assert.ok(journal.of('watch').some(({ what, to }) => what === 'board' && to === 'lost'))
    } finally {
      await board.close()
    }
  },
)

test.run()
