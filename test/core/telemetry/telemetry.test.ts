import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { alarmsNow } from '../../../controller/core/telemetry/alarms.ts'
import { happenedBefore, happenedBetween } from '../../../controller/core/telemetry/happened.ts'
import { nameless } from '../../../controller/core/telemetry/nameless.ts'
import { numbersOf, rateBetween } from '../../../controller/core/telemetry/numbers.ts'
import { newsOf, roomStateOf } from '../../../controller/core/telemetry/room-state.ts'
import { Alarm } from '../../../controller/wire/fleet/alarm.ts'
import { Metrics } from '../../../controller/wire/fleet/metrics.ts'
import { RoomState } from '../../../controller/wire/fleet/room-state.ts'
import { hours, openHearing, Room, readyRoom, START_UTC, WHY } from '../room.ts'

const UTC = '2026-11-23T14:05:12.000Z'
const at = (room: Room) => ({ atMs: room.atMs, utcMs: room.utcMs })
const stateOf = (room: Room) => RoomState.parse(roomStateOf(room.state, at(room), [...alarmsNow(room.state).keys()], 3))
/** What happens while `play` does, as kinds. */
const kinds = (room: Room, play: () => void): string[] => {
  const before = room.state
  play()
  return happenedBetween(before, room.state).map(({ kind }) => kind)
}

test('a room that is ready says so, and its words fit the schema', () => {
  const room = readyRoom()
  const state = stateOf(room)
  assert.is(state.hearing, 'idle')
  assert.is(state.lamp, 'dark')
  assert.is(state.recordedSince, null)
  assert.is(state.audible, null)
  assert.is(state.supply, 'unknown')
  assert.is(state.configRev, 3)
  assert.is(state.hoursLeft, 10)
  assert.equal(state.disks, { main: 'good', mirror: 'good' })
  Metrics.parse({ at: UTC, ...numbersOf(room.state, at(room)) })
})

test('a hearing is told of from REC to its end, each change once', () => {
  const room = readyRoom()
  assert.equal(
    kinds(room, () => room.press('rec', { case: '2-1234' })),
    ['hearing-opened'],
  )
  assert.is(stateOf(room).hearing, 'recording')
  assert.ok(stateOf(room).recordedSince)
  assert.equal(
    kinds(room, () => room.tick()),
    [],
  )
  assert.equal(
    kinds(room, () => room.press('off')),
    ['went-off-record'],
  )
  assert.equal(
    kinds(room, () => room.press('rec')),
    ['went-on-record'],
  )
  assert.equal(
    kinds(room, () => room.press('mark')),
    [],
  )
  const closing = kinds(room, () => room.press('stop'))
  assert.equal(closing, [])
  assert.equal(
    kinds(room, () => room.closeAll()),
    ['hearing-closed'],
  )
  assert.equal(
    kinds(room, () => room.press('rec')),
    ['hearing-opened'],
    'and the next is another',
  )
})

test('a hearing that goes on after an interruption is no new one', () => {
  const room = new Room()
  const open = {
    ...{ id: '2026-11-23_140000_courtroom-3_2-1234', case: '2-1234', openedUtcMs: START_UTC - 60_000 },
    ...{ zeroMonoMs: 0, sameBoot: false, paused: false, lastUtcMs: START_UTC - 5_000, mediaEndMs: 55_000, tracks: {} },
  }
  assert.equal(
    kinds(room, () => room.start(open)),
    ['went-on-record'],
  )
  const paused = new Room()
  assert.equal(
    kinds(paused, () => paused.start({ ...open, paused: true })),
    ['went-off-record'],
  )
})

test('a program that begins to tell says what goes on: a hearing from before goes on, a new one was opened', () => {
  assert.equal(happenedBefore(readyRoom().state), [])
  const opened = readyRoom()
  opened.tick()
  opened.press('rec')
  assert.equal(
    happenedBefore(opened.state).map(({ kind }) => kind),
    ['hearing-opened'],
  )
  const resumed = new Room()
  resumed.start(openHearing())
  assert.equal(
    happenedBefore(resumed.state).map(({ kind }) => kind),
    ['went-on-record'],
  )
})

