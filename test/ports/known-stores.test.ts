import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { codeOf } from '../../controller/base/error.ts'
import { STORE_MARKER } from '../../controller/base/store-marker.ts'
import { KnownStores } from '../../controller/ports/store/known-stores.ts'

interface Room {
  dir: string
  store: string
  open: () => Promise<KnownStores>
}
const test = suite<Room>('known stores')
test.before.each((context) => {
  context.dir = mkdtempSync(join(tmpdir(), 'verbatim-known-'))
  context.store = join(context.dir, 'main')
  context.open = () => KnownStores.open(join(context.dir, 'state'))
})
test.after.each(({ dir, store }) => {
  spawnSync('umount', [store])
  rmSync(dir, { recursive: true, force: true })
})

const codeFrom = (asked: Promise<void>): Promise<string> => asked.then(() => 'fine', codeOf)
const mount = (store: string): boolean => spawnSync('mount', ['-t', 'tmpfs', 'tmpfs', store]).status === 0

test('a folder that was never seen becomes a store', async ({ store, open }) => {
  assert.is(await codeFrom((await open()).require(store)), 'fine')
  assert.ok(existsSync(join(store, STORE_MARKER)))
  assert.is(await codeFrom((await open()).require(store)), 'fine')
})

test('a known store without its marker is a disk that is gone, also after a restart', async ({ store, open }) => {
  const known = await open()
  await known.require(store)
  rmSync(store, { recursive: true })
  assert.is(await codeFrom(known.require(store)), 'ENOENT')
  mkdirSync(store)
  for (const one of [known, await open()]) assert.is(await codeFrom(one.require(store)), 'ENODEV')
  assert.not(existsSync(join(store, STORE_MARKER)))
})

test('a mount that is missing is noticed, and a new disk mounted in its place is taken', async ({ store, open }) => {
  mkdirSync(store)
  if (!mount(store)) return console.log('    left out: tmpfs cannot be mounted here')
  await (await open()).require(store)
  spawnSync('umount', [store])
  assert.is(await codeFrom((await open()).require(store)), 'ENODEV')
  mount(store)
  assert.is(await codeFrom((await open()).require(store)), 'fine')
  assert.ok(existsSync(join(store, STORE_MARKER)))
})

test.run()
