// deadline: 300 s

import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { messageOf } from '../../controller/base/error.ts'
import { EventStore } from '../../controller/ports/event-store/event-store.ts'
import type { Done, IncomingEvent } from '../../controller/ports/event-store/job.ts'
import { METRIC_NAMES } from '../../controller/wire/fleet/metrics.ts'
import { eventOf, textOf } from './event-store/events.ts'

interface Context {
  folder: string
}
const test = suite<Context>('event-store')
const A = 'vb-aaaaaaaaaaaaaaaa'
const B = 'vb-bbbbbbbbbbbbbbbb'

test.before.each((context) => {
  context.folder = mkdtempSync(join(tmpdir(), 'verbatim-events-'))
})
test.after.each(({ folder }) => rmSync(folder, { recursive: true, force: true }))

/** A store, and what it says; `kept` waits for the next word on events. */
const open = async (folder: string, maxPages?: number) => {
  const faults: (string | null)[] = []
  let tell: (done: Done) => void = () => {}
  const onKept = (events: readonly IncomingEvent[], done: Done) => {
    if (events.length || done.holdings.length) tell(done)
  }
  const store = await EventStore.open({
    folder,
    onKept,
    onFault: (why) => faults.push(why),
    ...(maxPages ? { maxPages } : {}),
  })
  await store.write(
    { name: 'addDevice', values: [A, 'almaty', 'Room 1'] },
    { name: 'addDevice', values: [B, 'almaty', 'Room 2'] },
  )
  const keep = (...events: IncomingEvent[]) =>
    new Promise<Done>((resolve) => {
      tell = resolve
      for (const event of events) store.keep(event)
    })
  const skip = (device: string) =>
    new Promise<Done>((resolve) => {
      tell = resolve
      store.skip({ device, why: 'given up', atMs: 1 })
    })
  return { store, faults, keep, skip }
}

/** What the store has: with the hash of that very event. */
const held = (device: string, upto: number, ahead: number[] = [], event = eventOf(device, upto)) => ({
  ...{ device, upto, ahead, hash: createHash('sha256').update(event.bytes).digest('hex') },
})

test('upto is the highest without a hole, ahead what is beyond; a second time changes nothing', async ({ folder }) => {
  const { store, keep } = await open(folder)
  assert.equal(await keep(eventOf(A, 3), eventOf(A, 1), eventOf(B, 1)), {
    ...{ fresh: [0, 1, 2], contradicting: [], unchained: [], skipped: [] },
    holdings: [held(A, 1, [3]), held(B, 1)],
  })
  assert.equal(await keep(eventOf(A, 3), eventOf(A, 1)), {
    ...{ fresh: [], contradicting: [], unchained: [], skipped: [] },
    holdings: [held(A, 1, [3])],
  })
  assert.equal((await keep(eventOf(A, 2))).holdings, [held(A, 3)])
  assert.equal(
    store.read.events(A, 10).map(({ seq }) => seq),
    [3, 2, 1],
  )
  assert.is(store.read.events(A, 1)[0]!.text, textOf(A, 3))
  assert.is(store.read.countEvents(), 4)
  await store.close()
})

test('of a device that is not known nothing is kept, nor acknowledged', async ({ folder }) => {
  const { store, keep } = await open(folder)
  const done = await keep(eventOf('vb-zzzzzzzzzzzzzzzz', 1), eventOf(A, 1))
  assert.equal([done.fresh, done.holdings.map(({ device }) => device)], [[1], [A]])
  await store.close()
})

test('what comes now is named among many that are ahead', async ({ folder }) => {
  const { store, keep } = await open(folder)
  const ahead = Array.from({ length: 300 }, (_, i) => eventOf(A, i + 2))
  const [holding] = (await keep(...ahead)).holdings
  assert.equal([holding!.upto, holding!.ahead.length, holding!.ahead.at(-1), holding!.hash], [0, 200, 301, null])
  // Sent again, for the acknowledgement got lost: it is named although later ones are enough.
  const [again] = (await keep(eventOf(A, 2), eventOf(A, 3))).holdings
  assert.equal([again!.ahead.length, again!.ahead.slice(0, 2)], [200, [2, 3]])
  assert.equal((await keep(eventOf(A, 1))).holdings, [held(A, 301)])
  await store.close()
})

test('another text of the same number is kept beside it, and told', async ({ folder }) => {
  const { store, keep } = await open(folder)
  await keep(eventOf(A, 1))
  assert.equal((await keep(eventOf(A, 1, { text: 'other' }))).contradicting, [0])
  assert.equal(
    store.read
      .events(A, 10)
      .map(({ text }) => text)
      .sort(),
    [textOf(A, 1), 'other'].sort(),
  )
  await store.close()
})

test('an event that names another predecessor than the one that is there is told', async ({ folder }) => {
  const { store, keep } = await open(folder)
  const hash = createHash('sha256').update(textOf(A, 1)).digest('hex')
  assert.equal((await keep(eventOf(A, 1), eventOf(A, 2, { prev: hash }))).unchained, [])
  assert.equal((await keep(eventOf(A, 3, { prev: hash }), eventOf(A, 9, { prev: hash }))).unchained, [0])
  await store.close()
})

