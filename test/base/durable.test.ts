import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { createFile, makeFolders, syncFolder, writeAll } from '../../controller/base/durable.ts'
import { codeOf } from '../../controller/base/error.ts'

const test = suite<{ dir: string }>('durable')
test.before.each((context) => {
  context.dir = mkdtempSync(join(tmpdir(), 'verbatim-durable-'))
})
test.after.each(({ dir }) => rmSync(dir, { recursive: true, force: true }))

const faultOf = (promise: Promise<unknown>): Promise<string | null> => promise.then(() => null, codeOf)

test('a folder is made with its parents, and again without complaint', async ({ dir }) => {
  const path = join(dir, 'a/b/c')
  await makeFolders(path)
  await makeFolders(path)
  assert.ok(statSync(path).isDirectory())
})

test('many may make the same folders at once', async ({ dir }) => {
  const paths = Array.from({ length: 40 }, (_, i) => join(dir, `x/y/${i % 4}/z`))
  await Promise.all(paths.map(makeFolders))
  for (const path of paths) assert.ok(statSync(path).isDirectory())
})

test('a file in the way is an error, not for ever', async ({ dir }) => {
  writeFileSync(join(dir, 'file'), '')
  assert.is(await faultOf(makeFolders(join(dir, 'file/inside'))), 'ENOTDIR')
})

test('a relative path is made too', async ({ dir }) => {
  const before = process.cwd()
  process.chdir(dir)
  try {
    await makeFolders('one/two')
  } finally {
    process.chdir(before)
  }
  assert.ok(statSync(join(dir, 'one/two')).isDirectory())
})

test('a folder that is not there cannot be made durable', async ({ dir }) => {
  mkdirSync(join(dir, 'here'))
  assert.is(await faultOf(syncFolder(join(dir, 'here'))), null)
  assert.is(await faultOf(syncFolder(join(dir, 'gone'))), 'ENOENT')
})

test('a write that takes less than it is given is carried on', async () => {
  const written = Buffer.alloc(100)
  const file = {
    write: async (bytes: Uint8Array, from: number, length: number, at: number) => {
      const bytesWritten = Math.min(7, length)
      written.set(bytes.subarray(from, from + bytesWritten), at)
      return { bytesWritten, buffer: bytes }
    },
  } as unknown as FileHandle
  const bytes = Buffer.from(Array.from({ length: 50 }, (_, i) => i + 1))
  await writeAll(file, bytes, 20)
  assert.equal([...written.subarray(20, 70)], [...bytes])
  assert.equal([...written.subarray(0, 20)], Array(20).fill(0))
  assert.equal([...written.subarray(70)], Array(30).fill(0))
})

test('a write in the middle leaves what stands around it', async ({ dir }) => {
  const path = join(dir, 'file')
  writeFileSync(path, 'aaaaaaaaaa')
  const file = await open(path, 'r+')
  await writeAll(file, Buffer.from('bb'), 4)
  await writeAll(file, Buffer.alloc(0), 9)
  await file.close()
  assert.is(readFileSync(path, 'utf8'), 'aaaabbaaaa')
})

test('a disk that is full says so', async () => {
  const full = await open('/dev/full', 'w')
  assert.is(await faultOf(writeAll(full, Buffer.from('x'), 0)), 'ENOSPC')
  await full.close()
})

test('of many who make a file at once one succeeds, and the file is whole', async ({ dir }) => {
  const path = join(dir, 'key')
  const made = await Promise.all(Array.from({ length: 20 }, (_, i) => createFile(path, `${i}`.repeat(100), 0o600)))
  const winners = made.flatMap((one, i) => (one ? [i] : []))
  assert.is(winners.length, 1)
  assert.is(readFileSync(path, 'utf8'), `${winners[0]}`.repeat(100))
  assert.is(statSync(path).mode & 0o777, 0o600)
  assert.equal(readdirSync(dir), ['key'])
})

test('a file that cannot be made leaves nothing behind', async ({ dir }) => {
  assert.is(await faultOf(createFile(join(dir, 'gone/key'), '', 0o600)), 'ENOENT')
  assert.equal(readdirSync(dir), [])
})

test.run()