test('alarms are the reasons of the verdict, each with an id that fits a topic', () => {
  const room = readyRoom()
  room.press('rec', { case: '2-1234' })
  for (let i = 0; i < 20; i++) room.probe('mirror', false)
  const alarms = [...alarmsNow(room.state)]
  const [id, alarm] = alarms.find(([, { code }]) => code === 'DISK_FAILED')!
  assert.is(id, 'DISK_FAILED-mirror')
  assert.is(alarm.recording, true)
  for (const [, one] of alarms) Alarm.parse({ ...one, since: UTC, seq: 1 })
  assert.ok(stateOf(room).alarms.includes('DISK_FAILED-mirror'))
})

test('no case leaves the room', () => {
  const room = readyRoom()
  room.press('rec', { case: '7599-26' })
  const hearing = '2026-11-23_140512_courtroom-3_7599-26'
  assert.is(
    nameless(`${hearing}/judge/1.mp4 of case 7599-26`, room.state),
    '2026-11-23_140512/judge/1.mp4 of case (case)',
  )
  const spoiled = {
    ...room.state,
    scrub: { ...room.state.scrub, troubles: { '2026-01-02_101010_зал-3_12-а': { clerk: 'c', engineer: 'e' } } },
  }
  const [[id, alarm] = []] = [...alarmsNow(spoiled)].filter(([, { code }]) => code === 'HEARING_SPOILED')
  assert.is(id, 'HEARING_SPOILED-2026-01-02-101010')
  assert.is(alarm!.about, '2026-01-02_101010')
})

test('the end of a whole self-test is told with what failed', () => {
  const room = readyRoom()
  room.tell({ is: 'self-test-asked', request: 1 })
  const before = room.state
  const results = [
    { what: 'key', ok: true, detail: '' },
    { what: 'camera judge', ok: false, detail: '' },
  ]
  room.tell({ is: 'self-tested', trial: room.state.trial.number, results })
  const [tested, ...more] = happenedBetween(before, room.state)
  assert.equal(more, [])
  assert.is(tested!.kind, 'self-tested')
  assert.ok(Number(tested!.data.failed) >= 1)
  assert.match(String(tested!.data.what), 'camera judge')
  assert.is(stateOf(room).selfTest, 'failed')
})

test('numbers that are not known are left out', () => {
  const room = new Room()
  room.start()
  const numbers = numbersOf(room.state, at(room))
  assert.not.ok('store_free_bytes' in numbers)
  assert.not.ok('hours_left' in numbers)
  assert.not.ok('audio_level_max_dbfs' in numbers)
  room.probe('main', true, hours(5))
  assert.is(numbersOf(room.state, at(room)).store_free_bytes, hours(5))
})

test('what is confirmed late, and how fast, is a number', () => {
  const room = readyRoom()
  room.press('rec')
  room.atMs += 5_000
  const numbers = numbersOf(room.state, at(room))
  assert.is(numbers.tracks_recorded, 0)
  assert.is(numbers.tracks_required, 3)
  assert.is(numbers.confirmed_age_max_ms, 5_000)
  const track = room.state.tracks.judge!
  const later = { ...room.state, tracks: { ...room.state.tracks, judge: { ...track, bytes: 8_000 } } }
  assert.equal(rateBetween({ state: room.state, atMs: 0 }, { state: later, atMs: 2_000 }), {
    recorded_bytes_per_second: 4_000,
  })
})

test('a change of the free room alone is no news', () => {
  const room = readyRoom()
  const before = newsOf(stateOf(room))
  room.probe('main', true, hours(9))
  room.probe('mirror', true, hours(9))
  assert.is(newsOf(stateOf(room)), before)
  room.tell({ is: 'clock-read', boot: 'boot-1', synchronized: true })
  assert.is.not(newsOf(stateOf(room)), before)
  assert.ok(WHY)
})

test.run()
