import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { missingBetween } from '../../controller/core/gap.ts'
import { Room, readyRoom, recordingRoom, WHY } from './room.ts'

test('fragments are summed, and duplicates ignored', () => {
  const room = recordingRoom(2_000)
  const { fragments, bytes, seconds, gaps, endMs, confirmedMs } = room.state.tracks.judge!
  assert.equal(
    { fragments, bytes, seconds, gaps, endMs },
    { fragments: 4, bytes: 4_000, seconds: 2, gaps: 0, endMs: 2_000 },
  )
  assert.is(confirmedMs, room.atMs)
  const before = room.state.tracks
  room.store('judge', { seq: 4 })
  room.store('judge', { seq: 1 })
  assert.is(room.state.tracks, before)
})

test('fragments are journalled a tick at a time, and before any other line', () => {
  const room = recordingRoom()
  room.forget()
  room.atMs += 500
  room.store('judge')
  room.store('bench')
  assert.equal(room.commands, [])
  room.press('mark')
  assert.equal(
    room.done('journal').map((one) => one.body.kind),
    ['fragments', 'press', 'mark'],
  )
  room.store('witness')
  room.forget().tick()
  assert.equal(
    room.journalled('fragments')[0]?.fragments.map((one) => one.track),
    ['witness'],
  )
})

test('many fragments do not wait for the tick', () => {
  const room = recordingRoom()
  room.forget()
  for (let i = 0; i < 39; i++) room.store('judge')
  assert.equal(room.commands, [])
  room.store('judge')
  assert.is(room.journalled('fragments')[0]?.fragments.length, 40)
})

test('a gap the worker saw is journalled with its cause', () => {
  const room = recordingRoom()
  room.atMs += 1_500
  room.forget().store('judge', { gapMs: 1_000 })
  const [gap] = room.journalled('gap')
  assert.equal(gap && [gap.track, gap.fromMs, gap.toMs, gap.reason.engineer], [
    'judge',
    2_000,
    3_000,
    'samples missing',
  ])
  assert.is(room.state.tracks.judge!.gaps, 1)
})

test('a start that takes long after a recess is a gap, and the recess is none', () => {
  const room = recordingRoom()
  room.press('off')
  room.pass(10_000)
  room.press('rec')
  const resumedMs = room.atMs - (room.state.hearing.is === 'recording' ? room.state.hearing.hearing.zeroMs : 0)
  room.atMs += 6_000
  room.forget().store('judge')
  const [gap, ...more] = room.journalled('gap')
  assert.equal(gap && [gap.track, gap.fromMs, gap.toMs], ['judge', resumedMs, resumedMs + 5_500])
  assert.equal(more, [])
  room.forget().store('bench', { mediaMs: resumedMs + 1_000 })
  assert.equal(room.journalled('gap'), [])
})

test('between runs the core sees the gap, and blames the worker that died', () => {
  const room = recordingRoom()
  room.exit('judge')
  room.tell({ is: 'salvage-ended', source: 'judge' })
  room.pass(1_000)
  room.arm('judge')
  room.atMs += 500
  room.forget().store('judge')
  const [gap] = room.journalled('gap')
  assert.equal(gap && [gap.fromMs, gap.toMs, gap.reason.clerk], [
    2_000,
    3_000,
    'Camera "Judge" stopped: for the test; it is being started again',
  ])
})

test('what is found on disk shrinks the gap', () => {
  const room = recordingRoom()
  const found = room.fragment('judge', { mediaMs: 2_000 })
  const known = room.fragment('judge', { seq: 2, mediaMs: 500 })
  room.exit('judge')
  room.forget().tell({ is: 'fragments-found', source: 'judge', fragments: [known, found], reason: WHY })
  assert.equal(
    room.journalled('found').map((one) => one.fragments),
    [[found]],
  )
  room.tell({ is: 'salvage-ended', source: 'judge' })
  room.pass(1_000)
  room.arm('judge')
  room.atMs += 500
  room.store('judge')
  assert.equal(
    room.journalled('gap').map(({ fromMs, toMs }) => [fromMs, toMs]),
    [[2_500, 3_000]],
  )
})

test('last words of a dead worker count until its files are read', () => {
  const room = recordingRoom()
  room.exit('judge')
  room.store('judge', { run: 1, mediaMs: 2_000 })
  assert.is(room.state.tracks.judge!.fragments, 5)
  room.tell({ is: 'salvage-ended', source: 'judge' })
  room.store('judge', { run: 1, mediaMs: 2_500 })
  assert.is(room.state.tracks.judge!.fragments, 5)
})

test('a recess is no gap, nor is the wait for a key frame', () => {
  const room = recordingRoom()
  room.press('off')
  room.pass(10_000)
  room.press('rec')
  room.atMs += 2_500
  room.store('judge')
  room.pass(1_000)
  assert.equal(room.journalled('gap'), [])
})

