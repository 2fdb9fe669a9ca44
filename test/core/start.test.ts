import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { openHearing, Room, START_MS, START_UTC } from './room.ts'

const HEARING = openHearing().id

const adopt = (
  room: Room,
  source: string,
  run: number,
  more: { hearing?: string | null; gate?: 'open' | 'closed'; armed?: boolean; stores?: string[] } = {},
) =>
  room.tell({
    ...{ is: 'worker-adopted', source, run, hearing: HEARING, gate: 'open', armed: true, stores: ['main', 'mirror'] },
    ...more,
  })

test('a start without a hearing journals nothing', () => {
  const room = new Room()
  room.start()
  room.tick()
  assert.equal(room.done('journal'), [])
  assert.is(room.state.hearing.is, 'idle')
})

test('adopted workers go on, catch up from the last known fragment, and nothing is salvaged', () => {
  const room = new Room()
  room.start(openHearing())
  adopt(room, 'judge', 3)
  adopt(room, 'mics', 2)
  room.tick()
  assert.equal(
    room.done('catch-up').map(({ source, since }) => [source, since]),
    [
      ['judge', { judge: 118 }],
      ['mics', { bench: 118, witness: 118 }],
    ],
  )
  for (const never of ['salvage', 'start-worker', 'open-gate', 'close-gate'] as const)
    assert.equal(room.done(never), [])
  assert.equal(
    room.journalled('state').map(({ from, to }) => [from, to]),
    [['interrupted', 'recording']],
  )
  assert.is(room.journalled('interrupted')[0]?.zeroMonoMs, START_MS - 60_000)
})

test('a worker of another run catches up from its first fragment', () => {
  const room = new Room()
  room.start(openHearing())
  adopt(room, 'judge', 4)
  assert.equal(room.done('catch-up')[0]?.since, { judge: 0 })
})

test('who did not live is salvaged and started, and gets its gate when the files are read', () => {
  const room = new Room()
  room.start(openHearing())
  adopt(room, 'mics', 2)
  room.tick()
  assert.equal(
    room.done('salvage').map((one) => one.source),
    ['judge'],
  )
  assert.equal(
    room.done('start-worker').map(({ source, run }) => [source, run]),
    [['judge', 4]],
  )
  room.arm('judge')
  assert.equal(room.done('open-gate'), [])
  room.tell({ is: 'salvage-ended', source: 'judge' })
  assert.is(room.done('open-gate')[0]?.zeroMs, START_MS - 60_000)
})

test('after a power cut media time goes on by the wall clock and never back', () => {
  const later = new Room()
  later.start(openHearing({ sameBoot: false, openedUtcMs: START_UTC - 600_000, lastUtcMs: START_UTC - 300_000 }))
  assert.is(later.journalled('interrupted')[0]?.zeroMonoMs, START_MS - 600_000)
  const back = new Room()
  back.start(openHearing({ sameBoot: false, openedUtcMs: START_UTC + 5_000_000 }))
  assert.is(back.journalled('interrupted')[0]?.zeroMonoMs, START_MS - 59_001)
})

test('the time of a power cut is a gap with its cause', () => {
  const room = new Room()
  room.start(openHearing({ sameBoot: false }))
  room.tick()
  room.tell({ is: 'salvage-ended', source: 'judge' })
  room.arm('judge')
  room.atMs += 1_500
  room.store('judge', { seq: 1 })
  const [gap] = room.journalled('gap')
  assert.equal(gap && [gap.fromMs, gap.toMs], [59_000, 61_250])
  assert.match(gap?.reason.clerk ?? '', 'interrupted')
})

