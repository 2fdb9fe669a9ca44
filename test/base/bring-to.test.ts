import { createHash } from 'node:crypto'
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { bringTo } from '../../controller/base/bring-to.ts'
import { codeOf } from '../../controller/base/error.ts'

interface Disks {
  dir: string
  mine: string
  other: string
}
const test = suite<Disks>('bring-to')
test.before.each((context) => {
  context.dir = mkdtempSync(join(tmpdir(), 'verbatim-bring-'))
  context.mine = join(context.dir, 'mine')
  context.other = join(context.dir, 'other')
})
test.after.each(({ dir }) => rmSync(dir, { recursive: true, force: true }))

/** More than two of the chunks in which files are compared and copied, and no multiple of them. */
const LENGTH = (2 << 20) + 12_345
const whole = Buffer.alloc(LENGTH)
for (let i = 0; i < LENGTH; i += 32) createHash('sha256').update(String(i)).digest().copy(whole, i)

const asides = (dir: string): string[] => readdirSync(dir).filter((name) => name.includes('.damaged-'))
const same = (path: string, bytes: Buffer): boolean => readFileSync(path).equals(bytes)

test('a missing copy is written whole', async ({ dir, mine, other }) => {
  writeFileSync(other, whole)
  assert.is(await bringTo(mine, other, LENGTH), LENGTH)
  assert.ok(same(mine, whole))
  assert.equal(asides(dir), [])
})

for (const have of [0, 1, 1_000, 1 << 20, (1 << 20) + 1, 2 << 20, LENGTH - 1])
  test(`a copy of ${have} bytes gets its end only`, async ({ dir, mine, other }) => {
    writeFileSync(other, whole)
    writeFileSync(mine, whole.subarray(0, have))
    const { ino } = statSync(mine)
    assert.is(await bringTo(mine, other, LENGTH), LENGTH - have)
    assert.ok(same(mine, whole))
    assert.is(statSync(mine).ino, ino, 'the same file, carried on')
    assert.equal(asides(dir), [])
  })

for (const at of [0, 999, (1 << 20) - 1, 1 << 20, LENGTH - 1])
  test(`a copy that differs at ${at} is set aside and written anew`, async ({ dir, mine, other }) => {
    const differing = Buffer.from(whole)
    differing[at]! ^= 1
    writeFileSync(other, whole)
    writeFileSync(mine, differing)
    assert.is(await bringTo(mine, other, LENGTH), LENGTH)
    assert.ok(same(mine, whole))
    const [aside = '', ...more] = asides(dir)
    assert.equal(more, [])
    assert.ok(same(join(dir, aside), differing), 'what differed is kept as it was')
  })

test('a copy that is whole stays as it is', async ({ dir, mine, other }) => {
  writeFileSync(other, whole)
  writeFileSync(mine, whole)
  assert.is(await bringTo(mine, other, LENGTH), 0)
  assert.ok(same(mine, whole))
  assert.equal(asides(dir), [])
})

test('a torn write behind the end is cut off', async ({ dir, mine, other }) => {
  writeFileSync(other, whole)
  writeFileSync(mine, Buffer.concat([whole.subarray(0, 5_000), Buffer.from('torn')]))
  assert.is(await bringTo(mine, other, 5_000), 0)
  assert.ok(same(mine, whole.subarray(0, 5_000)))
  assert.equal(asides(dir), [])
})

test('what another adds behind the end meanwhile is not cut off', async ({ mine, other }) => {
  const long = Buffer.concat([whole, whole, whole, whole])
  writeFileSync(other, long)
  writeFileSync(mine, '')
  const brought = bringTo(mine, other, long.length)
  while (statSync(mine).size === 0) await new Promise(setImmediate)
  const file = openSync(mine, 'r+')
  writeSync(file, 'added', long.length)
  closeSync(file)
  await brought
  assert.ok(same(mine, Buffer.concat([long, Buffer.from('added')])))
})

test('no more is copied than was asked for', async ({ mine, other }) => {
  writeFileSync(other, whole)
  assert.is(await bringTo(mine, other, 700), 700)
  assert.ok(same(mine, whole.subarray(0, 700)))
})

test('nothing of length nothing', async ({ mine, other }) => {
  writeFileSync(other, '')
  assert.is(await bringTo(mine, other, 0), 0)
  assert.is(statSync(mine).size, 0)
})

test('without the other there is nothing to bring, and the own copy stays', async ({ mine, other }) => {
  writeFileSync(mine, 'all there is')
  assert.is(await bringTo(mine, other, 5).catch(codeOf), 'ENOENT')
  assert.is(readFileSync(mine, 'utf8'), 'all there is')
})

test('a copy longer than the other is not lost', async ({ dir, mine, other }) => {
  writeFileSync(other, 'short')
  writeFileSync(mine, 'shorter than mine')
  await bringTo(mine, other, 10).catch(() => {})
  const kept = [mine, ...asides(dir).map((name) => join(dir, name))].filter(existsSync)
  assert.ok(kept.some((path) => readFileSync(path, 'utf8').startsWith('shorter th')))
})

test('a source that is too short is a failure, and nothing is touched', async ({ dir, mine, other }) => {
  writeFileSync(other, whole.subarray(0, 1_000))
  writeFileSync(mine, whole.subarray(0, 1_500))
  let thrown: unknown
  await bringTo(mine, other, 2_000).catch((fault: unknown) => {
    thrown = fault
  })
  assert.instance(thrown, RangeError)
  assert.ok(same(mine, whole.subarray(0, 1_500)))
  assert.equal(asides(dir), [])
})

test.run()
