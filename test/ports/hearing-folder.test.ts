import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { HearingFolder } from '../../controller/ports/evidence/hearing-folder.ts'
import { sha256 } from '../builders/hash.ts'

const test = suite<{ dir: string }>('hearing folder')
test.before.each((context) => {
  context.dir = mkdtempSync(join(tmpdir(), 'verbatim-folder-'))
})
test.after.each(({ dir }) => rmSync(dir, { recursive: true, force: true }))

const bytes = Buffer.from(Array.from({ length: 3_000_000 }, (_, i) => (i * 7_919) >> 3))
const ranges = Array.from({ length: 300 }, (_, i) => ({ offset: i * 10_000, bytes: i % 2 ? 10_000 : 1 }))
const expected = ranges.map((one) => sha256(bytes.subarray(one.offset, one.offset + one.bytes)))

for (const threads of [0, 1, 2])
  test(`ranges of a file are hashed in ${threads} threads, and counted`, async ({ dir }) => {
    writeFileSync(join(dir, 'a'), bytes)
    let counted = 0
    const folder = new HearingFolder(dir, {
      threads,
      onBytes: (count) => {
        counted += count
      },
    })
    const whole = { offset: 0, bytes: bytes.length }
    const [many, one] = await Promise.all([folder.sha256('a', ranges), folder.sha256('a', [whole])])
    assert.equal([many.size, many.hashes], [bytes.length, expected])
    assert.equal(one.hashes, [sha256(bytes)])
    assert.is(counted, bytes.length + ranges.reduce((sum, range) => sum + range.bytes, 0))
    truncateSync(join(dir, 'a'), 2_000_000)
    assert.equal((await folder.sha256('a', [whole])).hashes, ['missing'])
    assert.equal(await folder.sha256('a', []), { size: 2_000_000, hashes: [] })
    await folder.close()
  })

test('what is no plain file is a fault, not an error', async ({ dir }) => {
  const folder = new HearingFolder(dir)
  symlinkSync('/dev/zero', join(dir, 'link'))
  mkdirSync(join(dir, 'folder'))
  for (const [path, why] of [
    ['link', 'unreadable'],
    ['folder', 'unreadable'],
    ['none', 'absent'],
  ] as const) {
    const read = await folder.read(path, 0, 10)
    assert.is('why' in read && read.why, why)
    const { hashes } = await folder.sha256(path, [{ offset: 0, bytes: 1 }])
    assert.is(typeof hashes[0] === 'object' && hashes[0].why, why)
  }
})

test('reads what is there, and no more', async ({ dir }) => {
  writeFileSync(join(dir, 'a'), 'abcdef')
  const folder = new HearingFolder(dir)
  for (const [offset, length, text] of [
    [0, 3, 'abc'],
    [4, 10, 'ef'],
    [6, 10, ''],
    [60, 10, ''],
  ] as const)
    assert.is(Buffer.from((await folder.read('a', offset, length)) as Uint8Array).toString(), text)
})

test.run()
