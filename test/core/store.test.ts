import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Room, readyRoom, recordingRoom, WHY } from './room.ts'

const left = (store: string, source = 'judge') =>
  ({ is: 'store-left', source, run: 1, store, code: 'ENOSPC', reason: WHY }) as const

test('a store that fails its probe is left by all, and the other goes on', () => {
  const room = recordingRoom()
  room.forget().probe('mirror', false)
  assert.is(room.state.stores.mirror!.is, 'failed')
  assert.equal(
    room.done('leave-store').map(({ source, store }) => `${source} ${store}`),
    ['judge mirror', 'mics mirror'],
  )
  assert.is(room.done('leave-journal').length, 1)
  assert.equal(
    room.journalled('store').map((one) => one.to),
    ['failed'],
  )
  assert.is(room.lamp, 'blinking')
})

test('a worker that left a store by itself is not told to', () => {
  const room = recordingRoom()
  room.forget().tell(left('mirror'))
  assert.equal(
    room.done('leave-store').map((one) => one.source),
    ['mics'],
  )
  room.forget().tell(left('mirror', 'mics'))
  assert.equal(room.commands, [])
})

test('the last store is never left, and the clerk reads NO DISK', async () => {
  const { troublesOf } = await import('../../controller/core/trouble.ts')
  const room = recordingRoom()
  room.probe('mirror', false)
  room.forget().probe('main', false)
  assert.equal(room.done('leave-store'), [])
  assert.equal(room.done('leave-journal'), [])
  assert.match(troublesOf(room.state)[0]?.why.clerk ?? '', 'NO DISK')
})

test('three good probes bring a failed store back: joined first, then completed', () => {
  const room = recordingRoom()
  room.probe('mirror', false)
  room.forget()
  room.probe('mirror')
  room.probe('mirror')
  assert.equal(room.commands, [])
  const commands = room.probe('mirror')
  assert.equal(
    commands.map((one) => (one.do === 'journal' ? one.body.kind : one.do)),
    ['store', 'join-journal', 'join-store', 'join-store', 'rebuild-store'],
  )
  assert.is(room.state.stores.mirror!.is, 'rebuilding')
  room.rebuilt('mirror')
  assert.is(room.state.stores.mirror!.is, 'good')
})

test('a bad probe between good ones begins the count anew', () => {
  const room = recordingRoom()
  for (const ok of [false, true, true, false, true, true]) room.probe('mirror', ok)
  assert.is(room.state.stores.mirror!.is, 'failed')
})

test('a rebuild that fails is tried again', () => {
  const room = recordingRoom()
  for (const ok of [false, true, true, true]) room.probe('mirror', ok)
  room.forget().rebuilt('mirror', false)
  assert.is(room.state.stores.mirror!.is, 'good')
  assert.equal(room.done('leave-store'), [], 'only its own writes and probes fail a disk')
  room.pass(50_000)
  assert.equal(room.done('rebuild-store'), [])
  room.pass(12_000)
  assert.is(room.done('rebuild-store').length, 1)
})

test('at the start each store is completed from the other: one may have missed something meanwhile', () => {
  const room = new Room()
  room.start()
  room.tick()
  for (const store of ['main', 'mirror']) room.probe(store)
  const asked = () => room.done('rebuild-store').map(({ store, from }) => `${store} from ${from}`)
  assert.equal(asked(), ['main from mirror'])
  room.rebuilt('main')
  assert.equal(asked(), ['main from mirror', 'mirror from main'])
  room.rebuilt('mirror')
  room.probe('main')
  assert.is(asked().length, 2)
  assert.equal(
    Object.values(room.state.stores).map(({ is }) => is),
    ['good', 'good'],
  )
})

test('when both had failed, the first to come back is good at once and joined', () => {
  const room = recordingRoom()
  room.probe('mirror', false)
  room.probe('main', false)
  room.forget()
  for (let i = 0; i < 3; i++) room.probe('main')
  assert.is(room.state.stores.main!.is, 'good')
  assert.is(room.done('join-store').length, 2)
  assert.equal(room.done('rebuild-store'), [])
})

/** Main came back alone, after both had failed. */
const roomWithDebt = (): Room => {
  const room = recordingRoom()
  room.probe('mirror', false)
  room.probe('main', false)
  for (let i = 0; i < 3; i++) room.probe('main')
  return room.forget()
}

const comeBack = (room: Room, store: string): void => {
  for (let i = 0; i < 3; i++) room.probe(store)
}
const rebuilds = (room: Room): string[] => room.done('rebuild-store').map(({ from, store }) => `${from} to ${store}`)

