/** Presses that a panel tells of: what counts, when it counts, and that it counts once. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { PanelPress } from '../../controller/core/event.ts'
import { agoText, OLD_PRESSES, oldPressOf } from '../../controller/core/old-press.ts'
import type { Button } from '../../controller/wire/clerk.ts'
import { openHearing, PLAN, Room, readyRoom, recordingRoom, START_MS } from './room.ts'

/** How STOP counts by default: held. */
const KIND = { rec: 'press', off: 'press', mark: 'press', stop: 'long' } as const

let numbers = 0

const pressOn = (room: Room, button: Button, more: Partial<PanelPress> = {}): PanelPress => {
  const panel = { name: 'clerk', epoch: 3, number: ++numbers, kind: KIND[button], heldMs: 0, agoMs: 15, ...more }
  room.tell({ is: 'button-pressed', button, case: '', note: '', by: 'The front panel', request: 7, panel })
  return panel
}
const answers = (room: Room): string[] => room.done('answer').map(({ code }) => code)

test('a press is acted on, and its line names it for good', () => {
  const room = readyRoom()
  const { epoch, number } = pressOn(room, 'rec')
  assert.equal(answers(room), ['STARTED'])
  assert.equal(room.journalled('press')[0]!.panel, { name: 'clerk', epoch, number, agoMs: 15 })
  assert.is(room.journalled('press')[0]!.by, 'The front panel')
})

test('told twice, it is acted on once', () => {
  const room = recordingRoom()
  room.forget()
  const mark = pressOn(room, 'mark')
  pressOn(room, 'mark', { ...mark, agoMs: 900 })
  assert.equal(answers(room), ['MARKED', 'TAKEN_BEFORE'])
  assert.is(room.journalled('mark').length, 1)
  assert.is(room.journalled('press').length, 1)
  pressOn(room, 'mark', { ...mark, name: 'judge' })
  pressOn(room, 'mark', { ...mark, epoch: mark.epoch + 1 })
  assert.is(room.journalled('mark').length, 3, "another panel's press, and one after a new start, are others")
})

test('across a restart it is known from the journal that was open, or from the file', () => {
  for (const known of ['journal', 'file'] as const) {
    const id = { epoch: 5, number: 9 }
    const room = new Room()
    const open = openHearing(known === 'journal' ? { presses: { clerk: id } } : {})
    const taken = known === 'file' ? { clerk: id } : { clerk: { epoch: 5, number: 8 } }
    room.tell({ is: 'recorder-started', boot: 'boot-1', open, lastRuns: {}, hearingIds: [], taken })
    room.tick()
    room.forget()
    pressOn(room, 'stop', { ...id, agoMs: 500 })
    assert.equal(answers(room), ['TAKEN_BEFORE'], known)
    pressOn(room, 'stop', { ...id, number: 10, agoMs: 500 })
    assert.equal(answers(room), ['TAKEN_BEFORE', 'STOPPED'], known)
  }
})

test('STOP counts when it is held; too short a one is told and refused', () => {
  const room = recordingRoom()
  room.forget()
  pressOn(room, 'stop', { kind: 'press' })
  pressOn(room, 'stop', { kind: 'release', heldMs: 300 })
  assert.equal(answers(room), ['NOT_A_PRESS', 'HOLD_STOP'])
  assert.is(room.state.hearing.is, 'recording')
  assert.equal(
    room.journalled('press').map(({ accepted }) => accepted),
    [false],
  )
  assert.match(room.journalled('press')[0]!.reason.clerk, /hold it for 0.8 s/)
  pressOn(room, 'stop', { kind: 'press' })
  pressOn(room, 'stop', { kind: 'long', heldMs: 800 })
  pressOn(room, 'stop', { kind: 'release', heldMs: 1_200 })
  assert.equal(answers(room).slice(2), ['NOT_A_PRESS', 'STOPPED', 'NOT_A_PRESS'])
})

test('where the court has set so, a short STOP counts, and a long one does not count again', () => {
  const room = recordingRoom(2_000, { stopNeedsLongPress: false })
  room.forget()
  for (const kind of ['press', 'long', 'release'] as const) pressOn(room, 'stop', { kind, heldMs: 900 })
  assert.equal(answers(room), ['STOPPED', 'NOT_A_PRESS', 'NOT_A_PRESS'])
})

test('REC waits in the panel while a hearing is closed, and then begins the next', () => {
  const room = recordingRoom()
  room.press('stop')
  room.forget()
  const rec = pressOn(room, 'rec')
  assert.equal(
    room.commands.map((one) => one.do),
    ['answer'],
  )
  room.closeAll()
  assert.is(room.state.hearing.is, 'closed')
  pressOn(room, 'rec', { ...rec, agoMs: 4_000 })
  assert.equal(answers(room), ['COMES_AGAIN', 'STARTED'])
  assert.match(room.journalled('press').at(-1)!.reason.clerk, /pressed 4 s ago/)
})

