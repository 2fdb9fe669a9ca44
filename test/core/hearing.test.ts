import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Command } from '../../controller/core/command.ts'
import { hearingId, slug } from '../../controller/core/hearing-id.ts'
import { hours, Room, readyRoom, recordingRoom, START_UTC, WHY } from './room.ts'

const answerOf = (commands: Command[]) => {
  const answer = commands.find((one) => one.do === 'answer')
  if (answer?.do !== 'answer') throw new Error('a press without an answer')
  return answer
}
const codeOf = (commands: Command[]): string => answerOf(commands).code

test('REC opens every gate at the press, before the journal is written', () => {
  const room = readyRoom()
  const commands = room.press('rec', { case: '7599-26' })
  assert.equal(
    commands.slice(0, 3).map((one) => one.do),
    ['open-hearing', 'open-gate', 'open-gate'],
  )
  const [gate] = room.done('open-gate')
  assert.equal(gate && [gate.zeroMs, gate.atMs, gate.utcMs], [room.atMs, room.atMs, room.utcMs])
  assert.equal(gate?.stores, ['main', 'mirror'])
  assert.equal(
    room.done('journal').map((one) => one.body.kind),
    ['hearing-opened', 'clock', 'press', 'state', 'checkpoint'],
  )
  assert.is(answerOf(commands).accepted, true)
  assert.is(answerOf(commands).hearing, '2026-11-23_140512_Courtroom-3_7599-26')
})

test('a hearing goes through all its states, and the next one begins', () => {
  const room = recordingRoom()
  assert.is(codeOf(room.press('rec')), 'ALREADY_RECORDING')
  assert.is(codeOf(room.press('mark', { note: 'witness' })), 'MARKED')
  assert.is(codeOf(room.press('off', { note: 'the court retires' })), 'PAUSED')
  assert.is(codeOf(room.press('off')), 'ALREADY_OFF_RECORD')
  room.pass(5_000)
  assert.is(codeOf(room.press('rec')), 'RESUMED')
  room.pass(1_000)
  assert.is(codeOf(room.press('stop')), 'STOPPED')
  assert.is(codeOf(room.press('stop')), 'ALREADY_CLOSING')
  assert.is(codeOf(room.press('rec')), 'CLOSING')
  room.closeAll()
  assert.is(room.state.hearing.is, 'closed')
  assert.equal(
    room.journalled('state').map(({ from, to }) => `${from} ${to}`),
    ['idle recording', 'recording off-record', 'off-record recording', 'recording closing'],
  )
  assert.is(room.journalled('press').length, 9)
  assert.equal(room.journalled('gap'), [])
  assert.is(codeOf(room.press('rec')), 'STARTED')
})

test('OFF RECORD closes gates but not the hearing, with its reason', () => {
  const room = recordingRoom()
  room.forget().press('off')
  assert.equal(
    room.done('close-gate').map((one) => one.final),
    [false, false],
  )
  assert.is(room.journalled('state')[0]?.reason.clerk, 'Off the record: recess')
  room.forget().press('stop')
  assert.equal(
    room.done('close-gate').map((one) => one.final),
    [true, true],
  )
})

test('a clock that is set back never gives a hearing the folder of another', () => {
  const room = recordingRoom()
  const first = room.done('open-hearing').at(-1)?.hearing
  const ids = [first]
  for (let i = 0; i < 2; i++) {
    room.press('stop')
    room.closeAll()
    room.aheadMs = START_UTC - room.utcMs + room.aheadMs
    room.press('rec', { case: '7599-26' })
    ids.push(room.done('open-hearing').at(-1)?.hearing)
  }
  assert.equal(ids, [first, `${first}-2`, `${first}-3`])
})

test('closing waits for every worker and a last search, and the last lines come before the files are closed', () => {
  const room = recordingRoom()
  room.press('stop')
  room.forget().closed('judge')
  assert.equal(room.commands, [])
  room.closed('mics')
  assert.equal(
    room.commands.map((one) => one.do === 'salvage' && one.source),
    ['judge', 'mics'],
  )
  room.forget().searched()
  assert.equal(
    room.commands.map((one) => (one.do === 'journal' ? one.body.kind : one.do)),
    ['checkpoint', 'hearing-closed', 'finish-hearing'],
  )
})

test('what a disk finished late is found by the last search, though its track went on meanwhile', () => {
  const room = recordingRoom()
  room.press('stop')
  room.closed('judge')
  room.closed('mics')
  const late = { ...room.fragment('judge', { seq: 2 }), file: 'late.mp4' }
  const before = room.state.tracks.judge!
  room.forget().tell({ is: 'fragments-found', source: 'judge', fragments: [late], reason: WHY })
  assert.equal(
    room.journalled('found')[0]?.fragments.map(({ file }) => file),
    ['late.mp4'],
  )
  const { seq, fragments, gaps } = room.state.tracks.judge!
  assert.equal([seq, fragments, gaps], [before.seq, before.fragments + 1, before.gaps])
})

test('fragments that are confirmed while closing stand before the last search', () => {
  const room = recordingRoom()
  room.press('stop')
  room.closed('judge')
  room.store('bench')
  room.forget().closed('mics')
  assert.equal(
    room.commands.map((one) => (one.do === 'journal' ? one.body.kind : one.do)),
    ['fragments', 'salvage', 'salvage'],
    'the search knows them',
  )
})

