import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { alarmRowOf } from '../../../controller/core/roster/alarm.ts'
import { usePerDay } from '../../../controller/core/roster/forecast.ts'
import { isOlder } from '../../../controller/core/roster/version.ts'
import { metricsText } from '../../../controller/hub/metrics-text.ts'
import { MOST_ALARMS_KEPT } from '../../../controller/wire/fleet/alarm.ts'
import { DEVICE, Fleet, inWords, START_UTC } from './fleet.ts'

const online = (options = {}) => {
  const fleet = new Fleet(options)
  fleet.presence('ready', 1)
  fleet.state()
  return fleet
}

test("a device's alarm is raised once, told once, changed, and cleared", () => {
  const fleet = online()
  assert.is(inWords(fleet.alarm('DISK_FAILED.a')), 'keep-alarm:DISK_FAILED.a raised:DISK_FAILED.a')
  assert.is(inWords(fleet.alarm('DISK_FAILED.a')), '')
  assert.is(inWords(fleet.alarm('DISK_FAILED.a', { severity: 'failed' })), 'keep-alarm:DISK_FAILED.a')
  assert.is(inWords(fleet.alarm('DISK_FAILED.a', { seq: 9 })), 'keep-alarm:DISK_FAILED.a raised:DISK_FAILED.a')
  assert.is(inWords(fleet.alarm('DISK_FAILED.a', null)), 'drop-alarm:DISK_FAILED.a cleared:DISK_FAILED.a')
  assert.is(inWords(fleet.alarm('DISK_FAILED.a', null)), '')
})

test('a device that thinks of ever new alarms is held to a number, and can still take them away', () => {
  const fleet = online()
  for (let n = 0; n < MOST_ALARMS_KEPT + 50; n++) fleet.alarm(`A-${n}`)
  assert.is(fleet.row().alarms, MOST_ALARMS_KEPT)
  assert.is(inWords(fleet.alarm('B')), '')
  fleet.alarm('A-0', null)
  assert.is(inWords(fleet.alarm('B')), 'keep-alarm:B raised:B')
})

test('nobody but the hub raises the alarms of the hub', () => {
  const fleet = online()
  assert.is(inWords(fleet.alarm('WITNESS_CONTRADICTED')), '')
  fleet.presence('lost', 1)
  fleet.alarm('DEVICE_LOST', null)
  assert.is(fleet.row().worst, 'DEVICE_LOST')
})

test('an alarm whose end got lost ends with the second state that does not name it', () => {
  const fleet = online()
  fleet.alarm('DISK_FAILED.a')
  fleet.state({ alarms: ['DISK_FAILED.a'] })
  assert.is(inWords(fleet.state()), '')
  fleet.state({ alarms: ['DISK_FAILED.a'] })
  fleet.state()
  assert.is(inWords(fleet.state()), 'drop-alarm:DISK_FAILED.a cleared:DISK_FAILED.a')
})

test('what nobody acknowledges is told again; what is acknowledged, silenced or a trifle is not', () => {
  const fleet = online()
  const judged = (
    id: string,
    order: { do: 'acknowledge'; note: string } | { do: 'silence'; minutes: number; note: string },
  ) => fleet.tell({ is: 'alarm-judged', device: DEVICE, id, order, by: 'aigerim' })
  for (const id of ['A', 'B', 'C']) fleet.alarm(id)
  fleet.alarm('D', { severity: 'watch' })
  judged('B', { do: 'acknowledge', note: 'on my way' })
  judged('C', { do: 'silence', minutes: 20, note: '' })
  fleet.state({ alarms: ['A', 'B', 'C', 'D'] })
  const escalatedAfter = (seconds: number) => {
    const told = []
    for (let i = 0; i < seconds; i += 30) {
      fleet.presence('ready', 1)
      fleet.state({ alarms: ['A', 'B', 'C', 'D'] })
      told.push(...fleet.wait(30))
    }
    return inWords(told)
      .split(' ')
      .filter((word) => word.startsWith('escalated'))
      .join(' ')
  }
  assert.is(escalatedAfter(14 * 60), '')
  assert.is(escalatedAfter(2 * 60), 'escalated:A')
  assert.is(escalatedAfter(3 * 60), '')
  // Its silence is over, and it is older than a quarter of an hour.
  assert.is(escalatedAfter(3 * 60), 'escalated:C')
  const row = alarmRowOf(fleet.room(), fleet.room().alarms.get('B')!)
  assert.equal(row.acknowledged, { by: 'aigerim', at: '2026-11-24T09:00:00.000Z', note: 'on my way' })
  assert.is(fleet.row().unacknowledged, 3)
})

