import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { healthOf, verdictIn, verdictOn } from '../../controller/core/health.ts'
import { TROUBLES, type TroubleKind } from '../../controller/core/trouble-table.ts'
import { AREAS, Health, type HealthReason } from '../../controller/wire/health.ts'
import { type Room, readyRoom, recordingRoom, WHY } from './room.ts'

const signal = { is: 'signal-changed', source: 'mics', run: 1, track: 'bench', state: 'begun', reason: WHY } as const

const tested = (what: string, ok: boolean) => ({ what, ok, detail: 'as found' })

/** What happens to a room on the record; what is found then, the gravest first; verdict and lamp. */
const CASES: [string, (room: Room) => void, string[], string, string][] = [
  ['nothing', () => {}, [], 'good', 'steady'],
  ['a disk fails', (room) => room.probe('mirror', false), ['DISK_FAILED mirror'], 'degraded', 'blinking'],
  [
    'both disks fail',
    (room) => ['main', 'mirror'].forEach((store) => void room.probe(store, false)),
    ['NO_DISK', 'DISK_FAILED main', 'DISK_FAILED mirror'],
    'failed',
    'blinking',
  ],
  ['a camera goes', (room) => room.exit('judge'), ['SOURCE_AWAY judge'], 'degraded', 'blinking'],
  [
    'everything goes',
    (room) => ['judge', 'mics'].forEach((source) => void room.exit(source)),
    ['NO_SOURCE', 'SOURCE_AWAY judge', 'SOURCE_AWAY mics'],
    'failed',
    'blinking',
  ],
  [
    'a microphone is silent',
    (room) => room.tell({ ...signal, what: 'silent' }),
    ['SOUND_SILENT bench'],
    'degraded',
    'blinking',
  ],
  [
    'somebody speaks, too loudly',
    (room) => (['voice', 'clipping'] as const).forEach((what) => void room.tell({ ...signal, what })),
    [],
    'good',
    'steady',
  ],
  ['the key fails', (room) => room.tell({ is: 'signing-failed', reason: WHY }), ['UNSIGNED'], 'degraded', 'steady'],
  [
    'an old hearing is spoiled',
    (room) => room.tell({ is: 'scrub-ended', hearing: 'old', bad: 1, repaired: 0, due: false, reason: WHY }),
    ['HEARING_SPOILED old'],
    'degraded',
    'steady',
  ],
  [
    'the self-test finds a fault',
    (room) => room.tell({ is: 'self-tested', trial: null, results: [tested('clock', false), tested('key', true)] }),
    ['SELF_TEST_FAILED'],
    'watch',
    'steady',
  ],
  [
    'the self-test finds what is looked at all the time',
    (room) => room.tell({ is: 'self-tested', trial: null, results: [tested('disk main', false)] }),
    [],
    'good',
    'steady',
  ],
]

test('what the self-test found is a trouble until another one finds it in order', () => {
  const room = recordingRoom()
  const after = (ok: boolean) => {
    room.tell({ is: 'self-tested', trial: null, results: [tested('camera judge', ok)] })
    return healthOf(room.state).reasons.map(({ clerk, engineer }) => [clerk, engineer])
  }
  assert.equal(after(false), [['The self-test found a fault: camera judge', 'camera judge: as found']])
  assert.equal(after(true), [])
})

for (const [what, happen, found, verdict, lamp] of CASES)
  test(`${what}: ${verdict}`, () => {
    const room = recordingRoom()
    happen(room)
    const health = Health.parse(healthOf(room.state))
    assert.equal(
      health.reasons.map(({ code, about }) => `${code} ${about}`.trim()),
      found,
    )
    assert.equal([health.verdict, room.lamp], [verdict, lamp])
    for (const one of health.reasons) assert.ok(one.clerk && one.engineer && one.toDo, one.code)
  })

test('what the court does not require is never more than something to look at', () => {
  const sources = [
    { name: 'judge', required: false },
    { name: 'mics', required: true },
  ]
  const room = recordingRoom(2_000, { sources })
  room.exit('judge')
  assert.equal([healthOf(room.state).verdict, room.lamp], ['watch', 'steady'])
  room.probe('mirror', false)
  const { verdict, reasons } = healthOf(room.state)
  assert.is(verdict, 'degraded')
  assert.equal(
    reasons.map(({ code }) => code),
    ['DISK_FAILED', 'SOURCE_AWAY'],
  )
})

test('each area has a verdict of its own, for a lamp of its own', () => {
  const room = readyRoom()
  room.probe('mirror', false)
  room.tell({ is: 'signing-failed', reason: WHY })
  const health = healthOf(room.state)
  const verdicts = Object.fromEntries(AREAS.map((area) => [area, verdictIn(health, area)]))
  assert.equal(
    [verdicts.disk, verdicts.proof, verdicts.source, verdicts.network],
    ['degraded', 'degraded', 'good', 'good'],
  )
})

test('a verdict is the gravest of its reasons', () => {
  const reasons = (...severities: HealthReason['severity'][]) =>
    severities.map((severity) => ({ severity }) as HealthReason)
  assert.is(verdictOn([]), 'good')
  assert.is(verdictOn(reasons('watch')), 'watch')
  assert.is(verdictOn(reasons('watch', 'failed', 'degraded')), 'failed')
})

test('every trouble says what to do, in a sentence', () => {
  for (const [code, { toDo }] of Object.entries<TroubleKind>(TROUBLES)) assert.match(toDo, /^[A-Z].*[.?]$/, code)
})

test.run()
