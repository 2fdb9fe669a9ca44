/** The power machine: every state times everything that may be heard; then what it means for a room (R29). */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { boardOutputsOf } from '../../controller/core/board-outputs.ts'
import type { UpsReading } from '../../controller/core/event.ts'
import { FLICKER_MS, type Heard, LOW_MS, stepSupply } from '../../controller/core/power.ts'
import type { Plan, Supply } from '../../controller/core/state.ts'
import { statusOf } from '../../controller/core/status.ts'
import type { BoardInput } from '../../controller/wire/board.ts'
import { openHearing, PLAN, Room, readyRoom, recordingRoom, WHY } from './room.ts'

/** Its mains went, and its battery became low, at 0; looked at before and after the limits of the machine. */
const STATES: Record<string, [Supply, atMs: number]> = {
  mains: [{ is: 'mains' }, 1],
  'flickering, just now': [{ is: 'flickering', sinceMs: 0 }, FLICKER_MS - 1],
  'flickering, for too long': [{ is: 'flickering', sinceMs: 0 }, FLICKER_MS],
  'on-battery': [{ is: 'on-battery', sinceMs: 0 }, 5_000],
  'battery-low, just now': [{ is: 'battery-low', sinceMs: 0, lowMs: 0 }, LOW_MS - 1],
  'battery-low, for long': [{ is: 'battery-low', sinceMs: 0, lowMs: 0 }, LOW_MS],
  ending: [{ is: 'ending', sinceMs: 0, isBack: false }, 9_000],
  'ending, mains back': [{ is: 'ending', sinceMs: 0, isBack: true }, 9_000],
}

/** What is heard: of the mains, of the battery, and whether the recorder may end itself. Columns of the table. */
const HEARD: Record<string, Heard> = {
  'good fine': { mains: true, isLow: false, mayEnd: true },
  'good low': { mains: true, isLow: true, mayEnd: true },
  'gone fine': { mains: false, isLow: false, mayEnd: true },
  'gone low': { mains: false, isLow: true, mayEnd: true },
  'gone low, may not end': { mains: false, isLow: true, mayEnd: false },
  'unknown fine': { mains: null, isLow: false, mayEnd: true },
  'unknown low': { mains: null, isLow: true, mayEnd: true },
}

const TABLE: Record<string, readonly string[]> = {
  //                           good fine, good low, gone fine, gone low, gone low (not), unknown fine, unknown low
  mains: ['mains', 'mains', 'flickering', 'flickering', 'flickering', 'mains', 'mains'],
  'flickering, just now': ['mains', 'mains', ...Array(5).fill('flickering')],
  'flickering, for too long': ['mains', 'mains', ...Array(5).fill('on-battery')],
  'on-battery': ['mains', 'mains', 'on-battery', 'battery-low', 'battery-low', 'on-battery', 'battery-low'],
  'battery-low, just now': ['mains', 'mains', 'on-battery', 'battery-low', 'battery-low', 'on-battery', 'battery-low'],
  'battery-low, for long': ['mains', 'mains', 'on-battery', 'ending', 'battery-low', 'on-battery', 'ending'],
  ending: ['ending back', 'ending back', ...Array(5).fill('ending')],
  'ending, mains back': ['ending back', 'ending back', 'ending', 'ending', 'ending', 'ending back', 'ending back'],
}

const shown = (supply: Supply): string => (supply.is === 'ending' && supply.isBack ? 'ending back' : supply.is)

for (const [state, [supply, atMs]] of Object.entries(STATES))
  test(`${state}: every row of the table`, () => {
    const becomes = Object.values(HEARD).map((heard) => stepSupply(supply, heard, atMs))
    assert.equal(becomes.map(shown), TABLE[state])
    for (const next of becomes) {
      assert.ok(next.is !== supply.is || shown(next) !== shown(supply) || next === supply, 'what stays is the same')
      if (supply.is !== 'mains' && next.is !== 'mains') assert.is(next.sinceMs, 0, 'since the mains went')
    }
  })

const line = (room: Room, name: BoardInput, active: boolean) => room.tell({ is: 'line-changed', line: name, active })

/** A board, and mains. */
const withBoard = (room: Room): Room => {
  room.tell({ is: 'board-found', board: 'test' })
  line(room, 'mains-good', true)
  line(room, 'battery-low', false)
  return room
}

const recording = (plan: Partial<Plan> = {}): Room => withBoard(recordingRoom(2_000, plan)).forget()

