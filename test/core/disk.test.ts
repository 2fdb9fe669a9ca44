import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { findingsOf, LOST_EXAM_MS, p95, verdictOnDisk } from '../../controller/core/disk.ts'
import type { DiskFacts, UnreadCode } from '../../controller/core/disk-facts.ts'
import { DISK_TROUBLES, type DiskCode, type DiskVerdict } from '../../controller/core/disk-table.ts'
import type { EventName } from '../../controller/core/event.ts'
import { healthOf, verdictIn } from '../../controller/core/health.ts'
import type { Plan } from '../../controller/core/state.ts'
import { statusOf } from '../../controller/core/status.ts'
import { Status } from '../../controller/wire/clerk.ts'
import { examOf, unreadExam } from './disk-exam.ts'
import { hours, Room, readyRoom, recordingRoom } from './room.ts'
import { DISK_STATES, roomWithDisk, samplesOf } from './samples.ts'

/** Writes that fail take the disk away whatever its verdict. */
const LOST: Record<string, [DiskVerdict, number]> = {
  'store-left': ['failed', 0],
  'store-probed bad': ['failed', 0],
  'journal-failed': ['failed', 0],
}

/** Where a verdict goes, and how many lines of the journal tell of the disk; whatever is not here changes neither. */
const CHANGES: Record<DiskVerdict, Record<string, [DiskVerdict, number]>> = {
  good: { ...LOST, 'store-late': ['watch', 0], 'disk-examined': ['replace-soon', 1] },
  watch: { ...LOST, 'disk-examined': ['replace-soon', 2] },
  'replace-soon': { ...LOST, 'disk-examined': ['replace-soon', 2] },
  failing: { ...LOST, 'disk-examined': ['replace-soon', 2] },
  failed: { 'disk-examined': ['failed', 1] },
}

test('every verdict times every event: only what concerns the disk changes it', () => {
  for (const is of DISK_STATES)
    for (const [event, variants] of Object.entries(samplesOf(roomWithDisk(is))))
      for (const variant of Object.keys(variants)) {
        const room = roomWithDisk(is)
        const name = `${event} ${variant}`.trim()
        room.atMs += 250
        room.tell(samplesOf(room)[event as EventName][variant]!)
        const [verdict, lines] = CHANGES[is][name] ?? [is, 0]
        assert.equal(
          [verdictOnDisk(room.state, 'mirror'), room.journalled('disk').length],
          [verdict, lines],
          `${is} + ${name}`,
        )
        if (!CHANGES[is][name]) assert.equal(room.done('leave-store'), [], `${is} + ${name}`)
      }
})

const codes = (room: Room, store = 'mirror'): DiskCode[] => findingsOf(room.state, store).map(({ code }) => code)
const examined = (room: Room, facts: Partial<DiskFacts>, store = 'mirror', device = '/dev/sdb'): void =>
  void room.tell({ is: 'disk-examined', store, exam: examOf(facts, device) })

/** What a disk says of itself, and what is found: on both sides of every limit. */
const FACTS: [Partial<DiskFacts>, DiskCode[]][] = [
  [{}, []],
  [{ passed: null }, []],
  [{ passed: false }, ['DISK_SAYS_FAILING']],
  [{ failingNow: ['Reallocated_Sector_Ct'] }, ['DISK_SAYS_FAILING']],
  [{ sparePercent: 10 }, ['DISK_SPARE_GONE']],
  [{ sparePercent: 11 }, ['DISK_SPARE_LOW']],
  [{ sparePercent: 20 }, ['DISK_SPARE_LOW']],
  [{ sparePercent: 21 }, []],
  [{ sparePercent: null }, []],
  [{ pending: 1 }, ['DISK_SECTORS_LOST']],
  [{ uncorrected: 1 }, ['DISK_SECTORS_LOST']],
  [{ reallocated: 1 }, ['DISK_SECTORS_MOVING']],
  [{ reallocated: 49 }, ['DISK_SECTORS_MOVING']],
  [{ reallocated: 50 }, ['DISK_SECTORS_MOVED']],
  [{ wornPercent: 79 }, []],
  [{ wornPercent: 80 }, ['DISK_WEARING']],
  [{ wornPercent: 95 }, ['DISK_WORN']],
  [{ wornPercent: 130 }, ['DISK_WORN']],
  [{ hours: 49_999 }, []],
  [{ hours: 50_000 }, ['DISK_OLD']],
  [{ temperatureC: 69 }, []],
  [{ temperatureC: 70 }, ['DISK_HOT']],
  [{ temperatureC: 55, kind: 'hdd' }, ['DISK_HOT']],
  [{ temperatureC: 74, kind: 'nvme' }, []],
  [{ pending: 2, wornPercent: 99, temperatureC: 80 }, ['DISK_SECTORS_LOST', 'DISK_WORN', 'DISK_HOT']],
]

