import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Entry } from '../../controller/journal/entry.ts'
import { type LostRange, repairRanges } from '../../controller/ports/store/repair.ts'
import { buildHearing } from '../builders/hearing-folder.ts'

interface Disks {
  main: string
  mirror: string
  ranges: LostRange[]
}
const test = suite<Disks>('repair')
const dirs: string[] = []
test.before.each((context) => {
  const dir = mkdtempSync(join(tmpdir(), 'verbatim-repair-'))
  dirs.push(dir)
  context.main = join(dir, 'main')
  context.mirror = join(dir, 'mirror')
  const { journal } = buildHearing(join(context.main, 'h'))
  buildHearing(join(context.mirror, 'h'))
  context.ranges = journal
    .toString()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Entry)
    .flatMap((entry) => (entry.kind === 'fragments' ? entry.fragments : []))
    .filter(({ file }) => file === 'judge/0001.mp4')
})
test.after(() => {
  for (const dir of dirs) rmSync(dir, { recursive: true, force: true })
})

const FILE = 'h/judge/0001.mp4'
const repair = ({ main, mirror, ranges }: Disks) =>
  repairRanges({ from: main, to: mirror, hearing: 'h', ranges, what: 'spoiled' })
const isSame = ({ main, mirror }: Disks) => readFileSync(join(main, FILE)).equals(readFileSync(join(mirror, FILE)))
const spoil = (path: string, at: number): Buffer => {
  const bytes = readFileSync(path)
  bytes[at]! ^= 0x10
  writeFileSync(path, bytes)
  return bytes
}

test('a spoiled fragment is put back, and what stood there is kept beside the hearings', async (disks) => {
  const spoiled = spoil(join(disks.mirror, FILE), 400)
  const repaired = await repair({ ...disks, ranges: disks.ranges.slice(1, 2) })
  assert.equal([repaired.length, isSame(disks)], [1, true])
  const kept = readdirSync(join(disks.mirror, '.set-aside/h/judge'))
  assert.ok(readFileSync(join(disks.mirror, '.set-aside/h/judge', kept[0]!)).equals(spoiled))
})

test('a file that was cut, and one that is gone, are whole again', async (disks) => {
  truncateSync(join(disks.mirror, FILE), 350)
  assert.is((await repair(disks)).length, disks.ranges.length)
  assert.ok(isSame(disks))
  rmSync(join(disks.mirror, FILE))
  assert.is((await repair(disks)).length, disks.ranges.length)
  assert.ok(isSame(disks))
})

test('what is whole on neither disk is left as it is', async (disks) => {
  const spoiled = spoil(join(disks.mirror, FILE), 400)
  spoil(join(disks.main, FILE), 410)
  assert.equal(await repair({ ...disks, ranges: disks.ranges.slice(1, 2) }), [])
  assert.ok(readFileSync(join(disks.mirror, FILE)).equals(spoiled))
  assert.not(existsSync(join(disks.mirror, '.set-aside')))
})

test('each disk has another piece spoiled: each helps the other', async (disks) => {
  spoil(join(disks.mirror, FILE), 10)
  spoil(join(disks.main, FILE), 900)
  const { main, mirror, ranges } = disks
  assert.is(
    (await repairRanges({ from: main, to: mirror, hearing: 'h', ranges: ranges.slice(0, 1), what: 'spoiled' })).length,
    1,
  )
  assert.is(
    (await repairRanges({ from: mirror, to: main, hearing: 'h', ranges: ranges.slice(2, 3), what: 'spoiled' })).length,
    1,
  )
  assert.ok(isSame(disks))
})

test('a write that was cut off is mended where the file reaches to it, and nowhere else', async (disks) => {
  const { main: from, mirror: to, ranges } = disks
  const torn = () => repairRanges({ from, to, hearing: 'h', ranges: ranges.slice(2), what: 'torn' })
  const path = join(to, FILE)
  // Its length came to the disk, its bytes did not.
  const whole = readFileSync(path)
  writeFileSync(path, Buffer.concat([whole.subarray(0, ranges[2]!.offset), Buffer.alloc(500)]))
  assert.is((await torn()).length, ranges.length - 2)
  assert.ok(isSame(disks))
  assert.not(existsSync(join(to, '.set-aside')))
  truncateSync(path, ranges[1]!.offset)
  assert.equal(await torn(), [], 'no hole is made')
  rmSync(path)
  assert.equal(await torn(), [])
  assert.not(existsSync(path))
})

test.run()
