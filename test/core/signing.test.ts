import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { reason } from '../../controller/base/reason.ts'
import { statusOf } from '../../controller/core/status.ts'
import { troublesOf } from '../../controller/core/trouble.ts'
import { openHearing, Room, readyRoom, recordingRoom } from './room.ts'

const HANGS = { is: 'signing-failed', reason: reason('not signed', 'the token hangs') } as const

/** Longest time without a checkpoint in `ms`. */
const longestPause = (room: Room, ms: number): number => {
  const times = [room.atMs]
  for (let passed = 0; passed < ms; passed += 250)
    if (room.tick().some((one) => one.do === 'journal' && one.body.kind === 'checkpoint')) times.push(room.atMs)
  return Math.max(...times.slice(1).map((time, i) => time - times[i]!))
}

test('checkpoints come at least every ten seconds, on the record, off it, and while a hearing is being closed', () => {
  const room = recordingRoom()
  assert.ok(longestPause(room, 60_000) <= 10_000)
  room.press('off')
  assert.ok(longestPause(room, 60_000) <= 10_000)
  room.state = { ...room.state, stores: { ...room.state.stores, main: late(room), mirror: late(room) } }
  room.press('stop')
  assert.is(room.state.hearing.is, 'closing')
  assert.ok(longestPause(room, 40_000) <= 10_000)
  assert.is(room.state.hearing.is, 'closing', 'a late store is waited for')
})

const late = ({ atMs }: Room) =>
  ({ is: 'late', freeBytes: 1e12, probedMs: atMs, sinceMs: atMs, lateMs: atMs, reason: HANGS.reason }) as const

test('a checkpoint follows every change of state, also that of a hearing that goes on', () => {
  const room = new Room()
  room.start(openHearing())
  room.tick()
  const kinds = room.done('journal').map(({ body }) => body.kind)
  assert.equal(
    kinds.filter((kind) => kind === 'state' || kind === 'checkpoint'),
    ['state', 'checkpoint'],
  )
})

test('outside a hearing there are none', () => {
  const room = readyRoom()
  room.pass(60_000)
  assert.equal(room.done('journal'), [])
})

test('a key that fails is told once, is a trouble, and leaves the lamp alone', () => {
  const room = recordingRoom()
  const whys = () => troublesOf(room.state).map(({ why }) => why)
  for (let i = 0; i < 3; i++) room.tell(HANGS)
  assert.equal(
    room.journalled('signer').map(({ to }) => to),
    ['failed'],
  )
  assert.equal(whys(), [HANGS.reason])
  assert.is(room.lamp, 'steady')
  for (let i = 0; i < 3; i++) room.tell({ is: 'journal-signed' })
  assert.equal(
    room.journalled('signer').map(({ to }) => to),
    ['failed', 'good'],
  )
  assert.match(room.journalled('signer')[1]!.reason.engineer, 'the token hangs')
  assert.equal(whys(), [])
})

test('a key that had failed before stands in the next hearing', () => {
  const room = readyRoom()
  room.tell(HANGS)
  assert.equal(room.journalled('signer'), [])
  room.press('rec')
  assert.equal(room.journalled('signer'), [{ kind: 'signer', to: 'failed', reason: HANGS.reason }])
})

test('the self-test stands in every journal from its end on, and in the status', () => {
  const results = [{ what: 'clock', ok: false, detail: 'not synchronised' }]
  const room = readyRoom()
  room.press('rec')
  assert.equal(room.journalled('self-test'), [])
  room.tell({ is: 'self-tested', trial: null, results })
  assert.equal(room.journalled('self-test'), [{ kind: 'self-test', results }])
  assert.equal(statusOf(room.state, room.atMs).selfTest, results)
  room.press('stop')
  room.closeAll()
  room.forget().press('rec')
  assert.equal(room.journalled('self-test'), [{ kind: 'self-test', results }])
})

test('what a closed hearing ends with unsigned is tried again in the calm, and only then', () => {
  const room = readyRoom()
  room.tell({ is: 'ends-unsigned', count: 1, signed: false })
  room.pass(50_000)
  assert.equal(room.done('sign-closed'), [])
  room.press('rec')
  room.pass(30_000)
  assert.equal(room.done('sign-closed'), [], 'a hearing is open')
  room.press('stop')
  for (const source of ['judge', 'mics']) room.closed(source)
  room.searched()
  room.tell({ is: 'hearing-finished', hearing: room.done('finish-hearing')[0]!.hearing })
  room.pass(1_000)
  assert.is(room.done('sign-closed').length, 1)
  room.pass(120_000)
  assert.is(room.done('sign-closed').length, 1, 'one attempt at a time')
  room.tell({ is: 'ends-unsigned', count: 1, signed: false })
  room.pass(61_000)
  assert.is(room.done('sign-closed').length, 2)
  room.tell({ is: 'ends-unsigned', count: 0, signed: true })
  assert.ok(room.state.scrub.due, 'what is sealed can be locked away now')
  room.pass(120_000)
  assert.is(room.done('sign-closed').length, 2)
})

test.run()