test('a store that came back with nothing to copy from is completed once the other is', () => {
  const room = roomWithDebt()
  comeBack(room, 'mirror')
  assert.equal(rebuilds(room), ['main to mirror'])
  room.rebuilt('mirror')
  assert.equal(rebuilds(room), ['main to mirror', 'mirror to main'])
  assert.is(room.state.stores.main!.is, 'rebuilding')
  assert.equal(room.done('leave-store'), [])
  room.rebuilt('main')
  room.pass(4_000)
  assert.equal(rebuilds(room), ['main to mirror', 'mirror to main'])
  assert.equal([room.state.stores.main!.is, room.state.stores.mirror!.is], ['good', 'good'])
})

test('being late in between pays no debt', () => {
  const room = roomWithDebt()
  room.tell({ is: 'store-late', source: 'judge', run: 1, store: 'main', waitingMs: 4_000 })
  comeBack(room, 'mirror')
  assert.equal(rebuilds(room), [], 'each lacks something, and a late disk is not burdened')
  room.pass(4_000)
  assert.equal(rebuilds(room), ['mirror to main'])
  room.rebuilt('main')
  room.probe('mirror')
  assert.equal(rebuilds(room), ['mirror to main', 'main to mirror'])
})

test('a debt is not paid while a hearing closes', () => {
  const room = roomWithDebt()
  comeBack(room, 'mirror')
  room.press('stop')
  room.rebuilt('mirror')
  assert.equal(rebuilds(room), ['main to mirror'])
  room.closeAll()
  room.probe('main')
  assert.equal(rebuilds(room), ['main to mirror', 'mirror to main'])
})

test('the end of an older rebuild is not taken for that of the present one', () => {
  const room = recordingRoom()
  for (const ok of [false, true, true, true]) room.probe('mirror', ok)
  const [older] = room.done('rebuild-store')
  room.atMs += 1_000
  for (const ok of [false, true, true, true]) room.probe('mirror', ok)
  room.forget()
  for (const ok of [true, false])
    room.tell({ is: 'rebuild-ended', store: 'mirror', begunMs: older!.begunMs, ok, copiedBytes: 5, reason: WHY })
  assert.is(room.state.stores.mirror!.is, 'rebuilding')
  assert.equal(room.commands, [])
  room.rebuilt('mirror')
  assert.is(room.state.stores.mirror!.is, 'good')
})

test('outside a hearing a rebuild needs no joining', () => {
  const room = readyRoom()
  for (const ok of [false, true, true, true]) room.probe('mirror', ok)
  assert.equal(
    room.commands.map((one) => one.do),
    ['rebuild-store'],
  )
})

test('while a hearing closes no store is joined', () => {
  const room = recordingRoom()
  room.probe('mirror', false)
  room.press('stop')
  room.forget()
  for (let i = 0; i < 4; i++) room.probe('mirror')
  assert.equal(room.done('join-journal'), [])
  room.closeAll()
  room.probe('mirror')
  assert.is(room.done('rebuild-store').length, 1)
})

test('a store whose queue grows is late, still written to, and good again once it is quiet', () => {
  const room = recordingRoom()
  room.tell({ is: 'store-late', source: 'judge', run: 1, store: 'mirror', waitingMs: 4_000 })
  assert.is(room.state.stores.mirror!.is, 'late')
  room.probe('mirror')
  assert.is(room.state.stores.mirror!.is, 'late')
  room.pass(4_000)
  assert.is(room.state.stores.mirror!.is, 'good')
  assert.equal(room.done('leave-store'), [])
})

test('a store whose probe is not answered is late with a reason', () => {
  const room = recordingRoom()
  room.pass(6_000, { deadStores: ['mirror'] })
  const store = room.state.stores.mirror!
  assert.is(store.is, 'late')
  assert.match('reason' in store ? store.reason.engineer : '', 'no probe was answered')
})

test('a store that never answers at all is late too', () => {
  const room = readyRoom({ stores: ['main', 'mirror', 'third'] })
  room.state = { ...room.state, stores: { ...room.state.stores, third: { is: 'unknown', sinceMs: room.atMs } } }
  room.pass(6_000)
  assert.is(room.state.stores.third!.is, 'late')
})

test('a journal that cannot be written to fails its store', () => {
  const room = recordingRoom()
  room.forget().tell({ is: 'journal-failed', store: 'main', reason: WHY })
  assert.is(room.state.stores.main!.is, 'failed')
  assert.is(room.done('leave-store').length, 2)
})

test.run()
