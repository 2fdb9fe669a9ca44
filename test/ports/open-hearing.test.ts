import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { readClosedJournal } from '../../controller/ports/journal/closed-journal.ts'
import { readOpenHearing } from '../../controller/ports/recovery/open-hearing.ts'
import { buildHearing } from '../builders/hearing-folder.ts'

interface Disks {
  stores: { name: string; path: string }[]
  journals: string[]
}
const test = suite<Disks>('journals of two disks')
const dirs: string[] = []
const build = (context: Disks, closed: boolean): void => {
  const dir = mkdtempSync(join(tmpdir(), 'verbatim-open-'))
  dirs.push(dir)
  context.stores = ['main', 'mirror'].map((name) => ({ name, path: join(dir, name) }))
  context.journals = context.stores.map(({ path }) => join(path, 'h/journal.ndjson'))
  for (const { path } of context.stores) buildHearing(join(path, 'h'), { closed })
}
test.after(() => {
  for (const dir of dirs) rmSync(dir, { recursive: true, force: true })
})

const spoil = (path: string): void => {
  const bytes = readFileSync(path)
  bytes[bytes.indexOf('"fragments":[') + 60]! ^= 1
  writeFileSync(path, bytes)
}
const first = async ({ stores }: Disks) => (await readOpenHearing('h', stores, 'boot-1'))?.stores[0]?.name

test('a damaged journal is never carried on while a good one is there, not even a shorter one', async (disks) => {
  build(disks, false)
  assert.is(await first(disks), 'main')
  spoil(disks.journals[0]!)
  assert.is(await first(disks), 'mirror')
  const lines = readFileSync(disks.journals[1]!, 'utf8').trimEnd().split('\n')
  writeFileSync(disks.journals[1]!, `${lines.slice(0, -1).join('\n')}\n`)
  assert.is(await first(disks), 'mirror')
})

test('a torn end is cut off, of an open journal and of a closed one', async (disks) => {
  build(disks, false)
  const { size } = statSync(disks.journals[1]!)
  appendFileSync(disks.journals[1]!, '{"v":1,"n":')
  const found = await readOpenHearing('h', disks.stores, 'boot-1')
  assert.equal(found?.torn, [{ store: 'mirror', bytes: 11 }])
  assert.is(statSync(disks.journals[1]!).size, size)

  build(disks, true)
  for (const journal of disks.journals) appendFileSync(journal, '{"v":1,"n":')
  const closed = await readClosedJournal('h', disks.stores)
  assert.is(closed.at.bytes, statSync(disks.journals[0]!).size)
})

test('lines are added to a closed journal by the copy that is whole', async (disks) => {
  build(disks, true)
  spoil(disks.journals[0]!)
  assert.is((await readClosedJournal('h', disks.stores)).stores[0]?.name, 'mirror')
})

test.run()