const codes = (room: Room): string[] => statusOf(room.state, room.atMs).health.reasons.map(({ code }) => code)
const told = (room: Room): string[] => room.journalled('power').map(({ to }) => to)

/** Passes until the hearing waits for its workers, and closes them all; the commands at the very end. */
const endOf = (room: Room): string[] => {
  room.closeAll()
  room.forget()
  for (const source of ['judge', 'mics']) room.exit(source)
  return room.commands.map((one) => one.do).filter((name) => name === 'exit' || name === 'power-off')
}

test('a second without mains does nothing but stand in the journal', () => {
  const room = recording()
  line(room, 'mains-good', false)
  room.pass(1_000)
  line(room, 'mains-good', true)
  assert.equal(told(room), ['flicker'])
  assert.match(room.journalled('power')[0]!.reason.engineer, 'at longest 1000 ms')
  assert.equal(codes(room), [])
  assert.is(room.state.hearing.is, 'recording')
  assert.is(room.lamp, 'steady')
})

test('flickers that follow each other are added up: no journal is flooded', () => {
  const room = recording()
  for (let i = 0; i < 100; i++) {
    line(room, 'mains-good', false)
    room.pass(500)
    line(room, 'mains-good', true)
    room.pass(500)
  }
  const lines = room.journalled('power')
  assert.ok(lines.length >= 10 && lines.length <= 12, `${lines.length} lines`)
  const counted = lines.map(({ reason }) => Number(/^\d+/.exec(reason.engineer)![0]))
  assert.ok(counted.reduce((sum, one) => sum + one, 0) >= 90, `${counted}`)
})

test('mains lost: told within 2 s, journalled, forecast, buzzer; mains back ends all of it', () => {
  const room = recording()
  line(room, 'mains-good', false)
  room.pass(1_500)
  assert.equal(codes(room), ['ON_BATTERY'])
  assert.match(statusOf(room.state, room.atMs).health.reasons[0]!.clerk, 'lasts about 20 minutes more')
  room.pass(600_000)
  assert.match(statusOf(room.state, room.atMs).health.reasons[0]!.clerk, 'lasts about 10 minutes more')
  assert.is(room.state.hearing.is, 'recording')
  assert.is(room.lamp, 'steady', 'what is on disk is on disk')
  line(room, 'mains-good', true)
  assert.equal(told(room), ['on-battery', 'mains'])
  assert.match(room.journalled('power')[1]!.reason.clerk, 'back after 10 minutes')
  assert.equal(codes(room), [])
})

test('the buzzer sounds on battery, without pause when it is low, and never on mains', () => {
  const room = recording()
  const share = (ms: number): number => {
    let on = 0
    for (let passed = 0; passed < ms; passed += 100) {
      if (boardOutputsOf(room.state, room.atMs + passed).buzzer) on++
    }
    return on / (ms / 100)
  }
  assert.is(share(60_000), 0)
  line(room, 'mains-good', false)
  room.pass(1_500)
  assert.ok(share(2_500) > 0.2, 'at once')
  assert.ok(share(60_000) < 0.06, 'then seldom: a hearing goes on')
  line(room, 'battery-low', true)
  room.tick()
  assert.is(share(60_000), 0.5)
})

test('the watchdog is kicked by ticks that were judged, and by nothing else', () => {
  const room = readyRoom()
  const kick = () => boardOutputsOf(room.state, room.atMs)['watchdog-kick']
  let changes = 0
  for (let i = 0; i < 20; i++) {
    const before = kick()
    room.tick()
    if (kick() !== before) changes++
  }
  assert.is(changes, 10)
  const before = kick()
  room.atMs += 60_000
  assert.is(kick(), before, 'time alone does not kick it')
})

test('cameras are switched off on battery when the court has set so', () => {
  const keep = recording()
  const drop = recording({ power: { ...PLAN.power, camerasOnBattery: false } })
  for (const room of [keep, drop]) {
    assert.is(boardOutputsOf(room.state, room.atMs)['camera-power'], true)
    line(room, 'mains-good', false)
    room.pass(1_500)
  }
  assert.is(boardOutputsOf(keep.state, keep.atMs)['camera-power'], true)
  assert.is(boardOutputsOf(drop.state, drop.atMs)['camera-power'], false)
})