test('what is gone for good is stepped over: given up by the hub, or by the device itself', async ({ folder }) => {
  const { store, keep, skip } = await open(folder)
  await keep(eventOf(A, 1), eventOf(A, 5), eventOf(A, 9))
  const done = await skip(A)
  assert.equal([done.skipped, done.holdings], [[{ device: A, from: 2, to: 4 }], [held(A, 5, [9])]])
  assert.equal((await keep(eventOf(A, 10, { lost: [6, 8] }))).holdings, [
    held(A, 10, [], eventOf(A, 10, { lost: [6, 8] })),
  ])
  assert.equal(
    store.read.missing(A).map(({ fromSeq, toSeq }) => [fromSeq, toSeq]),
    [
      [2, 4],
      [6, 8],
    ],
  )
  await store.close()
})

test('a disk that is full takes nothing, acknowledges nothing, and takes again by itself', async ({ folder }) => {
  const big = 'x'.repeat(15_000)
  const { store, keep, faults } = await open(folder, 120)
  let seq = 0
  while (!faults.length) {
    store.keep(eventOf(A, ++seq, { text: `${seq}${big}` }))
    await new Promise((resolve) => setTimeout(resolve, 1))
    assert.ok(seq < 500, 'a disk of half a megabyte is never full')
  }
  assert.match(faults[0]!, /full/)
  assert.match(store.fault!, /full/)
  const writing = await store.write({ name: 'keepNotice', values: [1, 'a', big.repeat(20), 1, 1] }).catch(messageOf)
  assert.match(String(writing), /full/)
  const [before] = await store.holdings([A])
  const kept = store.read.events(A, 1_000)
  assert.is(before!.upto, kept.length)
  assert.ok(before!.upto < seq)
  // Retention makes room; then the device sends again what nobody acknowledged.
  await store.tidy({ olderThanMs: 1_000 + 20, bytes: 1e12, historyBeforeSlot: 0 })
  const again = Array.from({ length: seq - before!.upto }, (_, i) => before!.upto + 1 + i)
  const done = await keep(...again.map((n) => eventOf(A, n, { text: `${n}${big}` })))
  assert.is(done.holdings[0]!.upto, seq)
  assert.equal([faults.length, faults.at(-1), store.fault], [2, null, null])
  await store.close()
})

test('what is old goes, then the oldest of what is too much; what was acknowledged stays acknowledged', async ({
  folder,
}) => {
  const { store, keep } = await open(folder)
  const big = 'y'.repeat(15_000)
  await keep(...Array.from({ length: 300 }, (_, i) => eventOf(A, i + 1, { text: `${i}${big}` })))
  assert.is(await store.tidy({ olderThanMs: 1_101, bytes: 1e12, historyBeforeSlot: 0 }), 100)
  assert.is(store.read.countEvents(), 200)
  assert.ok((await store.tidy({ olderThanMs: 0, bytes: 3 << 20, historyBeforeSlot: 0 })) > 0)
  assert.is((await store.holdings([A]))[0]!.upto, 300)
  assert.equal((await keep(eventOf(A, 301))).holdings, [held(A, 301)])
  await store.close()
})

test('averages: what comes later for the same ten minutes is joined', async ({ folder }) => {
  const { store } = await open(folder)
  const list = (value: number) => METRIC_NAMES.map((_, i) => (i === 1 ? 0 : value))
  store.average({ device: A, slot: 7, sums: list(10), counts: list(2) })
  store.average({ device: A, slot: 7, sums: list(50), counts: list(8) })
  store.average({ device: A, slot: 9, sums: list(6), counts: list(3) })
  await store.write()
  assert.equal(store.read.history(A, METRIC_NAMES[0]!, 0), [
    { slot: 7, mean: 6 },
    { slot: 9, mean: 2 },
  ])
  assert.equal(store.read.history(A, METRIC_NAMES[1]!, 8), [{ slot: 9, mean: null }])
  await store.close()
})

test('what is about a device that is not known takes nothing from what was written with it', async ({ folder }) => {
  const { store } = await open(folder)
  await store.write(
    { name: 'keepAlarm', values: ['vb-zzzzzzzzzzzzzzzz', 'X', '{}'] },
    { name: 'keepAlarm', values: [A, 'X', '{}'] },
  )
  assert.equal(store.read.alarms(), [{ device: A, held: '{}' }])
  await store.close()
})

test('kill -9 at any moment: what was said to be durable is there, once, without a hole', async ({ folder }) => {
  const keeper = fileURLToPath(new URL('event-store/keeper.ts', import.meta.url))
  let said = 0
  for (let round = 0; round < 4; round++) {
    const child = spawn(process.execPath, ['--import', 'tsx', keeper, folder, A], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const enough = said + 60 + round * 55
    const exited = once(child, 'exit')
    child.stdout.on('data', (bytes: Buffer) => {
      said = Math.max(said, ...bytes.toString().trim().split('\n').map(Number))
      if (said >= enough) child.kill('SIGKILL')
    })
    const [, signal] = await exited
    assert.is(signal, 'SIGKILL')
    const { store } = await open(folder)
    const [holding] = await store.holdings([A])
    assert.ok(holding!.upto >= said, `${holding!.upto} of ${said}`)
    const seqs = store.read.events(A, 100_000).map(({ seq }) => seq)
    assert.equal(
      seqs.toReversed(),
      Array.from({ length: holding!.upto }, (_, i) => i + 1),
    )
    await store.close()
  }
})

test.run()
