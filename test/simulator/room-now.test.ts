import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { DAY_MS, MINUTE_MS } from '../../controller/base/units.ts'
import { COURTS, REGIONS } from '../../controller/simulator/courts.ts'
import { layOut, nextTurn } from '../../controller/simulator/day.ts'
import { hearingsOf } from '../../controller/simulator/hearings.ts'
import { atLocal, dayOf, isWorkingDay, workingDayAt } from '../../controller/simulator/local-day.ts'
import { roomsOf, type SimulatedRoom } from '../../controller/simulator/room.ts'
import { type RoomNow, roomNow } from '../../controller/simulator/room-now.ts'
import { metricsSaid, stateSaid } from '../../controller/simulator/said.ts'
import { Metrics } from '../../controller/wire/fleet/metrics.ts'
import { CourtId, DeviceId } from '../../controller/wire/fleet/name.ts'
import { RoomState } from '../../controller/wire/fleet/room-state.ts'

const MONDAY = workingDayAt(Date.UTC(2026, 10, 23, 9))
const at = (room: SimulatedRoom, atMs: number): RoomNow => roomNow(room, layOut(room, dayOf(atMs)), atMs)
const same = (ms: number): number => ms
const COUNTED = { outboxEvents: 3, connects: 7 }

test('courts lie in all fourteen regions, and no name stands for two', () => {
  assert.is(REGIONS.length, 14)
  assert.is(new Set(COURTS.map(({ id }) => id)).size, COURTS.length)
  for (const { id } of COURTS) CourtId.parse(id)
  assert.is(new Set(COURTS.slice(0, 14).map(({ region }) => region)).size, 14)
})

test('ten thousand rooms have names of their own, in courts of the whole country', () => {
  const rooms = roomsOf(1, 10_000)
  assert.is(new Set(rooms.map(({ device }) => device)).size, 10_000)
  for (const { device } of rooms.slice(0, 100)) DeviceId.parse(device)
  assert.is(new Set(rooms.map(({ court, name }) => `${court.id} ${name}`)).size, 10_000)
  assert.is(new Set(rooms.slice(0, 50).map(({ court }) => court.region)).size, 14)
  assert.equal(roomsOf(1, 50).at(-1)!.device, rooms[49]!.device)
  assert.is.not(roomsOf(2, 1)[0]!.device, rooms[0]!.device)
})

test('a moment is the same from wherever it is looked at, and what is said of it keeps to the schemas', () => {
  for (const room of roomsOf(7, 40))
    for (let minute = 0; minute < 3 * 24 * 60; minute += 97) {
      const atMs = atLocal(MONDAY, 0) + minute * MINUTE_MS
      const now = at(room, atMs)
      assert.equal(at({ ...room }, atMs), now)
      const state = stateSaid(now, same, 0)
      assert.equal(RoomState.parse(state), state)
      const metrics = metricsSaid(room, now, same, COUNTED)
      assert.equal(Metrics.parse(metrics), metrics)
    }
})

test('hearings never overlap, and nothing is held on Saturday and Sunday', () => {
  for (const room of roomsOf(3, 60))
    for (let day = MONDAY; day < MONDAY + 7; day++) {
      const spans = hearingsOf(room, day).flatMap(({ recorded }) => recorded ?? [])
      assert.is(spans.length > 0, isWorkingDay(day))
      for (const [i, { fromMs, toMs }] of spans.entries()) {
        assert.ok(toMs > fromMs)
        assert.ok(fromMs > (spans[i - 1]?.toMs ?? 0) + 6_000, `${room.device} on day ${day}`)
      }
    }
})

test('nothing changes between two turns but numbers', () => {
  const shape = ({ power, network, hearing, wrong }: RoomNow) => ({
    ...{ power, network, hearing },
    wrong: wrong
      .map(({ reason }) => `${reason.code}.${reason.about}`)
      .filter((id) => !/^DISK_FILLING|^NO_ROOM/.test(id)),
  })
  for (const room of roomsOf(5, 30)) {
    const day = layOut(room, MONDAY)
    for (let atMs = atLocal(MONDAY, 0); dayOf(atMs) === MONDAY; atMs = nextTurn(day, atMs))
      for (const share of [0.3, 0.9])
        assert.equal(
          shape(roomNow(room, day, atMs + (nextTurn(day, atMs) - atMs) * share)),
          shape(roomNow(room, day, atMs)),
        )
  }
})

test('fifty rooms in the middle of a morning look like a fleet: most are well, some are not, none is like another', () => {
  for (const seed of [1, 2, 3]) {
    const rooms = roomsOf(seed, 50).map((room) => at(room, atLocal(MONDAY, 10.7)))
    const count = (is: (room: RoomNow) => boolean): number => rooms.filter(is).length
    assert.ok(count(({ hearing }) => hearing === 'recording') >= 20)
    assert.ok(count(({ hearing }) => hearing !== 'recording') >= 5)
    const troubled = count(({ verdict }) => verdict !== 'good')
    assert.ok(troubled >= 1 && troubled <= 20, `${troubled} of 50`)
  }
})

test('in a year of a fleet everything happens that can', () => {
  const seen = new Set<string>()
  for (const room of roomsOf(9, 40))
    for (let day = MONDAY; day < MONDAY + 60; day += 3) {
      const laid = layOut(room, day)
      for (const turn of laid.turns.slice(0, -1)) {
        const now = roomNow(room, laid, turn)
        for (const { reason } of now.wrong) seen.add(reason.code)
        for (const word of [now.hearing, now.lamp, now.power, now.network, now.supply, now.verdict]) seen.add(word)
        if (now.audible === false) seen.add('inaudible')
        if (!now.clockSynchronized) seen.add('clock off')
      }
    }
  const wanted =
    'recording off-record closing closed idle steady blinking dark on off there cut mains battery battery-low good watch ' +
    'degraded inaudible SOURCE_AWAY TRACK_STALLED PICTURE_BLACK PICTURE_FROZEN SOUND_SILENT DISK_FAILED DISK_LATE ' +
    'DISK_SECTORS_MOVED DISK_FILLING PANEL_AWAY ON_BATTERY BATTERY_LOW CASE_OPEN TOO_HOT WITNESS_AWAY CLOCK_STEPPED'
  for (const word of [...wanted.split(' '), 'clock off']) assert.ok(seen.has(word), word)
})

test('a machine is not started again by midnight, but only by an update, or after it was off', () => {
  for (const room of roomsOf(6, 15)) {
    let starts = 0
    let offs = 0
    let before = at(room, atLocal(MONDAY, 0)).bootedMs
    for (let day = MONDAY; day < MONDAY + 30; day++) {
      const laid = layOut(room, day)
      offs += laid.off.filter(({ toMs }) => dayOf(toMs) === day).length
      for (const turn of laid.turns.slice(0, -1)) {
        const { bootedMs } = roomNow(room, laid, turn)
        assert.ok(bootedMs >= before)
        if (bootedMs > before) starts++
        before = bootedMs
      }
    }
    assert.ok(starts <= offs + 1, `${starts} starts, ${offs} times off`)
  }
})

test('what wears off comes back: disks are archived', () => {
  for (const room of roomsOf(4, 30)) {
    const free = Array.from({ length: 100 }, (_, day) => at(room, atLocal(MONDAY + day, 8)).freeBytes)
    assert.ok(free.some((bytes, day) => bytes > (free[day - 1] ?? bytes)))
    assert.ok(Math.abs(atLocal(MONDAY, 0) - MONDAY * DAY_MS) < DAY_MS)
  }
})

test.run()
