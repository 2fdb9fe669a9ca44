import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { retryDelayMs } from '../../controller/core/source.ts'
import { Room, readyRoom, recordingRoom, WHY } from './room.ts'

test('sources wait for the first tick, then start with the run after the last one known', () => {
  const room = new Room()
  assert.equal(room.start(null, { judge: 4 }), [])
  assert.is(room.state.sources.judge!.is, 'waiting')
  room.tick()
  assert.equal(
    room.done('start-worker').map(({ source, run }) => [source, run]),
    [
      ['judge', 5],
      ['mics', 1],
    ],
  )
})

test('backoff grows from half a second to ten', () => {
  assert.equal([1, 2, 3, 4, 5, 6, 99].map(retryDelayMs), [500, 1_000, 2_000, 5_000, 10_000, 10_000, 10_000])
})

test('a worker that dies at once is started again ever later', () => {
  const room = new Room()
  room.start()
  room.tick()
  const waits: number[] = []
  for (let i = 0; i < 6; i++) {
    room.exit('judge')
    const source = room.state.sources.judge!
    if (source.is !== 'waiting') throw new Error(source.is)
    waits.push(source.retryAtMs - room.atMs)
    room.tick(source.retryAtMs - room.atMs)
    assert.is(room.state.sources.judge!.is, 'starting')
  }
  assert.equal(waits, [500, 1_000, 2_000, 5_000, 10_000, 10_000])
  assert.is(room.runOf('judge'), 7)
})

test('failures are forgiven only after a minute of steady life', () => {
  for (const [lifeMs, attempt] of [
    [50_000, 2],
    [61_000, 1],
  ] as const) {
    const room = readyRoom()
    room.exit('judge')
    room.tick(500)
    room.arm('judge')
    room.pass(lifeMs)
    room.exit('judge')
    const source = room.state.sources.judge!
    assert.is('attempt' in source && source.attempt, attempt, `${lifeMs}`)
  }
})

test('a worker that hangs is killed, told twice why, and the other goes on', () => {
  const room = recordingRoom()
  room.forget().pass(3_500, { silent: ['judge'] })
  const [kill] = room.done('kill-worker')
  assert.is(kill?.source, 'judge')
  assert.is(kill?.reason.clerk, 'Camera "Judge" stopped; it is being started again')
  assert.match(kill?.reason.engineer ?? '', 'not heard for 3000 ms')
  assert.is(room.state.sources.mics!.is, 'live')
  assert.is(room.done('kill-worker').length, 1)
})

test('a worker that is not armed in time is killed', () => {
  const room = new Room()
  room.start()
  room.tick()
  for (let i = 0; i < 60; i++) room.tick()
  assert.equal(room.done('kill-worker'), [])
  room.tick()
  assert.is(room.done('kill-worker').length, 2)
})

test('late words of a dead worker change nothing', () => {
  const room = recordingRoom()
  room.exit('judge')
  room.tick(500)
  const before = room.state
  room.tell({ is: 'worker-armed', source: 'judge', run: 1 })
  room.tell({ is: 'worker-exited', source: 'judge', run: 1, reason: WHY })
  room.store('judge', { run: 1, seq: 999 })
  assert.is(room.state.sources.judge, before.sources.judge)
})

test('a controller that slept does not call its workers dead', () => {
  const room = recordingRoom()
  room.forget().tick(20_000)
  assert.equal(room.done('kill-worker'), [])
  assert.equal(room.journalled('signal'), [])
  assert.is(room.state.stores.main!.is, 'good')
})

test('a dead worker is salvaged before its successor gets the gate, and arms meanwhile', () => {
  const room = recordingRoom()
  room.forget().exit('judge')
  assert.is(room.done('salvage').length, 1)
  room.tick(500)
  room.arm('judge')
  assert.is(room.state.sources.judge!.is, 'live')
  assert.equal(room.done('open-gate'), [])
  room.tell({ is: 'salvage-ended', source: 'judge' })
  assert.equal(
    room.done('open-gate').map(({ source, run, atMs }) => [source, run, atMs]),
    [['judge', 2, room.atMs]],
  )
})

test('a killed worker is salvaged when its exit is seen, or two seconds later', () => {
  const seen = recordingRoom()
  seen.pass(3_500, { silent: ['judge'] })
  assert.equal(seen.done('salvage'), [])
  seen.exit('judge', 1)
  assert.is(seen.done('salvage').length, 1)
  const unseen = recordingRoom()
  unseen.pass(5_500, { silent: ['judge'] })
  assert.is(unseen.done('salvage').length, 1)
})

test('a salvage that never ends keeps nobody from recording', () => {
  const room = recordingRoom()
  room.exit('judge')
  room.tick(500)
  room.arm('judge')
  room.forget().pass(10_500)
  assert.is(room.done('open-gate').length, 1)
  assert.match(room.journalled('source')[0]?.reason.engineer ?? '', 'salvage of run 1 took longer')
})

test('a source that arms while recording is recorded from then on', () => {
  const room = new Room()
  room.start()
  room.tick()
  room.probe('main')
  room.arm('mics')
  room.press('rec')
  room.tick()
  room.forget().arm('judge')
  assert.equal(
    room.done('open-gate').map((one) => one.source),
    ['judge'],
  )
  assert.equal(
    room.journalled('source').map((one) => one.to),
    ['live'],
  )
})

test.run()
