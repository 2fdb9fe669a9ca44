import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { layOut } from '../../controller/simulator/day.ts'
import { happenedBetween } from '../../controller/simulator/happened.ts'
import { atLocal, workingDayAt } from '../../controller/simulator/local-day.ts'
import { roomsOf } from '../../controller/simulator/room.ts'
import { type RoomNow, roomNow } from '../../controller/simulator/room-now.ts'
import { Alarm, alarmIdOf } from '../../controller/wire/fleet/alarm.ts'
import { FLEET_EVENTS } from '../../controller/wire/fleet/fleet-event.ts'

const MONDAY = workingDayAt(Date.UTC(2026, 10, 23, 9))
const same = (ms: number): number => ms

/** Every look that a recorder has at its room on that day. */
const looks = (room: ReturnType<typeof roomsOf>[number]): RoomNow[] => {
  const day = layOut(room, MONDAY)
  return day.turns.map((turn) => roomNow(room, day, turn)).filter(({ power }) => power === 'on')
}

test('alarms are raised once and cleared once, and those that are left are what is wrong', () => {
  for (const room of roomsOf(11, 80)) {
    const active = new Set<string>()
    let before: RoomNow | null = null
    for (const after of looks(room)) {
      for (const { kind, alarm } of happenedBetween(before, after, same)) {
        assert.ok(kind in FLEET_EVENTS)
        if (!alarm) continue
        assert.is(active.has(alarm.id), alarm.raised === null, `${kind} ${alarm.id}`)
        if (alarm.raised) Alarm.parse({ ...alarm.raised, seq: 1 })
        if (alarm.raised) active.add(alarm.id)
        else active.delete(alarm.id)
      }
      assert.equal([...active].toSorted(), after.wrong.map(({ reason }) => alarmIdOf(reason)).toSorted())
      before = after
    }
  }
})

test('hearings open and close in turn', () => {
  for (const room of roomsOf(12, 80)) {
    let open = 0
    let before: RoomNow | null = null
    for (const after of looks(room)) {
      for (const { kind } of happenedBetween(before, after, same)) {
        if (kind === 'hearing-opened') open++
        if (kind === 'hearing-closed') open--
        assert.ok(open === 0 || open === 1, kind)
      }
      before = after
    }
  }
})

test('nothing happened between two looks at the same moment', () => {
  for (const room of roomsOf(13, 40))
    for (const now of looks(room)) assert.equal(happenedBetween(now, { ...now }, same), [])
})

test('a machine that starts says so, and goes on with a hearing that it was torn out of', () => {
  const [room] = roomsOf(1, 1)
  const before = roomNow(room!, layOut(room!, MONDAY), atLocal(MONDAY, 10))
  const torn = { ...before, hearing: 'recording' as const }
  const after = { ...torn, bootedMs: before.bootedMs + 1 }
  assert.equal(
    happenedBetween(torn, after, same).map(({ kind }) => kind),
    ['recorder-started', 'went-on-record'],
  )
})

test.run()
