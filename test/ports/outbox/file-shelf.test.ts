// deadline: 120 s
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { FileShelf } from '../../../controller/ports/outbox/file-shelf.ts'
import { SEGMENT_EVENTS } from '../../../controller/ports/outbox/segment.ts'
import { all, closeAll, dataOf, event, openOutbox, seqs, shelfContract } from './contract.ts'

const folders: string[] = []
const newFolder = (): string => {
  folders.push(mkdtempSync(join(tmpdir(), 'verbatim-outbox-')))
  return folders.at(-1)!
}
/** A retry keeps no program alive. */
const alive = setInterval(() => {}, 1_000)
test.after(async () => {
  clearInterval(alive)
  await closeAll()
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

shelfContract(test, () => new FileShelf(newFolder()))

const filesIn = (folder: string): string[] =>
  readdirSync(join(folder, 'events'))
    .sort()
    .map((name) => join(folder, 'events', name))

const raise = async (folder: string, count: number, from = 0, urgentEvery = 0) => {
  const { outbox, told } = openOutbox(new FileShelf(folder))
  for (let n = from; n < from + count; n++) outbox.raise(event({ n }, urgentEvery > 0 && n % urgentEvery === 0))
  await outbox.settled()
  await outbox.next(1, new Set())
  return { outbox, told }
}

/** What an outbox says that is opened on the folder, as after a crash. */
const reopen = async (folder: string) => {
  const { outbox, told } = openOutbox(new FileShelf(folder))
  const shown = await outbox.next(1_000_000, new Set())
  await outbox.settled()
  const events = await all(outbox)
  const lost = events.filter(({ kind }) => kind === 'events-lost').map(dataOf)
  const raised = events.filter(({ kind }) => kind !== 'events-lost')
  return {
    outbox,
    told,
    shown,
    lost,
    raised,
    numbers: raised.map((one) => Number(dataOf(one).n)).sort((a, b) => a - b),
  }
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, n) => n)

test('files are removed when all in them is acknowledged, and only then', async () => {
  const folder = newFolder()
  const { outbox } = await raise(folder, 3 * SEGMENT_EVENTS)
  const before = filesIn(folder).length
  assert.ok(before >= 3, `${before} files`)
  await outbox.acknowledge({ upto: SEGMENT_EVENTS - 1, ahead: [] })
  const { numbers } = await reopen(folder)
  for (let n = SEGMENT_EVENTS - 1; n < 3 * SEGMENT_EVENTS; n++) assert.ok(numbers.includes(n), `${n} is gone`)
  await outbox.acknowledge({ upto: 3 * SEGMENT_EVENTS, ahead: [] })
  assert.is(filesIn(folder).length, 1)
  await outbox.close()
  const later = await reopen(folder)
  assert.is(later.outbox.waiting, 0)
  assert.equal(later.told, [])
})

test('a kill without any warning loses nothing that was raised', async () => {
  const folder = newFolder()
  await raise(folder, 700, 0, 5)
  const { numbers, lost, outbox } = await reopen(folder)
  assert.equal(numbers, upTo(700))
  assert.equal(lost, [])
  await outbox.close()
})

test('what is damaged is told once, and everything else is sent', async () => {
  const folder = newFolder()
  await raise(folder, 20)
  const [file] = filesIn(folder)
  const lines = readFileSync(file!, 'utf8').split('\n')
  lines[4] = lines[4]!.replace('"n":4', '"n":9')
  writeFileSync(file!, lines.join('\n'))
  const first = await reopen(folder)
  assert.equal(
    first.numbers,
    upTo(20).filter((n) => n !== 4),
  )
  assert.equal(first.lost, [{ why: 'damaged', count: 1, fromSeq: 5, toSeq: 5 }])
  assert.is(first.told.find(({ code }) => code === 'OUTBOX_DAMAGED')?.text, 'events 5 to 5 are gone')
  const second = await reopen(folder)
  assert.equal(second.lost, first.lost, 'the same event still waits, and there is no other')
  assert.equal(second.told, [])
  await second.outbox.acknowledge({ upto: 0, ahead: seqs(await all(second.outbox)) })
  assert.is(second.outbox.waiting, 0, 'and nobody waits for it')
})

test('a missing file in the middle is told, and so is the newest one', async () => {
  const folder = newFolder()
  await raise(folder, 3 * SEGMENT_EVENTS)
  const files = filesIn(folder)
  assert.ok(files.length >= 3)
  rmSync(files[1]!)
  const middle = await reopen(folder)
  assert.is(middle.lost.length, 1)
  const { fromSeq, toSeq } = middle.lost[0]!
  assert.equal(
    middle.numbers,
    upTo(3 * SEGMENT_EVENTS).filter((n) => n + 1 < Number(fromSeq) || n + 1 > Number(toSeq)),
  )
  await middle.outbox.close()
  const newest = filesIn(folder).at(-1)!
  const first = Number(/(\d+)\.ndjson/.exec(newest)![1])
  rmSync(newest)
  const end = await reopen(folder)
  assert.ok(
    end.lost.some((range) => Number(range.fromSeq) <= first && Number(range.toSeq) >= first + SEGMENT_EVENTS - 1),
    JSON.stringify(end.lost),
  )
  end.outbox.raise(event({ n: 9_999 }))
  await end.outbox.settled()
  assert.ok(end.outbox.last >= first + SEGMENT_EVENTS, 'no number is given twice')
})

test('a folder that is taken away while it is used is made again', async () => {
  const folder = newFolder()
  const { outbox } = await raise(folder, 10)
  rmSync(join(folder, 'events'), { recursive: true })
  for (let n = 10; n < 20; n++) outbox.raise(event({ n }))
  await outbox.settled()
  await outbox.close()
  const { numbers, outbox: again } = await reopen(folder)
  assert.equal(numbers, upTo(20).slice(10))
  assert.is(again.last >= 20, true)
})

test('a disk that takes nothing keeps nobody waiting, and loses nothing that fits into memory', async () => {
  const folder = newFolder()
  writeFileSync(join(folder, 'events'), 'no folder')
  const { outbox, told } = openOutbox(new FileShelf(folder))
  for (let n = 0; n < 2_100; n++) outbox.raise(event({ n }))
  assert.ok(
    told.some(({ code }) => code === 'OUTBOX_FULL'),
    'said at once: nobody waited',
  )
  rmSync(join(folder, 'events'))
  await outbox.settled()
  const events = await all(outbox)
  assert.is(events.length, 2_001)
  assert.equal(
    events.filter(({ kind }) => kind === 'events-lost').map((one) => dataOf(one).count),
    [100],
  )
  assert.ok(existsSync(join(folder, 'events')))
})

test('property: cut anywhere in the last write, every event confirmed before it is there, and of its own a beginning', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: 12 }),
      fc.integer({ min: 1, max: 6 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      async (before, after, where) => {
        const folder = newFolder()
        const first = await raise(folder, before)
        await first.outbox.close()
        const file = filesIn(folder).at(-1)
        const confirmed = file ? readFileSync(file).length : 0
        const second = await raise(folder, after, before)
        await second.outbox.close()
        const written = filesIn(folder).at(-1)!
        const total = readFileSync(written).length
        truncateSync(written, confirmed + Math.round((total - confirmed) * where))
        const { numbers, lost, outbox } = await reopen(folder)
        assert.equal(numbers, upTo(numbers.length))
        assert.ok(numbers.length >= before)
        assert.equal(lost, [])
        outbox.raise(event({ n: numbers.length }))
        await outbox.settled()
        await outbox.close()
        const last = await reopen(folder)
        assert.equal(last.numbers, upTo(numbers.length + 1))
        assert.equal(
          seqs(last.raised),
          upTo(numbers.length + 1).map((n) => n + 1),
        )
        rmSync(folder, { recursive: true })
      },
    ),
    { numRuns: 60 },
  )
})

