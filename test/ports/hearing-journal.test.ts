import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { reason } from '../../controller/base/reason.ts'
import { JournalReader } from '../../controller/journal/read.ts'
import { HearingJournal } from '../../controller/ports/journal/hearing-journal.ts'
import { sha256 } from '../builders/hash.ts'
import { makeStore } from '../builders/store.ts'

interface Disks {
  dir: string
  journal: HearingJournal
  failed: string[]
}
const test = suite<Disks>('hearing journal')
test.before.each((context) => {
  context.dir = mkdtempSync(join(tmpdir(), 'verbatim-journal-'))
  context.failed = []
  for (const name of ['a', 'b']) makeStore(join(context.dir, name))
  context.journal = new HearingJournal({
    hearing: 'h',
    onStored: () => {},
    onFailure: (store) => context.failed.push(store),
  })
})
test.after.each(async ({ dir, journal }) => {
  await journal.close()
  rmSync(dir, { recursive: true, force: true })
})

const at = (dir: string, name: string) => ({ name, path: join(dir, name) })
const marks = (journal: HearingJournal, count: number): void => {
  for (let i = 0; i < count; i++)
    journal.append({ atMs: i, utcMs: 1_800_000_000_000 + i }, { kind: 'mark', mediaMs: i, note: 'n', by: 'b' })
}
const read = (dir: string, name: string): { entries: number; faults: number } => {
  const reader = new JournalReader(sha256)
  reader.push(readFileSync(join(dir, name, 'h/journal.ndjson')))
  reader.end()
  return { entries: reader.count, faults: reader.faults }
}

test('two stores hold the same whole chain', async ({ dir, journal }) => {
  for (const name of ['a', 'b']) journal.join(at(dir, name))
  marks(journal, 50)
  await journal.settle()
  for (const name of ['a', 'b']) assert.equal(read(dir, name), { entries: 50, faults: 0 })
})

test('durable is what one store has, and what none has is not', async ({ dir, journal }) => {
  marks(journal, 5)
  let isDurable = false
  const durable = journal.durable().then(() => {
    isDurable = true
  })
  await new Promise((resolve) => setTimeout(resolve, 50))
  assert.not(isDurable)
  journal.join(at(dir, 'a'))
  await durable
  assert.equal(read(dir, 'a'), { entries: 5, faults: 0 })
  await journal.durable()
})

test('both fail one after the other; the one that went on longer is joined again and loses nothing', async (disks) => {
  const { dir, journal } = disks
  for (const name of ['a', 'b']) journal.join(at(dir, name))
  marks(journal, 20)
  await journal.settle()
  journal.leave('b', reason('gone'))
  marks(journal, 100)
  await journal.settle()
  journal.leave('a', reason('gone'))
  marks(journal, 10)
  journal.join(at(dir, 'a'))
  marks(journal, 10)
  await journal.settle()
  assert.equal(read(dir, 'a'), { entries: 140, faults: 0 })
  journal.join(at(dir, 'b'))
  marks(journal, 5)
  await journal.settle()
  assert.equal(read(dir, 'b'), { entries: 145, faults: 0 })
  assert.equal(disks.failed, ['b', 'a'])
})

test('a store rejoins while the other, which failed first, is gone for good', async ({ dir, journal }) => {
  for (const name of ['a', 'b']) journal.join(at(dir, name))
  marks(journal, 20)
  await journal.settle()
  journal.leave('b', reason('gone'))
  renameSync(join(dir, 'b'), join(dir, 'b-gone'))
  marks(journal, 20)
  await journal.settle()
  journal.leave('a', reason('full'))
  marks(journal, 5)
  journal.join(at(dir, 'a'))
  await journal.settle()
  assert.equal(read(dir, 'a'), { entries: 45, faults: 0 })
})

test('a copy that differs is set aside, never deleted', async ({ dir, journal }) => {
  journal.join(at(dir, 'a'))
  marks(journal, 10)
  mkdirSync(join(dir, 'b/h'), { recursive: true })
  writeFileSync(join(dir, 'b/h/journal.ndjson'), 'something else altogether\n')
  journal.join(at(dir, 'b'))
  marks(journal, 10)
  await journal.settle()
  assert.equal(read(dir, 'b'), { entries: 20, faults: 0 })
})

test('the journal of another hearing is never written over', async ({ dir, journal, failed }) => {
  const other = join(dir, 'a/h/journal.ndjson')
  mkdirSync(join(dir, 'a/h'))
  writeFileSync(other, 'another hearing\n')
  for (const name of ['a', 'b']) journal.join(at(dir, name))
  marks(journal, 10)
  await journal.settle()
  assert.equal(failed, ['a'])
  assert.is(readFileSync(other, 'utf8'), 'another hearing\n')
  assert.equal(read(dir, 'b'), { entries: 10, faults: 0 })
})

test('where a disk is gone no journal grows', async ({ dir, journal, failed }) => {
  rmSync(join(dir, 'a'), { recursive: true })
  mkdirSync(join(dir, 'a'))
  for (const name of ['a', 'b']) journal.join(at(dir, name))
  marks(journal, 10)
  await journal.settle()
  assert.equal([failed, readdirSync(join(dir, 'a'))], [['a'], []])
})

test('each line is told its place, and the place is that of the line in the file', async ({ dir, journal }) => {
  journal.join(at(dir, 'a'))
  const places = [0, 1, 2].map((i) =>
    journal.append({ atMs: i, utcMs: 1_800_000_000_000 }, { kind: 'mark', mediaMs: i, note: 'n', by: 'b' }),
  )
  await journal.settle()
  const lines = readFileSync(join(dir, 'a/h/journal.ndjson'), 'utf8').trimEnd().split('\n')
  assert.equal(
    places,
    lines.map((line, upto) => ({ upto, head: sha256(Buffer.from(line)) })),
  )
  assert.is(journal.lines, 3)
})

test('after the closing only what the format allows is written', async ({ dir, journal }) => {
  journal.join(at(dir, 'a'))
  const why = reason('over')
  const stamp = { atMs: 0, utcMs: 1_800_000_000_000 }
  journal.append(stamp, { kind: 'hearing-closed', mediaMs: 0, reason: why })
  const tail = { kind: 'tail', store: 'a', file: 'x.mp4', offset: 0, bytes: 1, why } as const
  assert.is(journal.append(stamp, tail), null)
  assert.is(journal.append(stamp, { kind: 'store', store: 'a', to: 'good', reason: why })?.upto, 1)
  await journal.settle()
  assert.equal(read(dir, 'a'), { entries: 2, faults: 0 })
})

test.run()