test('battery low: the hearing is closed in order, then the machine is switched off', () => {
  const room = recording()
  line(room, 'mains-good', false)
  room.pass(2_000)
  line(room, 'battery-low', true)
  room.pass(1_500)
  assert.equal(codes(room), ['BATTERY_LOW'])
  assert.is(room.state.hearing.is, 'recording', 'a battery that sags for a moment ends nothing')
  room.pass(1_500)
  assert.is(room.state.hearing.is, 'closing')
  assert.equal(told(room), ['on-battery', 'battery-low', 'ending'])
  assert.match(room.journalled('state').at(-1)!.reason.clerk, 'battery is low')
  const [, answer] = room.press('rec', { case: '9' })
  assert.is(answer?.do === 'answer' && answer.accepted, false)
  assert.equal(endOf(room), ['power-off'])
  assert.is(room.state.hearing.is, 'closed')
})

test('battery low, and the hearing is to go on later: it stays open, every worker ends, the machine is switched off', () => {
  const room = recording({ power: { ...PLAN.power, keepsHearing: true } })
  line(room, 'mains-good', false)
  room.pass(2_000)
  line(room, 'battery-low', true)
  room.pass(3_000)
  assert.is(room.state.hearing.is, 'recording')
  assert.equal(
    room.done('end-worker').map(({ source }) => source),
    ['judge', 'mics'],
  )
  const { reasons } = statusOf(room.state, room.atMs).health
  assert.match(reasons.find(({ code }) => code === 'BATTERY_LOW')!.clerk, 'interrupted in order')
  for (const source of ['judge', 'mics']) room.closed(source)
  room.forget()
  for (const source of ['judge', 'mics']) room.exit(source)
  assert.equal(room.journalled('state'), [])
  assert.equal(
    room.commands.slice(-2).map((one) => (one.do === 'journal' ? one.body.kind : one.do)),
    ['checkpoint', 'power-off'],
    'its last line is signed',
  )
})

test('STOP closes a hearing that was to be kept', () => {
  const room = recording({ power: { ...PLAN.power, keepsHearing: true } })
  line(room, 'mains-good', false)
  room.pass(2_000)
  line(room, 'battery-low', true)
  room.pass(3_000)
  room.press('stop')
  assert.is(room.state.hearing.is, 'closing')
  assert.equal(endOf(room), ['power-off'])
  assert.is(room.state.hearing.is, 'closed')
})

test('a battery that is low only for a moment ends nothing', () => {
  const room = recording()
  line(room, 'mains-good', false)
  room.pass(2_000)
  for (let i = 0; i < 5; i++) {
    line(room, 'battery-low', true)
    room.pass(1_000)
    line(room, 'battery-low', false)
    room.pass(1_000)
  }
  assert.is(room.state.hearing.is, 'recording')
})

test('mains that comes back while the recorder ends: it ends in order, and is started again', () => {
  const room = recording()
  line(room, 'mains-good', false)
  room.pass(2_000)
  line(room, 'battery-low', true)
  room.pass(3_000)
  line(room, 'mains-good', true)
  assert.is(room.state.hearing.is, 'closing')
  assert.match(statusOf(room.state, room.atMs).health.reasons[0]!.clerk, 'starts again')
  assert.equal(endOf(room), ['exit'])
})

test('out of a hearing a low battery switches off too', () => {
  const room = withBoard(readyRoom())
  line(room, 'mains-good', false)
  room.pass(2_000)
  line(room, 'battery-low', true)
  room.pass(3_000)
  assert.equal(endOf(room), ['power-off'])
})

test('lines wired the wrong way round from the start switch nothing off', () => {
  const room = readyRoom()
  room.tell({ is: 'board-found', board: 'test' })
  line(room, 'mains-good', false)
  line(room, 'battery-low', true)
  room.pass(600_000)
  assert.is(room.state.power.supply.is, 'battery-low')
  assert.is(room.state.shuttingDown, null)
  assert.equal(codes(room), ['BATTERY_LOW'])
})

test('a board that is lost on battery leaves the room on battery; the forecast ends it where no battery speaks', () => {
  const room = recording()
  line(room, 'mains-good', false)
  room.pass(2_000)
  room.tell({ is: 'board-lost', code: 'BOARD_LOST', reason: WHY })
  assert.equal(codes(room).sort(), ['BOARD_AWAY', 'ON_BATTERY'])
  room.pass(16 * 60_000)
  assert.is(room.state.hearing.is, 'recording')
  room.pass(2 * 60_000)
  assert.is(room.state.hearing.is, 'closing', '20 minutes of battery, 3 of reserve')
})