/** Each case: what is told, and when the alarm stands. */
const quiet = (fleet: Fleet, minutes: number, state = {}) => {
  for (let i = 0; i < minutes * 2; i++) {
    fleet.wait(30)
    fleet.state(state)
  }
}

test('NOT_RECORDING: scheduled and nothing recorded, beyond the time that people may be late', () => {
  const fleet = online()
  fleet.docket([10, 60])
  quiet(fleet, 12)
  assert.equal([fleet.row().alarms, fleet.row().scheduled], [0, true])
  quiet(fleet, 2)
  assert.is(fleet.row().worst, 'NOT_RECORDING')
  assert.is(inWords(fleet.state({ hearing: 'recording', audible: true })).includes('drop-alarm:NOT_RECORDING'), true)
  // Ended early, in order: the judge may close a hearing when it is over.
  fleet.state({ hearing: 'closed' })
  quiet(fleet, 10)
  assert.is(fleet.row().alarms, 0)
})

test('NOT_RECORDING within a second where nobody may be late', () => {
  const fleet = online({ graceMinutes: 0 })
  fleet.docket([1, 60])
  fleet.wait(59)
  assert.is(fleet.row().alarms, 0)
  fleet.wait(1)
  assert.is(fleet.row().worst, 'NOT_RECORDING')
})

test('NOT_RECORDING of a room that is switched off; of a lost one it is known only that it is lost', () => {
  for (const [state, worst] of [
    ['disconnected', 'NOT_RECORDING'],
    ['lost', 'DEVICE_LOST'],
  ] as const) {
    const fleet = online({ graceMinutes: 0 })
    fleet.docket([1, 60])
    fleet.presence(state, 1)
    fleet.wait(70)
    assert.is(fleet.row().worst, worst)
  }
})

test('NOT_RECORDING goes with the end of the hearing, or with a docket that has none; optional hearings raise none', () => {
  const fleet = online({ graceMinutes: 0 })
  fleet.docket([0, 5])
  fleet.wait(1)
  assert.is(fleet.row().worst, 'NOT_RECORDING')
  quiet(fleet, 6)
  assert.is(fleet.row().alarms, 0)
  fleet.docket([0, 50])
  assert.is(fleet.row().worst, 'NOT_RECORDING')
  fleet.docket([0, 50, false])
  assert.equal([fleet.row().alarms, fleet.row().scheduled], [0, false])
})

test('the time of a docket is that of the courts, when the clock of the hub is wrong', () => {
  const fleet = online({ graceMinutes: 0 })
  const others = ['b', 'c', 'd'].map((letter) => `vb-${letter.repeat(16)}`)
  for (const device of others) {
    fleet.tell({ is: 'room-added', court: 'almaty', device, room: device, remembered: null })
    fleet.presence('ready', 1, { device })
  }
  fleet.docket([60, 120])
  fleet.utcMs += 3_600_000
  const right = () => {
    const at = new Date(fleet.utcMs - 3_600_000).toISOString()
    for (const device of [DEVICE, ...others]) fleet.state({ at }, false, device)
  }
  right()
  for (let i = 0; i < 4; i++) {
    fleet.wait(20)
    right()
  }
  assert.is(Math.round(fleet.roster.fleetClockMs / 1_000), -3_600)
  assert.equal([fleet.row().alarms, fleet.row().scheduled], [0, false])
})

test('coverage: seen on the record, or told later by its events', () => {
  const fleet = online()
  fleet.docket([0, 30], [40, 60], [70, 80], [90, 100])
  const kept = (commands: ReturnType<Fleet['state']>) =>
    commands.flatMap((one) =>
      one.do === 'keep-coverage' ? [[(one.startsUtcMs - START_UTC) / 60_000, one.audible]] : [],
    )
  assert.equal(kept(fleet.state({ hearing: 'recording', audible: false })), [[0, false]])
  assert.equal(kept(fleet.state({ hearing: 'recording', audible: true })), [[0, true]])
  assert.equal(kept(fleet.state({ hearing: 'recording', audible: false })), [])
  const told = (kind: string, minute: number) =>
    kept(fleet.tell({ is: 'event-kept', device: DEVICE, kind, timeUtcMs: START_UTC + minute * 60_000, data: {} }))
  assert.equal(told('hearing-opened', 35), [])
  assert.equal(told('hearing-closed', 75), [
    [40, false],
    [70, false],
  ])
  assert.equal(told('hearing-closed', 85), [])
})