test('what a disk says of itself: each limit, from both sides', () => {
  for (const [facts, expected] of FACTS) {
    const room = readyRoom()
    examined(room, facts)
    assert.equal(codes(room), expected, JSON.stringify(facts))
    for (const { why } of findingsOf(room.state, 'mirror')) {
      assert.match(why.clerk, /^Disk "mirror" /)
      assert.match(why.engineer, '/dev/sdb Model S1')
    }
  }
})

test('a disk that cannot be asked: told of when somebody can mend it, and not when it is its nature', () => {
  const told = (code: UnreadCode) => {
    const room = readyRoom()
    room.tell({ is: 'disk-examined', store: 'mirror', exam: unreadExam(code) })
    assert.ok(statusOf(room.state, room.atMs).stores[1]!.disk.devices[0]!.why, 'the status says so in any case')
    return codes(room).length > 0
  }
  for (const code of ['NO_DEVICE', 'UNSUPPORTED'] as const) assert.not(told(code), code)
  for (const code of ['NO_SMARTCTL', 'NO_PERMISSION', 'DEVICE_GONE', 'HANGS', 'RUBBISH'] as const)
    assert.ok(told(code), code)
})

test('a failing disk is a trouble, and stays in the recording', () => {
  const room = recordingRoom()
  room.forget()
  examined(room, { passed: false, pending: 900, wornPercent: 200 })
  assert.is(verdictOnDisk(room.state, 'mirror'), 'failing')
  const health = healthOf(room.state)
  assert.is(verdictIn(health, 'disk'), 'degraded')
  assert.is(health.reasons[0]?.code, 'DISK_SAYS_FAILING')
  assert.equal([room.done('leave-store'), room.done('leave-journal')], [[], []])
  assert.equal([room.state.stores.mirror?.is, room.lamp], ['good', 'steady'])
})

test('what begins and ends is journalled once, and what was wrong before stands in the next hearing', () => {
  const room = recordingRoom()
  room.forget()
  const lines = () => room.journalled('disk').map(({ what, state, verdict }) => `${what} ${state} ${verdict}`)
  for (let i = 0; i < 3; i++) examined(room, { pending: 4 })
  examined(room, { pending: 4, temperatureC: 90 })
  assert.equal(lines(), ['DISK_SECTORS_LOST begun replace-soon', 'DISK_HOT begun replace-soon'])
  room.forget()
  examined(room, { temperatureC: 90 })
  assert.equal(lines(), ['DISK_SECTORS_LOST ended watch'])
  room.press('stop')
  room.closeAll()
  room.forget().press('rec')
  assert.equal(lines(), ['DISK_HOT begun watch'])
})

test('new transfer errors tell of the cable, old ones do not', () => {
  const room = readyRoom()
  examined(room, { cableErrors: 700 })
  assert.equal(codes(room), [])
  examined(room, { cableErrors: 701 })
  assert.equal(codes(room), ['DISK_CABLE'])
  examined(room, { cableErrors: 5_000, serial: 'another disk' })
  assert.equal(codes(room), [])
})

test('two stores on one disk are told of, once', () => {
  const room = readyRoom()
  examined(room, {}, 'main', '/dev/sda')
  examined(room, {}, 'mirror', '/dev/sda')
  assert.equal([codes(room, 'main'), codes(room)], [[], ['DISK_SHARED']])
  examined(room, {}, 'mirror', '/dev/sdb')
  assert.equal(codes(room), [])
})