test('property: one byte turned anywhere costs at most the events it is told of, and no number is given twice', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 12 }),
      fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
      fc.integer({ min: 1, max: 255 }),
      async (count, where, turn) => {
        const folder = newFolder()
        const { outbox } = await raise(folder, count)
        await outbox.close()
        const file = filesIn(folder)[0]!
        const bytes = readFileSync(file)
        const at = Math.floor(bytes.length * where)
        bytes[at] = bytes[at]! ^ turn
        writeFileSync(file, bytes)
        const { numbers, lost, outbox: again } = await reopen(folder)
        const gone = upTo(count).filter((n) => !numbers.includes(n))
        assert.ok(gone.length <= 2, `${gone.length} gone`)
        for (const n of gone)
          assert.ok(
            lost.some((range) => Number(range.fromSeq) <= n + 1 && n + 1 <= Number(range.toSeq)),
            `${n + 1} is gone and not told of`,
          )
        again.raise(event({ n: count }))
        await again.settled()
        assert.ok(again.last > count, 'no number is given twice')
        await again.close()
        rmSync(folder, { recursive: true })
      },
    ),
    { numRuns: 150 },
  )
})

test('property: whatever is raised, acknowledged and crashed, what waits is what the model says', async () => {
  const step = fc.oneof(
    fc.record({ do: fc.constant('raise' as const), count: fc.integer({ min: 1, max: 300 }), urgent: fc.boolean() }),
    fc.record({ do: fc.constant('upto' as const), part: fc.double({ min: 0, max: 1, noNaN: true }) }),
    fc.record({
      do: fc.constant('ahead' as const),
      parts: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 5 }),
    }),
    fc.record({ do: fc.constant('crash' as const) }),
    fc.record({ do: fc.constant('torn' as const), rest: fc.integer({ min: 1, max: 200 }) }),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 14 }), async (steps) => {
      const folder = newFolder()
      let { outbox } = openOutbox(new FileShelf(folder))
      /** By number: whether it is urgent. */
      const model = new Map<number, boolean>()
      let last = 0
      const forgotten = new Set<number>()
      for (const one of steps) {
        if (one.do === 'raise') {
          for (let i = 0; i < one.count; i++) {
            outbox.raise(event({ n: last + 1 }, one.urgent))
            model.set(++last, one.urgent)
          }
          await outbox.settled()
        } else if (one.do === 'upto') {
          const upto = Math.floor(last * one.part)
          await outbox.acknowledge({ upto, ahead: [] })
          for (let seq = 1; seq <= upto; seq++) forgotten.add(seq)
        } else if (one.do === 'ahead') {
          const ahead = one.parts.map((part) => 1 + Math.floor((last - 1) * part)).filter((seq) => seq > 0)
          await outbox.acknowledge({ upto: 0, ahead })
          for (const seq of ahead) forgotten.add(seq)
        } else {
          // Nothing is closed in order. What was acknowledged and not yet written down may be sent again.
          const known = (await outbox.next(1e9, new Set())).map(({ seq }) => seq)
          const file = one.do === 'torn' ? filesIn(folder).at(-1) : undefined
          if (file && one.do === 'torn')
            appendFileSync(file, `${'a'.repeat(64)} {"specversion":"1.0",${'x'.repeat(one.rest)}`)
          ;({ outbox } = openOutbox(new FileShelf(folder)))
          const again = (await outbox.next(1e9, new Set())).map(({ seq }) => seq)
          for (const seq of known) assert.ok(again.includes(seq), `${seq} is lost`)
          for (const seq of again) forgotten.delete(seq)
        }
        const waiting = [...model].filter(([seq]) => !forgotten.has(seq))
        const wanted = [...waiting.filter(([, urgent]) => urgent), ...waiting.filter(([, urgent]) => !urgent)]
        const events = await outbox.next(1e9, new Set())
        assert.equal(
          seqs(events),
          wanted.map(([seq]) => seq),
        )
        assert.is(outbox.waiting, wanted.length)
        for (const one of events) assert.is(dataOf(one).n, one.seq)
      }
      await outbox.close()
      rmSync(folder, { recursive: true })
    }),
    { numRuns: 40 },
  )
})

test.run()