test('what was missing before a recess and after it are two gaps', () => {
  const spans = [
    { fromMs: 0, toMs: 20_000 },
    { fromMs: 60_000, toMs: null },
  ]
  assert.equal(missingBetween(spans, 10_000, 70_000), [
    { fromMs: 10_000, toMs: 20_000 },
    { fromMs: 60_000, toMs: 70_000 },
  ])
  assert.equal(missingBetween(spans, 19_500, 62_000), [])
  assert.equal(missingBetween(spans, 61_000, 61_090), [])
  assert.equal(missingBetween(spans, 61_000, 61_200), [{ fromMs: 61_000, toMs: 61_200 }])
})

test('a track that never came misses the whole hearing, with the cause', () => {
  const room = new Room()
  room.start()
  room.tick()
  room.probe('main')
  room.arm('mics')
  room.exit('judge')
  room.press('rec')
  room.pass(3_000)
  room.press('stop')
  room.forget().closeAll()
  const [gap, ...more] = room.journalled('gap')
  assert.equal(more, [])
  assert.equal(gap && [gap.track, gap.fromMs, gap.toMs], ['judge', 0, 3_000])
  assert.match(gap?.reason.clerk ?? '', 'Camera "Judge"')
})

test('a live track without bytes stalls within three seconds, and is told when it comes back', () => {
  const room = recordingRoom(5_000)
  const lastMs = room.atMs
  room.forget()
  while (!room.journalled('signal').length) {
    room.tick()
    room.heard('judge')
    room.heard('mics')
    room.store('bench')
    room.store('witness')
  }
  assert.ok(room.atMs - lastMs <= 3_000, `${room.atMs - lastMs} ms`)
  assert.equal(
    room.journalled('signal').map((one) => [one.track, one.what]),
    [['judge', 'stalled']],
  )
  room.forget().store('judge', { gapMs: 2_500 })
  assert.equal(
    room.journalled('signal').map((one) => one.state),
    ['ended'],
  )
  assert.match(room.journalled('gap')[0]?.reason.clerk ?? '', 'Nothing arrives from Camera "Judge"')
})

test('off the record nothing stalls', () => {
  const room = recordingRoom()
  room.press('off')
  room.forget().pass(10_000)
  assert.equal(room.journalled('signal'), [])
})

test('levels are summarised each ten seconds', () => {
  const room = recordingRoom(500)
  const level = (rmsDbfs: number, voice: boolean) =>
    room.tell({ is: 'level-measured', source: 'mics', run: 1, track: 'bench', rmsDbfs, peakDbfs: rmsDbfs + 6, voice })
  level(-20, true)
  level(-200, false)
  room.pass(10_000)
  assert.equal(room.journalled('levels'), [
    { kind: 'levels', levels: [{ track: 'bench', rmsDbfs: -23, peakDbfs: -14, voice: 0.5 }] },
  ])
})

test('a checkpoint comes each ten seconds and carries every track', () => {
  const room = recordingRoom(500)
  room.forget().pass(20_000)
  const points = room.journalled('checkpoint')
  assert.is(points.length, 2)
  assert.equal(Object.keys(points[0]!.tracks), ['judge', 'bench', 'witness'])
})

test('signals are journalled when they change, and end with their worker', () => {
  const room = recordingRoom()
  const black = { is: 'signal-changed', source: 'judge', run: 1, track: 'judge', what: 'black', reason: WHY } as const
  room.forget().tell({ ...black, state: 'begun' })
  room.tell({ ...black, state: 'begun' })
  room.exit('judge')
  assert.equal(
    room.journalled('signal').map((one) => one.state),
    ['begun', 'ended'],
  )
})

test('a late store is journalled when it has caught up, once for each track', () => {
  const room = recordingRoom()
  const mirrored = { is: 'fragment-mirrored', source: 'judge', run: 1, track: 'judge', store: 'mirror' } as const
  room.tell({ ...mirrored, upto: 2 })
  room.tell({ ...mirrored, upto: 4 })
  room.forget().tick()
  assert.equal(room.journalled('stored'), [{ kind: 'stored', store: 'mirror', track: 'judge', run: 1, upto: 4 }])
})

test('a fragment that is on no disk confirms nothing', () => {
  const room = readyRoom()
  room.press('rec')
  room.atMs += 500
  room.store('judge', { stores: [] })
  assert.is(room.state.tracks.judge!.confirmedMs, null)
  room.tell({ is: 'fragment-mirrored', source: 'judge', run: 1, track: 'judge', store: 'main', upto: 1 })
  assert.is(room.state.tracks.judge!.confirmedMs, room.atMs)
})

test.run()