test('another disk than the configuration names', () => {
  const room = readyRoom()
  room.tell({ is: 'disk-examined', store: 'mirror', exam: { ...examOf({}), otherThanNamed: '/dev/x is gone' } })
  assert.equal(codes(room), ['DISK_OTHER'])
})

test('p95 is what 95 of 100 do not exceed', () => {
  assert.is(p95([]), 0)
  assert.is(p95([7]), 7)
  assert.is(p95([...Array(100).keys()].map((i) => i + 1)), 95)
  assert.is(p95([1_000, ...Array(19).fill(1)]), 1)
  assert.is(p95([1_000, 1_000, ...Array(18).fill(1)]), 1_000)
})

/** So many good probes, each taking so long. */
const probes = (room: Room, count: number, tookMs: number, freeBytes = hours(10)): void => {
  for (let i = 0; i < count; i++)
    room.tell({
      is: 'store-probed',
      store: 'mirror',
      ok: true,
      freeBytes,
      tookMs,
      code: '',
      reason: { clerk: 'a', engineer: 'b' },
    })
}

test('a disk becomes slow when 95 of 100 probes say so, and quick again at half of that', () => {
  const room = readyRoom()
  probes(room, 20, 900)
  assert.equal(codes(room), [], 'too few to tell')
  probes(room, 30, 900)
  assert.equal(codes(room), ['DISK_SLOW'])
  assert.match(findingsOf(room.state, 'mirror')[0]!.why.engineer, 'up to 900 ms, limit 500 ms')
  probes(room, 150, 300)
  assert.equal(codes(room), ['DISK_SLOW'], 'not yet quick')
  probes(room, 150, 100)
  assert.equal(codes(room), [])
  probes(room, 7, 5_000)
  assert.equal(codes(room), [], 'seven of 150 are not more than five of 100')
  probes(room, 2, 5_000)
  assert.equal(codes(room), ['DISK_SLOW'])
  assert.is(verdictOnDisk(room.state, 'mirror'), 'watch')
})

test('a disk that holds less than a hearing is told of; when none holds one, no hearing can begin', () => {
  const room = readyRoom()
  probes(room, 1, 2, hours(3.9))
  assert.equal(codes(room), ['DISK_FILLING'])
  assert.is(healthOf(room.state).verdict, 'watch')
  probes(room, 1, 2, hours(4.2))
  assert.equal(codes(room), ['DISK_FILLING'], 'it does not come and go')
  probes(room, 1, 2, hours(4.5))
  assert.equal(codes(room), [])
  probes(room, 1, 2, hours(3))
  room.probe('main', true, hours(2))
  const { verdict, reasons } = healthOf(room.state)
  assert.equal([verdict, reasons[0]?.code], ['failed', 'NO_ROOM'])
})

test('every disk is looked at at the start, one at a time, and again after a while', () => {
  const room = new Room({ examineEveryMs: 60_000 })
  room.start()
  const asked = () => room.done('examine-disk').map(({ store }) => store)
  room.pass(2_000)
  assert.equal(asked(), ['main'], 'the second waits for the first')
  examined(room, {}, 'main', '/dev/sda')
  room.pass(2_000)
  assert.equal(asked(), ['main', 'mirror'])
  examined(room, {})
  room.pass(50_000)
  assert.is(asked().length, 2)
  room.pass(10_000)
  assert.equal(asked(), ['main', 'mirror', 'main'])
})

test('an answer that never comes keeps nobody waiting for ever, and 0 minutes is never', () => {
  const room = new Room({ examineEveryMs: 600_000 })
  room.start()
  room.pass(1_000)
  room.pass(LOST_EXAM_MS)
  assert.is(room.done('examine-disk').length, 2)
  const never = readyRoom()
  never.pass(10_000)
  assert.equal(never.done('examine-disk'), [])
})

