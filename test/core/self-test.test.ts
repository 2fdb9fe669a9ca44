import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { DAY_MS, HOUR_MS } from '../../controller/base/units.ts'
import { CALM_MS } from '../../controller/core/scrub.ts'
import { LOST_TEST_MS, nextDaily, WAIT_FOR_SOURCES_MS } from '../../controller/core/self-test.ts'
import { statusOf } from '../../controller/core/status.ts'
import { examOf } from './disk-exam.ts'
import { Room as EmptyRoom, type Room, readyRoom, START_UTC, WHY } from './room.ts'

const FOUND = [{ what: 'camera judge', ok: true, detail: '4 s' }]
const started = (room: Room): number => room.done('self-test').length
const ended = (room: Room, trial = room.state.trial.number): void =>
  void room.tell({ is: 'self-tested', trial, results: FOUND })
const asked = (room: Room): string[] => {
  room.tell({ is: 'self-test-asked', request: 3 })
  return room.done('answer').map(({ code }) => code)
}

/** Started, with every source and store ready; nothing is forgotten. */
const startedRoom = (plan: object = {}): Room => {
  const room = new EmptyRoom({ trialAtStart: true, ...plan })
  room.start()
  room.tick()
  for (const store of ['main', 'mirror']) room.probe(store)
  room.completed()
  return room
}

test('the time of day comes next today or tomorrow', () => {
  const midnight = Math.floor(START_UTC / DAY_MS) * DAY_MS
  assert.is(nextDaily(midnight + HOUR_MS, 2 * HOUR_MS), midnight + 2 * HOUR_MS)
  assert.is(nextDaily(midnight + 2 * HOUR_MS, 2 * HOUR_MS), midnight + DAY_MS + 2 * HOUR_MS)
  assert.is(nextDaily(midnight + 3 * HOUR_MS, 2 * HOUR_MS), midnight + DAY_MS + 2 * HOUR_MS)
})

test('after the start it waits for the sources, and names those that are live and the stores that work', () => {
  const room = startedRoom()
  room.pass(5_000)
  assert.is(started(room), 0)
  for (const source of ['judge', 'mics']) room.arm(source)
  room.tick()
  assert.equal(room.done('self-test')[0], {
    ...{ do: 'self-test', trial: 1, stores: ['main', 'mirror'] },
    sources: [
      { source: 'judge', run: 1 },
      { source: 'mics', run: 1 },
    ],
    reason: room.done('self-test')[0]!.reason,
  })
  room.pass(5_000)
  assert.is(started(room), 1, 'one at a time')
})

test('a source that does not come is not waited for for ever', () => {
  const room = startedRoom()
  room.arm('mics')
  room.pass(WAIT_FOR_SOURCES_MS + 1_000)
  assert.equal(room.done('self-test')[0]?.sources, [{ source: 'mics', run: 1 }])
})

test('its end is told in the status with the verdict on each disk; the next one comes a day later', () => {
  const room = startedRoom({ panels: [] })
  for (const source of ['judge', 'mics']) room.arm(source)
  room.tick()
  room.tell({ is: 'disk-examined', store: 'mirror', exam: examOf({ passed: false }) })
  assert.is(statusOf(room.state, room.atMs).selfTesting, true)
  ended(room)
  const { selfTesting, selfTestedUtc, selfTest } = statusOf(room.state, room.atMs)
  assert.equal([selfTesting, selfTestedUtc !== null], [false, true])
  assert.equal(
    selfTest.map(({ what, ok }) => `${what} ${ok}`),
    ['camera judge true', 'disk main true', 'disk mirror false'],
  )
  room.pass(60_000)
  assert.is(started(room), 1)
  room.atMs += DAY_MS
  room.pass(1_000)
  room.pass(WAIT_FOR_SOURCES_MS + 1_000)
  assert.is(started(room), 2)
})

test('REC ends it at once, its late end counts nothing, and it is done again in the calm after the hearing', () => {
  const room = readyRoom({ trialAtStart: true })
  room.tick()
  assert.is(started(room), 1)
  room.forget().press('rec')
  assert.equal(
    room.commands.filter((one) => one.do === 'stop-self-test' || one.do === 'open-gate').map((one) => one.do),
    ['open-gate', 'open-gate', 'stop-self-test'],
  )
  ended(room, 1)
  assert.is(room.state.trial.testedUtcMs, null)
  assert.is(room.state.selfTest, null)
  room.pass(5_000)
  room.press('stop')
  room.closeAll()
  room.pass(CALM_MS - 2_000)
  assert.is(started(room), 0)
  room.pass(4_000)
  assert.is(started(room), 1)
})

test('asked for: at once when no hearing is open, refused in a hearing, joined while one runs', () => {
  const room = readyRoom()
  assert.equal([asked(room), started(room)], [['TESTING'], 1])
  room.forget()
  assert.equal([asked(room), started(room)], [['TESTING'], 0])
  ended(room)
  room.press('rec')
  room.forget()
  assert.equal([asked(room), started(room)], [['HEARING_OPEN'], 0])
  room.press('off')
  room.forget()
  assert.equal(asked(room), ['HEARING_OPEN'], 'off the record nothing is recorded either')
})

test('panels: found, lost and stuck', () => {
  const room = readyRoom({ panels: ['clerk', 'judge', 'second'].map((name) => ({ name, role: 'clerk' as const })) })
  const news = { is: 'panel-changed', to: 'found', lostPresses: 0, reason: WHY } as const
  const panel = { is: 'unknown' } as const
  room.state = { ...room.state, panels: { clerk: panel, judge: panel, second: panel } }
  room.tell({ ...news, panel: 'clerk', stuck: [] })
  room.tell({ ...news, panel: 'judge', stuck: ['mark'] })
  asked(room)
  ended(room)
  assert.equal(
    room.state
      .selfTest!.filter(({ what }) => what.startsWith('panel'))
      .map(({ what, ok, detail }) => `${what} ${ok} ${detail}`),
    [
      'panel clerk true clerk, found; each lamp was lit in turn',
      'panel judge false stuck: mark',
      'panel second false it has not spoken yet',
    ],
  )
})

test('the end of the recorder ends it; one whose end is never told stands in nobody’s way', () => {
  const room = readyRoom()
  asked(room)
  room.tell({ is: 'shutdown-asked', reason: { clerk: 'off', engineer: 'SIGINT' } })
  assert.is(room.done('stop-self-test').length, 1)
  const lost = readyRoom()
  asked(lost)
  lost.pass(LOST_TEST_MS + 1_000)
  assert.is(lost.state.trial.sinceMs, null)
})

test.run()