test('ROOM_SILENT: it records and nobody is heard', () => {
  const fleet = online()
  const silent = { hearing: 'recording', audible: false } as const
  fleet.state(silent)
  fleet.wait(20)
  assert.is(fleet.row().alarms, 0)
  fleet.wait(11)
  assert.is(fleet.row().worst, 'ROOM_SILENT')
  fleet.state({ hearing: 'recording', audible: true })
  assert.is(fleet.row().alarms, 0)
})

test('CLOCK_OFF: away from the fleet in two states, or without a time server for ten minutes', () => {
  const fleet = online()
  const at = () => new Date(fleet.utcMs + 40_000).toISOString()
  fleet.state({ at: at() })
  fleet.wait(61)
  assert.is(fleet.row().alarms, 0)
  fleet.state({ at: at() })
  fleet.wait(61)
  assert.is(fleet.row().worst, 'CLOCK_OFF')
  fleet.state()
  fleet.wait(61)
  assert.is(fleet.row().alarms, 0)
  quiet(fleet, 9, { clockSynchronized: false })
  assert.is(fleet.row().alarms, 0)
  quiet(fleet, 3, { clockSynchronized: false })
  assert.is(fleet.row().worst, 'CLOCK_OFF')
})

test('DISK_FULL_SOON names the day, by what the last days used', () => {
  const day = Math.floor(START_UTC / 86_400_000)
  const hoursLeft = [40, 34, 28, 22].map((hours, i): [number, number] => [day - 4 + i, hours])
  const known = { seenUtcMs: START_UTC, version: '', certificateExpiresUtcMs: null, alarms: [], schedule: [] }
  const fleet = new Fleet({ remembered: { ...known, hoursLeft } })
  fleet.presence('ready', 1)
  assert.is(inWords(fleet.state({ hoursLeft: 16 })), 'keep-hours-left')
  assert.is(inWords(fleet.state({ hoursLeft: 15.5 })), '')
  fleet.wait(60)
  const [held] = fleet.room().alarms.values()
  assert.is(held?.id, 'DISK_FULL_SOON')
  assert.match(held!.alarm.detail, /^on 2026-11-26 /)
  fleet.state({ hoursLeft: 300 })
  fleet.wait(60)
  assert.is(fleet.row().alarms, 0)
})

test('use by the day is a straight line through what is known', () => {
  assert.is(usePerDay([]), null)
  assert.is(usePerDay([[1, 10]]), null)
  assert.is(
    usePerDay([
      [1, 10],
      [2, 8],
    ]),
    null,
  )
  assert.is(
    usePerDay([
      [1, 10],
      [2, 8],
      [3, 6],
    ]),
    2,
  )
  assert.is(
    usePerDay([
      [1, 10],
      [3, 10],
      [5, 10],
    ]),
    0,
  )
  assert.is(
    usePerDay([
      [1, 10],
      [2, 18],
      [3, 26],
    ]),
    0,
  )
})

test('CERTIFICATE_EXPIRES and FIRMWARE_BEHIND', () => {
  const fleet = online()
  fleet.birth({ certificateExpires: '2026-12-04T00:00:00.000Z' })
  fleet.wait(61)
  assert.is(fleet.row().worst, 'CERTIFICATE_EXPIRES')
  fleet.birth({ certificateExpires: '2027-11-24T00:00:00.000Z', version: '1.9.0' })
  for (const letter of 'bc') {
    const device = `vb-${letter.repeat(16)}`
    fleet.tell({ is: 'room-added', court: 'almaty', device, room: device, remembered: null })
    fleet.birth({ version: '1.10.0' }, device)
  }
  fleet.wait(121)
  assert.equal([fleet.row().worst, fleet.roster.commonVersion], ['FIRMWARE_BEHIND', '1.10.0'])
  fleet.birth({ certificateExpires: null, version: '1.10.1' })
  fleet.wait(61)
  assert.is(fleet.row().alarms, 0)
  assert.equal([isOlder('1.2', '1.2.1'), isOlder('1.2.1', '1.2'), isOlder('2', '10')], [true, false, true])
})

