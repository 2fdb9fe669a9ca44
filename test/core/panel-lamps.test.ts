/** What panels show, and that every pattern has its words. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { healthOf } from '../../controller/core/health.ts'
import { LAMP_MEANINGS } from '../../controller/core/panel-lamp-table.ts'
import { panelLampsOf, REFUSED_MS } from '../../controller/core/panel-lamps.ts'
import { TROUBLES } from '../../controller/core/trouble-table.ts'
import { PANEL_LAMPS } from '../../controller/wire/panel.ts'
import { type Room, readyRoom, recordingRoom, type Told, WHY } from './room.ts'

/** `rec steady, disk blinking` */
const shown = (room: Room): string => {
  const shows = panelLampsOf(room.state, room.atMs)
  return PANEL_LAMPS.filter((lamp) => shows[lamp] !== 'dark')
    .map((lamp) => `${lamp} ${shows[lamp]}`)
    .join(', ')
}

/** What happens to a room, and what its panels show. */
const CASES: [string, () => Room, (room: Room) => void, string][] = [
  ['ready', readyRoom, () => {}, ''],
  ['REC, and nothing on disk yet', readyRoom, (room) => room.press('rec'), 'rec blinking'],
  ['recording', recordingRoom, () => {}, 'rec steady'],
  ['off the record', recordingRoom, (room) => room.press('off'), 'off steady'],
  ['closing', recordingRoom, (room) => room.press('stop'), 'off winking'],
  ['a disk fails', recordingRoom, (room) => room.probe('mirror', false), 'rec blinking, fault blinking, disk blinking'],
  ['a camera goes', recordingRoom, (room) => room.exit('judge'), 'rec blinking, fault blinking'],
  [
    'the key fails',
    recordingRoom,
    (room) => room.tell({ is: 'signing-failed', reason: WHY }),
    'rec steady, fault blinking',
  ],
  [
    'the witness is away',
    recordingRoom,
    (room) => room.tell({ is: 'witness-heard', away: WHY }),
    'rec steady, fault winking, net winking',
  ],
  [
    "the clerk's panel is lost",
    recordingRoom,
    (room) => room.tell({ is: 'panel-changed', panel: 'clerk', to: 'lost', reason: WHY }),
    'rec steady, fault blinking',
  ],
  [
    "the judge's lamp is lost",
    recordingRoom,
    (room) => room.tell({ is: 'panel-changed', panel: 'judge', to: 'lost', reason: WHY }),
    'rec steady, fault winking',
  ],
  [
    'a button is stuck',
    recordingRoom,
    (room) =>
      room.tell({ is: 'panel-changed', panel: 'clerk', to: 'found', stuck: ['rec'], lostPresses: 0, reason: WHY }),
    'rec steady, fault winking',
  ],
]

for (const [what, make, happen, expected] of CASES)
  test(`${what}: ${expected || 'dark'}`, () => {
    const room = make()
    happen(room)
    assert.is(shown(room), expected)
  })

test('REC is not steady longer than two seconds after the last byte, nor after the last line of the journal', () => {
  const room = recordingRoom()
  room.atMs += 2_001
  assert.is(shown(room), 'rec blinking')
})

test('a refused press of a panel is shown for three seconds', () => {
  const room = readyRoom()
  const panel = { name: 'clerk', epoch: 1, number: 1, kind: 'press', heldMs: 0, agoMs: 0 } as const
  room.tell({ is: 'button-pressed', button: 'mark', case: '', note: '', by: '', request: 1, panel })
  assert.is(shown(room), 'fault steady')
  room.atMs += REFUSED_MS
  assert.is(shown(room), '')
  room.press('mark')
  assert.is(shown(room), '', 'whoever pressed at the computer has read the answer there')
})

test('a panel that is lost while a hearing is open stands in its journal, and one that was lost before it too', () => {
  const room = readyRoom()
  room.tell({ is: 'panel-changed', panel: 'judge', to: 'lost', reason: WHY })
  assert.equal(room.journalled('panel'), [])
  room.press('rec')
  const found = {
    is: 'panel-changed' as const,
    panel: 'judge',
    to: 'found' as const,
    stuck: [],
    lostPresses: 0,
    reason: WHY,
  } satisfies Told
  room.tell(found)
  room.tell({ ...found, panel: 'nobody' })
  assert.equal(
    room.journalled('panel').map(({ panel, to }) => `${panel} ${to}`),
    ['judge lost', 'judge found'],
  )
})

test('presses that a panel lost are told of', () => {
  const room = readyRoom()
  room.tell({ is: 'panel-changed', panel: 'clerk', to: 'found', stuck: [], lostPresses: 2, reason: WHY })
  assert.equal(
    healthOf(room.state).reasons.map(({ code, about }) => `${code} ${about}`),
    ['PRESSES_LOST clerk'],
  )
})

test('every pattern that a lamp can show has its words', () => {
  const has = (lamp: string, show: string) =>
    assert.ok(
      LAMP_MEANINGS.some((one) => one.lamps.join() === lamp && one.show === show),
      `${lamp} ${show}`,
    )
  for (const [lamp, show] of [
    ['rec', 'steady'],
    ['rec', 'blinking'],
    ['off', 'steady'],
    ['off', 'winking'],
    ['fault', 'steady'],
  ] as const)
    has(lamp, show)
  for (const { area, severity } of Object.values(TROUBLES)) {
    const show = severity === ('watch' as string) ? 'winking' : 'blinking'
    has('fault', show)
    if ((area as string) === 'disk') has('disk', show)
    if ((area as string) === 'network') has('net', show)
  }
})

test.run()