test('a press waits until it is settled what becomes of an interrupted hearing', () => {
  const room = new Room({ afterInterruption: 'close' })
  room.start(openHearing())
  const rec = pressOn(room, 'rec')
  room.tick()
  pressOn(room, 'rec', rec)
  assert.is(room.state.hearing.is, 'closing')
  assert.equal(answers(room), ['COMES_AGAIN', 'COMES_AGAIN'])
})

test('after a start REC waits for disks and sources, but not for ever', () => {
  const room = new Room()
  room.start()
  const rec = pressOn(room, 'rec', { agoMs: 6_000 })
  for (const store of PLAN.stores) room.probe(store)
  room.completed()
  pressOn(room, 'rec', rec)
  assert.equal(answers(room), ['COMES_AGAIN', 'COMES_AGAIN'])
  room.tick()
  room.arm('judge')
  pressOn(room, 'rec', rec)
  assert.is(answers(room).at(-1), 'STARTED')

  const dead = new Room()
  dead.start()
  dead.atMs = START_MS + 30_000
  pressOn(dead, 'rec')
  assert.equal(answers(dead), ['NO_STORE'])
})

/** Recording since 2 s, off the record since 2 s, or neither. */
const roomIn = (hearing: string): Room => {
  if (hearing === 'idle') return readyRoom()
  const room = recordingRoom(4_000)
  if (hearing === 'recording') {
    room.press('off')
    room.pass(2_000)
    room.press('rec')
  }
  if (hearing === 'off-record') room.press('off')
  if (hearing === 'closed') {
    room.press('stop')
    room.closeAll()
  }
  room.pass(6_000)
  return room.forget()
}

/** Ages that make each row of the table true in these rooms. */
const AGES = { before: 9_000, 'long-ago': PLAN.resumeWithinMs + 1 }

const DONE: Record<Button, string> = { rec: 'STARTED', off: 'PAUSED', stop: 'STOPPED', mark: 'MARKED' }

for (const row of OLD_PRESSES)
  for (const hearing of row.hearing)
    test(`old ${row.button}, ${hearing}, ${row.pressed ?? 'otherwise'}: ${row.becomes}`, () => {
      const room = roomIn(hearing)
      assert.is(room.state.hearing.is, hearing)
      // A long recess: what was decided before it was longer ago still.
      if (row.pressed === 'long-ago' && hearing !== 'idle') room.atMs += PLAN.resumeWithinMs
      const agoMs = row.button === 'mark' && row.pressed === 'before' ? 20_000 : row.pressed ? AGES[row.pressed] : 4_000
      const panel = pressOn(room, row.button, { agoMs })
      const press = { is: 'button-pressed', button: row.button, case: '', note: '', by: '', request: 1 } as const
      const before = roomIn(hearing)
      if (row.pressed === 'long-ago' && hearing !== 'idle') before.atMs += PLAN.resumeWithinMs
      assert.is(oldPressOf(before.state, { ...press, panel, atMs: before.atMs, utcMs: before.utcMs }, panel), row)
      const done = row.button === 'rec' && hearing === 'off-record' ? 'RESUMED' : DONE[row.button]
      assert.equal(answers(room), [row.becomes === 'act' ? done : row.becomes])
      const line = room.journalled('press')[0]
      if (hearing !== 'idle' && hearing !== 'closed') assert.is(line?.accepted, row.becomes === 'act')
      if (row.becomes === 'act' && row.button !== 'mark') assert.match(line!.reason.clerk, /pressed 4 s ago/)
    })

test('what has no row is judged as a press of now', () => {
  const room = roomIn('recording')
  pressOn(room, 'rec', { agoMs: 9_000 })
  pressOn(roomIn('idle'), 'stop', { agoMs: 9_000 })
  assert.equal(answers(room), ['ALREADY_RECORDING'])
  const idle = roomIn('idle')
  pressOn(idle, 'off', { agoMs: 9_000 })
  assert.equal(answers(idle), ['NO_HEARING'])
})

test('a mark stands where the button was pressed', () => {
  const room = recordingRoom(10_000)
  const hearing = room.state.hearing.is === 'recording' ? room.state.hearing.hearing : null
  pressOn(room, 'mark', { agoMs: 6_000 })
  assert.is(room.journalled('mark')[0]!.mediaMs, room.atMs - hearing!.zeroMs - 6_000)
})

test('ages in words', () => {
  assert.equal([agoText(2_400), agoText(119_000), agoText(600_000)], ['2 s ago', '119 s ago', '10 min ago'])
})

test.run()