for (const [why, plan, open] of [
  ['set to close', { afterInterruption: 'close' }, {}],
  ['older than', {}, { sameBoot: false, lastUtcMs: START_UTC - 7_200_000 }],
] as const)
  test(`an interrupted hearing is closed: ${why}`, () => {
    const room = new Room(plan)
    room.start(openHearing(open))
    room.tick()
    assert.is(room.state.hearing.is, 'closing')
    assert.match(room.journalled('state')[0]?.reason.engineer ?? '', why)
    assert.equal(room.done('finish-hearing'), [], 'salvage comes first')
    room.tell({ is: 'salvage-ended', source: 'judge' })
    room.tell({ is: 'salvage-ended', source: 'mics' })
    room.searched()
    assert.is(room.done('finish-hearing').length, 1)
    assert.is(room.journalled('hearing-closed')[0]?.mediaMs, 59_000)
    assert.equal(room.journalled('gap'), [])
  })

test('set to close, but the workers live: capture never stopped, so the hearing goes on', () => {
  const room = new Room({ afterInterruption: 'close' })
  room.start(openHearing())
  adopt(room, 'mics', 2)
  room.tick()
  assert.is(room.state.hearing.is, 'recording')
})

test('off the record stays off the record, and an open gate is closed', () => {
  const room = new Room()
  room.start(openHearing({ paused: true }))
  adopt(room, 'judge', 3)
  adopt(room, 'mics', 2, { gate: 'closed' })
  room.tick()
  assert.is(room.state.hearing.is, 'off-record')
  assert.equal(
    room.done('close-gate').map(({ source, final }) => [source, final]),
    [['judge', false]],
  )
  room.press('rec')
  assert.is(room.done('open-gate').length, 2)
})

test('a hearing that was being closed is closed', () => {
  const room = new Room()
  room.start(openHearing({ closing: true }))
  adopt(room, 'judge', 3)
  adopt(room, 'mics', 2, { gate: 'closed' })
  assert.equal(room.done('open-gate'), [])
  room.tick()
  assert.equal(
    room.done('close-gate').map((one) => one.final),
    [true, true],
  )
  room.closeAll()
  assert.is(room.state.hearing.is, 'closed')
})

test('a worker with a gate open for no hearing closes it for good', () => {
  const room = new Room()
  room.start()
  adopt(room, 'judge', 3)
  assert.equal(
    room.done('close-gate').map(({ source, final }) => [source, final]),
    [['judge', true]],
  )
  assert.is(room.state.sources.judge!.is, 'live')
})

test('a worker that is not armed yet is starting, and recorded once it is', () => {
  const room = new Room()
  room.start(openHearing())
  adopt(room, 'judge', 4, { hearing: null, gate: 'closed', armed: false })
  room.tick()
  assert.is(room.state.sources.judge!.is, 'starting')
  assert.equal(
    room.done('salvage').map((one) => one.source),
    ['judge', 'mics'],
  )
  room.tell({ is: 'salvage-ended', source: 'judge' })
  room.arm('judge')
  assert.is(room.done('open-gate').length, 1)
})

test('of two workers at one device the known one stays', () => {
  const room = new Room()
  room.start(null, { judge: 9 })
  room.tick()
  adopt(room, 'judge', 8)
  assert.equal(
    room.done('kill-worker').map((one) => one.run),
    [8],
  )
  assert.is(room.runOf('judge'), 10)
  adopt(room, 'judge', 10, { hearing: null, gate: 'closed' })
  assert.is(room.state.sources.judge!.is, 'live', 'the same worker is no second one')
  adopt(room, 'judge', 12)
  room.exit('judge')
  room.tick(500)
  assert.is(room.runOf('judge'), 13)
})

test('a worker of a source that is not configured is ended', () => {
  const room = new Room()
  room.start()
  adopt(room, 'gone', 2)
  assert.equal(
    room.done('end-worker').map(({ source, run }) => [source, run]),
    [['gone', 2]],
  )
})