test('a board that is lost on mains is a trouble and stands in the journal, once', () => {
  const room = recording()
  for (let i = 0; i < 3; i++) room.tell({ is: 'board-lost', code: 'BOARD_LOST', reason: WHY })
  assert.equal(codes(room), ['BOARD_AWAY'])
  assert.is(room.lamp, 'steady')
  room.tell({ is: 'board-found', board: 'test' })
  assert.equal(
    room.journalled('watch').map(({ to }) => to),
    ['lost', 'found'],
  )
  assert.equal(codes(room), [])
})

test('case and temperature are troubles; disk bays are journalled', () => {
  const room = recording()
  line(room, 'case-open', true)
  line(room, 'over-temperature', true)
  line(room, 'disk-bay-2-fault', true)
  line(room, 'disk-bay-2-fault', true)
  assert.equal(
    codes(room)
      .filter((code) => !code.startsWith('DISK'))
      .sort(),
    ['CASE_OPEN', 'TOO_HOT'],
  )
  assert.equal(
    room.journalled('line').map((one) => [one.line, one.active]),
    [
      ['case-open', true],
      ['over-temperature', true],
      ['disk-bay-2-fault', true],
    ],
  )
})

test('what was wrong when a hearing began stands in its journal', () => {
  const room = withBoard(readyRoom())
  line(room, 'case-open', true)
  line(room, 'mains-good', false)
  room.pass(2_000)
  room.press('rec', { case: '9' })
  assert.equal(told(room), ['on-battery'])
  assert.equal(
    room.journalled('line').map((one) => one.line),
    ['case-open'],
  )
})

const reading = (more: Partial<UpsReading> = {}): UpsReading => ({
  ...{ isOnBattery: false, isLow: false, isWorn: false, chargePercent: 100, runtimeMs: 900_000 },
  ...more,
})
const ups = (room: Room, more: Partial<UpsReading> = {}) => room.tell({ is: 'ups-heard', reading: reading(more) })

test('a UPS alone does what the lines do, with its own forecast', () => {
  const room = recordingRoom().forget()
  ups(room)
  ups(room, { isOnBattery: true })
  room.pass(1_500)
  assert.equal(codes(room), ['ON_BATTERY'])
  assert.match(statusOf(room.state, room.atMs).health.reasons[0]!.clerk, 'about 15 minutes')
  ups(room, { isOnBattery: true, runtimeMs: 120_000 })
  room.pass(3_000)
  assert.is(room.state.hearing.is, 'closing', 'less than the reserve is left')
})

test('a UPS that says LB ends the hearing; one that asks for a battery is a trouble', () => {
  const room = recordingRoom().forget()
  ups(room, { isWorn: true })
  assert.equal(codes(room), ['BATTERY_WORN'])
  ups(room, { isOnBattery: true, isLow: true, runtimeMs: null })
  room.pass(4_000)
  assert.is(room.state.hearing.is, 'closing')
})

test('a UPS that is silent is a trouble, and nothing is made up from its last word', () => {
  const room = recordingRoom().forget()
  ups(room)
  room.tell({ is: 'ups-lost', code: 'NO_ANSWER', reason: WHY })
  room.pass(60_000)
  assert.equal(codes(room), ['UPS_AWAY'])
  assert.is(room.state.power.supply.is, 'mains')
})

test('board and UPS together: the worse news counts', () => {
  const room = recording()
  ups(room, { isOnBattery: true })
  room.pass(1_500)
  assert.is(room.state.power.supply.is, 'on-battery')
  ups(room)
  assert.is(room.state.power.supply.is, 'mains')
  line(room, 'battery-low', true)
  assert.equal(codes(room), ['BATTERY_EMPTY'])
})

test('power events of a room without board and UPS do nothing', () => {
  const room = readyRoom({ hasBoard: false, hasUps: false })
  room.tell({ is: 'board-found', board: 'test' })
  line(room, 'mains-good', false)
  ups(room, { isOnBattery: true, isLow: true })
  room.pass(60_000)
  assert.is(room.state.power.supply.is, 'mains')
  assert.equal(codes(room), [])
})

test('an interrupted hearing goes on when the power is back', () => {
  const room = new Room()
  room.start(openHearing({ sameBoot: false }))
  withBoard(room)
  room.tick()
  assert.is(room.state.hearing.is, 'recording')
})

test.run()
