import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { statusOf } from '../../controller/core/status.ts'
import { Status } from '../../controller/wire/clerk.ts'
import { PLAN, readyRoom, recordingRoom, WHY } from './room.ts'

test('the press alone does not light the lamp; bytes on disk do', () => {
  const room = readyRoom()
  assert.is(room.lamp, 'dark')
  room.press('rec')
  assert.is(room.lamp, 'blinking')
  room.pass(500)
  assert.is(room.lamp, 'steady')
})

test('the lamp blinks two seconds after the last confirmed byte of any required track', () => {
  const room = recordingRoom()
  for (let i = 0; i < 4; i++) {
    room.atMs += 500
    for (const track of ['bench', 'witness']) room.store(track)
    assert.is(room.lamp, 'steady')
  }
  room.atMs += 1
  assert.is(room.lamp, 'blinking')
})

test('the lamp blinks when no disk takes the journal', () => {
  const room = recordingRoom()
  room.atMs += 2_001
  for (const track of ['judge', 'bench', 'witness']) room.store(track)
  assert.is(room.lamp, 'blinking')
  room.tell({ is: 'journal-stored', store: 'mirror' })
  assert.is(room.lamp, 'steady')
})

test('off the record and closing the lamp is dark', () => {
  const room = recordingRoom()
  room.press('off')
  assert.is(room.lamp, 'dark')
  room.press('rec')
  room.press('stop')
  assert.is(room.lamp, 'dark')
})

test('a source that is not required may be missing', () => {
  const sources = [
    { name: 'judge', required: false },
    { name: 'mics', required: true },
  ]
  const room = recordingRoom(2_000, { sources })
  room.exit('judge')
  assert.is(room.lamp, 'steady')
  room.exit('mics')
  assert.is(room.lamp, 'blinking')
})

test('trouble blinks: a failed disk, a silent microphone, a clock step; a voice does not', () => {
  const signal = { is: 'signal-changed', source: 'mics', run: 1, track: 'bench', state: 'begun', reason: WHY } as const
  const room = recordingRoom()
  room.tell({ ...signal, what: 'voice' })
  room.tell({ ...signal, what: 'clipping' })
  assert.is(room.lamp, 'steady')
  room.tell({ ...signal, what: 'silent' })
  assert.is(room.lamp, 'blinking')
  const failed = recordingRoom()
  failed.probe('mirror', false)
  assert.is(failed.lamp, 'blinking')
  const stepped = recordingRoom()
  stepped.tell({ is: 'clock-read', boot: 'boot-1', synchronized: true })
  stepped.aheadMs = 10_000
  stepped.forget().tell({ is: 'clock-read', boot: 'boot-1', synchronized: true })
  assert.is(stepped.lamp, 'blinking')
  assert.is(stepped.journalled('clock')[0]?.stepMs, 10_000)
  stepped.pass(61_000)
  assert.is(stepped.lamp, 'steady')
})

test('with nothing required something must still be on disk', () => {
  const room = readyRoom({ sources: PLAN.sources.map(({ name }) => ({ name, required: false })) })
  room.press('rec')
  assert.is(room.lamp, 'blinking')
  room.pass(500)
  assert.is(room.lamp, 'steady')
})

test('the clock pair comes at the opening and each minute, not more often', () => {
  const room = recordingRoom(500)
  for (let i = 0; i < 13; i++) {
    room.tell({ is: 'clock-read', boot: 'boot-1', synchronized: true })
    room.pass(10_000)
  }
  assert.is(room.journalled('clock').length, 3)
})

test('the status fits its schema in every state, and names what is wrong', () => {
  const room = readyRoom()
  const view = () => Status.parse(statusOf(room.state, room.atMs, { main: '/disks/main' }))
  assert.equal([view().state, view().hearing, view().stores[0]?.path], ['idle', null, '/disks/main'])
  room.press('rec', { case: 'A' })
  room.pass(1_000)
  assert.equal([view().lamp, view().case, view().mediaMs, view().health.reasons.length], ['steady', 'A', 1_000, 0])
  room.exit('judge')
  assert.is(view().sources[0]?.why, 'Camera "Judge" stopped: for the test; it is being started again')
  assert.is(view().health.reasons.length, 1)
  room.press('stop')
  room.tell({ is: 'salvage-ended', source: 'judge' })
  room.closeAll()
  assert.equal([view().state, view().lamp], ['closed', 'dark'])
})

test.run()