test('what has happened stays until a day after somebody has acknowledged it', () => {
  const fleet = online()
  fleet.tell({ is: 'witness-contradicted', device: DEVICE, detail: 'line 7' })
  fleet.tell({ is: 'events-missing', device: DEVICE, detail: '3 to 5' })
  assert.equal([fleet.row().worst, fleet.row().alarms], ['WITNESS_CONTRADICTED', 2])
  fleet.tell({
    is: 'alarm-judged',
    device: DEVICE,
    id: 'WITNESS_CONTRADICTED',
    order: { do: 'acknowledge', note: '' },
    by: 'a',
  })
  fleet.utcMs += 86_300_000
  fleet.wait(1)
  assert.is(fleet.row().worst, 'WITNESS_CONTRADICTED')
  fleet.utcMs += 100_000
  fleet.wait(1)
  assert.is(fleet.row().worst, 'EVENTS_MISSING')
})

test('which hearing contradicts is for the console: neither mail, webhooks nor metrics name it', () => {
  const HEARING = '2026-11-24_040211_Courtroom-1_2-1234'
  const fleet = online()
  fleet.commands = []
  fleet.tell({ is: 'witness-contradicted', device: DEVICE, detail: `conflict: hearing ${HEARING}, line 7` })
  for (let i = 0; i < 32; i++) {
    fleet.presence('ready', 1)
    fleet.state()
    fleet.wait(30)
  }
  const order = { do: 'acknowledge' as const, note: '' }
  fleet.tell({ is: 'alarm-judged', device: DEVICE, id: 'WITNESS_CONTRADICTED', order, by: 'a' })
  fleet.utcMs += 86_500_000
  fleet.wait(1)
  const outside = fleet.commands.flatMap((command) => (command.do === 'tell-people' ? [command] : []))
  const ours = outside.filter(({ row }) => row.id === 'WITNESS_CONTRADICTED')
  assert.equal(
    ours.map(({ why }) => why),
    ['raised', 'escalated', 'cleared'],
  )
  assert.not.match(JSON.stringify(outside), /2-1234/)
  assert.match(ours[0]!.row.alarm.detail, 'the console says')

  const again = online()
  again.tell({ is: 'witness-contradicted', device: DEVICE, detail: `conflict: hearing ${HEARING}, line 7` })
  const room = again.room()
  assert.match(alarmRowOf(room, room.alarms.get('WITNESS_CONTRADICTED')!).alarm.detail, HEARING)
  const figures = { messages: 0, malformed: 0, strangers: 0, eventsKept: 0, eventsMissing: 0, rssBytes: 0 }
  const metrics = metricsText(again.roster, { ...figures, storeWorks: true, linkWorks: true })
  assert.match(metrics, 'id="WITNESS_CONTRADICTED"')
  assert.not.match(metrics, /2-1234/)
})

test('need: the gravest during a hearing comes first', () => {
  const need = (...told: ((fleet: Fleet) => void)[]) => {
    const fleet = online({ graceMinutes: 0 })
    for (const tell of told) tell(fleet)
    return fleet.row().need
  }
  const hearing = (fleet: Fleet) => fleet.state({ hearing: 'recording', audible: true, alarms: ['X'] })
  const watch = (fleet: Fleet) => fleet.alarm('X', { severity: 'watch' })
  const degraded = (fleet: Fleet) => fleet.alarm('X')
  const failed = (fleet: Fleet) => fleet.alarm('X', { severity: 'failed' })
  const order = [
    need(),
    need(watch),
    need(degraded),
    need(watch, hearing),
    need(failed),
    need(degraded, hearing),
    need(failed, hearing),
  ]
  assert.equal(
    order,
    order.toSorted((a, b) => a - b),
  )
  assert.is(order[0], 0)
  assert.ok(order.at(-1)! <= 100)
})

test('a list of events always gives the same commands', () => {
  const play = () => {
    const fleet = new Fleet({ graceMinutes: 1 })
    fleet.docket([1, 9])
    for (let i = 1; i < 40; i++) {
      if (i % 7 === 0) fleet.presence(i % 2 ? 'lost' : 'ready', i)
      if (i % 5 === 0) fleet.state({ hearing: i % 2 ? 'recording' : 'idle', audible: i % 3 === 0 })
      if (i % 4 === 0) fleet.alarm('DISK_FAILED.a', i % 8 ? null : { seq: i })
      fleet.wait(17)
    }
    return fleet.commands
  }
  assert.ok(play().length > 20)
  assert.equal(play(), play())
})

test.run()