test('a worker that does not close is killed and salvaged, then the hearing is finished', () => {
  const room = recordingRoom()
  room.press('stop')
  room.closed('mics')
  room.forget().pass(10_500)
  assert.equal(
    room.done('kill-worker').map((one) => one.source),
    ['judge'],
  )
  assert.match(room.journalled('source')[0]?.reason.engineer ?? '', 'did not close')
  room.exit('judge', 1)
  assert.equal(room.done('finish-hearing'), [])
  room.tell({ is: 'salvage-ended', source: 'judge' })
  room.searched()
  assert.is(room.done('finish-hearing').length, 1)
})

test('a worker that dies while closing is no longer waited for, but salvaged', () => {
  const room = recordingRoom()
  room.press('stop')
  room.closed('mics')
  room.exit('judge')
  assert.equal(room.done('finish-hearing'), [])
  room.tell({ is: 'salvage-ended', source: 'judge' })
  room.searched()
  assert.is(room.done('finish-hearing').length, 1)
})

test('ports that never answer do not lock the room', () => {
  const room = recordingRoom()
  room.press('stop')
  room.closed('judge')
  room.closed('mics')
  room.pass(10_500)
  assert.is(room.done('finish-hearing').length, 1, 'the search is given up')
  room.pass(31_000)
  assert.is(room.state.hearing.is, 'closed')
})

test('REC is refused when it cannot be kept, and says why', () => {
  const unknown = new Room()
  unknown.start()
  unknown.tick()
  assert.is(codeOf(unknown.press('rec')), 'NO_STORE')
  unknown.probe('main')
  assert.is(codeOf(unknown.press('rec')), 'NO_SOURCE')
  const full = readyRoom()
  full.probe('main', true, hours(1.5))
  full.probe('mirror', true, hours(0.5))
  const answer = answerOf(full.press('rec'))
  assert.equal([answer.accepted, answer.code, answer.hearing], [false, 'NO_SPACE', null])
  assert.is(answer.reason.clerk, 'The disks hold only 1.5 more hours; a hearing needs 4')
  assert.is(full.state.hearing.is, 'idle')
})

test('one store with room is enough', () => {
  const room = readyRoom()
  room.probe('main', true, hours(0.5))
  assert.is(codeOf(room.press('rec')), 'STARTED')
})

test('a running hearing is never stopped for space', () => {
  const room = recordingRoom()
  room.probe('main', true, 0)
  room.probe('mirror', true, 0)
  room.press('off')
  assert.is(codeOf(room.press('rec')), 'RESUMED')
})

test('OFF, STOP and MARK without a hearing are refused and answered', () => {
  for (const button of ['off', 'stop', 'mark'] as const) assert.is(codeOf(readyRoom().press(button)), 'NO_HEARING')
})

test('refused presses of an open hearing are journalled', () => {
  const room = recordingRoom()
  room.press('stop')
  room.forget().press('mark')
  assert.equal(
    room.journalled('press').map(({ button, accepted }) => [button, accepted]),
    [['mark', false]],
  )
})

test('a mark stands at its media time', () => {
  const room = recordingRoom(2_000)
  room.press('mark', { note: 'objection' })
  assert.equal(room.journalled('mark'), [{ kind: 'mark', mediaMs: 2_000, note: 'objection', by: 'clerk' }])
})

test('what was wrong before the hearing stands in its journal', () => {
  const room = readyRoom()
  room.tell({
    is: 'signal-changed',
    source: 'mics',
    run: 1,
    track: 'bench',
    what: 'silent',
    state: 'begun',
    reason: WHY,
  })
  room.exit('judge')
  room.probe('mirror', false)
  room.forget().press('rec')
  assert.equal(
    room.journalled('signal').map((one) => one.track),
    ['bench'],
  )
  assert.equal(
    room.journalled('source').map((one) => one.source),
    ['judge'],
  )
  assert.equal(
    room.journalled('store').map((one) => one.to),
    ['failed'],
  )
  assert.equal(room.done('open-gate')[0]?.stores, ['main'])
})

test('shutting down closes the hearing, ends the workers, then exits once', () => {
  const room = recordingRoom()
  room.forget().tell({ is: 'shutdown-asked', reason: WHY })
  assert.is(room.state.hearing.is, 'closing')
  assert.equal(room.done('end-worker'), [])
  room.closeAll()
  assert.is(room.done('end-worker').length, 2)
  assert.is(codeOf(room.press('rec')), 'SHUTTING_DOWN')
  room.exit('judge')
  assert.equal(room.done('exit'), [])
  room.exit('mics')
  room.tick()
  assert.is(room.done('exit').length, 1)
})

test('a worker that ignores the end is killed', () => {
  const room = readyRoom()
  room.tell({ is: 'shutdown-asked', reason: WHY })
  room.pass(11_000)
  assert.is(room.done('kill-worker').length, 2)
  assert.is(room.done('exit').length, 1)
})

test('the id keeps letters of any script and fits any file system', () => {
  assert.is(slug('  Зал № 3 / Үлкен '), 'Зал-3-Үлкен')
  assert.is(hearingId(START_UTC, 'Зал 3', '7599-26-00-2а/123'), '2026-11-23_140512_Зал-3_7599-26-00-2а-123')
  assert.is(hearingId(START_UTC, '***', ' '), '2026-11-23_140512_room_no-case')
  assert.ok(Buffer.byteLength(hearingId(START_UTC, 'Ж'.repeat(80), '漢'.repeat(80))) <= 255)
})

test.run()