test('STOP before the first tick: the hearing is finished once it is known who lives', () => {
  const room = new Room()
  room.start(openHearing())
  adopt(room, 'judge', 3)
  adopt(room, 'mics', 2)
  room.press('stop')
  room.closed('judge')
  room.closed('mics')
  assert.equal(room.done('finish-hearing'), [])
  room.tick()
  room.searched()
  assert.is(room.done('finish-hearing').length, 1)
  assert.is(room.state.recovery, null)
})

test('a run number is never used twice: journal lines and file names count too', () => {
  const room = new Room()
  room.start(openHearing({ sameBoot: false, lastRuns: { judge: 7 } }))
  room.tick(1_000)
  assert.equal(
    room.done('start-worker').map(({ source, run }) => [source, run]),
    [
      ['judge', 8],
      ['mics', 3],
    ],
  )
})

test('a worker whose connection was broken hears again what was said meanwhile', () => {
  const hearing = openHearing().id
  const stores = ['main', 'mirror']
  const connect = (room: Room, told: { hearing: string | null; gate: 'open' | 'closed' }) =>
    room.forget().tell({ is: 'worker-connected', source: 'judge', run: 3, stores, ...told })
  const room = new Room()
  room.start(openHearing())
  adopt(room, 'judge', 3)
  adopt(room, 'mics', 2)
  room.tick()
  room.press('off')
  const pressedMs = room.atMs
  room.pass(1_000)
  connect(room, { hearing, gate: 'open' })
  assert.equal(
    room.done('close-gate').map(({ source, atMs, final }) => [source, atMs, final]),
    [['judge', pressedMs, false]],
  )
  connect(room, { hearing, gate: 'closed' })
  assert.equal(room.done('close-gate'), [])
  room.press('rec')
  connect(room, { hearing, gate: 'closed' })
  assert.is(room.done('open-gate').length, 1)
  room.press('stop')
  room.closed('mics')
  connect(room, { hearing, gate: 'closed' })
  assert.equal(
    room.done('close-gate').map(({ final }) => final),
    [true],
  )
  connect(room, { hearing: null, gate: 'closed' })
  room.searched()
  assert.is(room.done('finish-hearing').length, 1)
})

test('a worker that connects again catches up', () => {
  const room = new Room()
  room.start(openHearing())
  adopt(room, 'judge', 3)
  const stores = ['main', 'mirror']
  const hearing = openHearing().id
  room.forget().tell({ is: 'worker-connected', source: 'judge', run: 3, hearing, gate: 'open', stores })
  assert.equal(
    room.done('catch-up').map((one) => one.since),
    [{ judge: 118 }],
  )
})

test('an adopted worker that had left a disk under the recorder before writes to it again', () => {
  const room = new Room()
  room.start(openHearing())
  adopt(room, 'judge', 3, { stores: ['main'] })
  adopt(room, 'mics', 2)
  assert.equal(
    room.done('join-store').map(({ source, store }) => [source, store]),
    [['judge', 'mirror']],
  )
})

test('a worker that connects again hears which disks came and went meanwhile', () => {
  const room = new Room()
  room.start(openHearing())
  adopt(room, 'judge', 3)
  adopt(room, 'mics', 2)
  room.tick()
  for (const store of ['main', 'mirror']) room.probe(store)
  const connect = (stores: string[], hearing: string | null = openHearing().id) =>
    room.forget().tell({ is: 'worker-connected', source: 'judge', run: 3, hearing, gate: 'open', stores })
  connect(['mirror'])
  assert.equal(
    room.done('join-store').map(({ store }) => store),
    ['main'],
  )
  room.probe('main', false)
  connect(['main', 'mirror'])
  assert.equal(
    room.done('leave-store').map(({ store }) => store),
    ['main'],
  )
  connect([], 'another')
  assert.equal(room.done('join-store'), [])
})

test('a worker of a hearing that is being closed joins no disk any more', () => {
  const room = new Room()
  room.start(openHearing({ closing: true }))
  room.tick()
  adopt(room, 'judge', 3, { stores: ['main'] })
  assert.equal(room.done('join-store'), [])
})

test.run()