test('a failed disk is not asked; when it comes back it is looked at anew', () => {
  const room = recordingRoom(2_000, { examineEveryMs: 600_000 })
  examined(room, {}, 'main', '/dev/sda')
  examined(room, { pending: 9 })
  room.probe('mirror', false)
  room.forget().pass(2_000, { deadStores: ['mirror'] })
  assert.equal(room.done('examine-disk'), [])
  for (let i = 0; i < 3; i++) room.probe('mirror')
  assert.equal(codes(room), [], 'it may be another disk')
  room.pass(1_000)
  assert.equal(
    room.done('examine-disk').map(({ store }) => store),
    ['mirror'],
  )
})

// -- the bay's fault line ---------------------------------------------------------------------------------------------

const line = (room: Room, bay: 1 | 2, active: boolean): void =>
  void room.tell({ is: 'line-changed', line: `disk-bay-${bay}-fault`, active })

const boardRoom = (plan: Partial<Plan> = {}): Room => {
  const room = recordingRoom(2_000, plan)
  room.tell({ is: 'board-found', board: 'test' })
  return room.forget()
}

test('a bay that reports a fault is left at once by journal and workers; the other disk goes on', () => {
  const room = boardRoom()
  line(room, 2, true)
  assert.is(room.state.stores.mirror!.is, 'failed')
  assert.is(room.done('leave-store').length, 2)
  assert.is(room.done('leave-journal').length, 1)
  assert.match(room.journalled('store')[0]!.reason.clerk, 'taken out')
  assert.equal([verdictOnDisk(room.state, 'mirror'), room.lamp], ['failed', 'blinking'])
  room.forget()
  line(room, 2, true)
  assert.equal(room.commands, [], 'told again, nothing more happens')
})

test('while the line is active good probes do not bring the disk back; when it is clear three do', () => {
  const room = boardRoom()
  line(room, 2, true)
  for (let i = 0; i < 5; i++) room.probe('mirror')
  assert.is(room.state.stores.mirror!.is, 'failed')
  room.forget()
  line(room, 2, false)
  for (let i = 0; i < 2; i++) room.probe('mirror')
  assert.is(room.state.stores.mirror!.is, 'failed', 'those before do not count')
  room.probe('mirror')
  assert.is(room.state.stores.mirror!.is, 'rebuilding')
  assert.is(room.done('rebuild-store').length, 1)
  assert.is(room.done('join-store').length, 2)
})

test('the last good disk is not left for its bay; it is as soon as the other is good again', () => {
  const room = boardRoom()
  room.probe('mirror', false)
  room.forget()
  line(room, 1, true)
  assert.is(room.state.stores.main!.is, 'good')
  assert.equal(room.done('leave-store'), [])
  assert.is(verdictOnDisk(room.state, 'main'), 'failing')
  for (let i = 0; i < 3; i++) room.probe('mirror')
  assert.is(room.state.stores.main!.is, 'good', 'the other is being completed from it')
  room.rebuilt('mirror')
  room.pass(1_000)
  assert.is(room.state.stores.main!.is, 'failed')
})

test('both bays at once: one disk goes on', () => {
  const room = boardRoom()
  line(room, 1, true)
  line(room, 2, true)
  assert.equal([room.state.stores.main!.is, room.state.stores.mirror!.is], ['failed', 'good'])
  // The one that goes on fails: a disk in a doubtful bay is better than none.
  room.probe('mirror', false)
  for (let i = 0; i < 3; i++) room.probe('main')
  assert.is(room.state.stores.main!.is, 'good')
})

test('a bay without a store concerns nobody', () => {
  const room = boardRoom({ bays: {} })
  line(room, 2, true)
  assert.equal(room.done('leave-store'), [])
  assert.is(room.state.stores.mirror!.is, 'good')
})

test('the status fits its schema with whatever a disk says', () => {
  const room = readyRoom()
  examined(room, { wornPercent: 12 })
  probes(room, 40, 3.14)
  const { disk } = Status.parse(statusOf(room.state, room.atMs)).stores[1]!
  assert.equal([disk.verdict, disk.writeP95Ms, disk.devices[0]?.wornPercent], ['good', 3.1, 12])
  for (const [code, { toDo }] of Object.entries(DISK_TROUBLES)) assert.match(toDo, /^[A-Z].*\.$/, code)
})

test.run()
