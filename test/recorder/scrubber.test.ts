// deadline: 120 s
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { pino } from 'pino'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { EntryBody } from '../../controller/journal/entry.ts'
import { Scrubber } from '../../controller/recorder/scrubber.ts'
import { makeIdentity } from '../builders/identity.ts'
import { goodHearing, SignedHearing } from '../builders/signed-hearing.ts'

interface Disks {
  dir: string
  stores: { name: string; path: string }[]
  added: [string, EntryBody][]
  scrubber: Scrubber
}
const test = suite<Disks>('scrubber')
const dirs: string[] = []
const built = (name: string): string => fileURLToPath(new URL(`../../dist/${name}.js`, import.meta.url))
const programs = { verbatim: built('verbatim'), lock: built('lock-process') }
const device = await makeIdentity('device')

const write = ({ stores }: Disks, id: string, hearing: SignedHearing): void => {
  for (const { path } of stores)
    for (const [file, bytes] of hearing.folder()) {
      mkdirSync(dirname(join(path, id, file)), { recursive: true })
      writeFileSync(join(path, id, file), bytes)
    }
}
const spoil = ({ stores }: Disks, store: number, file: string, at: number): void => {
  const path = join(stores[store]!.path, file)
  const bytes = readFileSync(path)
  bytes[at]! ^= 1
  writeFileSync(path, bytes)
}
const isSame = ({ stores: [a, b] }: Disks, file: string): boolean =>
  readFileSync(join(a!.path, file)).equals(readFileSync(join(b!.path, file)))

test.before.each((context) => {
  context.dir = mkdtempSync(join(tmpdir(), 'verbatim-scrub-'))
  dirs.push(context.dir)
  context.stores = ['main', 'mirror'].map((name) => ({ name, path: join(context.dir, name) }))
  context.added = []
  context.scrubber = new Scrubber({
    ...{ stateDir: join(context.dir, 'state'), stores: context.stores, log: pino({ enabled: false }), programs },
    courtKey: null,
    hearings: () => ['old', 'young'],
    addLines: async (hearing, bodies) => {
      for (const body of bodies) context.added.push([hearing, body])
    },
  })
  for (const id of ['old', 'young']) write(context, id, goodHearing(device))
})
test.after(() => {
  for (const dir of dirs) rmSync(dir, { recursive: true, force: true })
})

test('each hearing in its turn, the one not read for longest first', async ({ scrubber, added }) => {
  const read: string[] = []
  for (let i = 0; i < 3; i++) read.push((await scrubber.scrub())!.hearing)
  assert.equal(read, ['old', 'young', 'old'])
  assert.equal(added, [])
})

test('what a disk spoiled is put back from the other, and journalled', async (disks) => {
  spoil(disks, 1, 'old/judge/0001.mp4', 100)
  const scrubbed = await disks.scrubber.scrub()
  assert.equal([scrubbed?.hearing, scrubbed?.bad, scrubbed?.repaired], ['old', 0, 1])
  assert.ok(isSame(disks, 'old/judge/0001.mp4'))
  const [[hearing, line] = []] = disks.added
  assert.equal(
    [hearing, line?.kind === 'repaired' && [line.store, line.from, line.file, line.offset]],
    ['old', ['mirror', 'main', 'judge/0001.mp4', 72]],
  )
})

test('a file that is gone from one disk is made again', async (disks) => {
  rmSync(join(disks.stores[0]!.path, 'old/hall/0001.mp4'))
  const scrubbed = await disks.scrubber.scrub()
  assert.is(scrubbed?.bad, 0, scrubbed?.reason.engineer)
  assert.ok(isSame(disks, 'old/hall/0001.mp4'))
})

test('what is whole on neither disk is told, and left', async (disks) => {
  for (const store of [0, 1]) spoil(disks, store, 'old/judge/0001.mp4', 100)
  const scrubbed = await disks.scrubber.scrub()
  assert.ok(scrubbed && scrubbed.bad > 0 && scrubbed.repaired === 0)
  assert.match(scrubbed.reason.clerk, 'old is not whole')
  assert.equal(disks.added, [])
})

test('nothing is repaired by a journal that is not authentic, or not signed', async (disks) => {
  const forged = new SignedHearing(device)
    .open()
    .record()
    .record()
    .sign({ signature: Buffer.alloc(64).toString('base64') })
  const unsigned = new SignedHearing(device).open().record().record().close()
  write(disks, 'old', forged.record().close())
  write(disks, 'young', unsigned)
  for (const id of ['old', 'young']) {
    spoil(disks, 1, `${id}/judge/0001.mp4`, 100)
    const scrubbed = await disks.scrubber.scrub()
    assert.equal([scrubbed?.hearing, scrubbed?.repaired], [id, 0])
    assert.ok(scrubbed!.bad > 0)
    assert.not(isSame(disks, `${id}/judge/0001.mp4`))
  }
})

test('a folder that is gone is told, and keeps no other hearing from its turn', async (disks) => {
  rmSync(join(disks.stores[1]!.path, 'old'), { recursive: true })
  const scrubbed = await disks.scrubber.scrub()
  assert.ok(scrubbed?.hearing === 'old' && scrubbed.bad > 0)
  assert.is((await disks.scrubber.scrub())?.hearing, 'young')
})

test('what was not whole is remembered by the next recorder, until it is read again', async (disks) => {
  for (const store of [0, 1]) spoil(disks, store, 'old/judge/0001.mp4', 100)
  const { reason } = (await disks.scrubber.scrub())!
  const { dir, stores, added } = disks
  const next = new Scrubber({
    ...{ stateDir: join(dir, 'state'), stores, log: pino({ enabled: false }), programs, courtKey: null },
    hearings: () => ['old', 'young'],
    addLines: async (hearing, [body]) => void added.push([hearing, body!]),
  })
  assert.equal(await next.remembered(), { troubles: { old: reason }, due: false })
  await next.prefer('old')
  assert.is((await next.remembered()).due, true)
  write(disks, 'old', goodHearing(device))
  assert.equal([(await next.scrub())?.hearing, await next.remembered()], ['old', { troubles: {}, due: false }])
})

test('it stops at once', async ({ scrubber }) => {
  const scrubbing = scrubber.scrub()
  setTimeout(() => scrubber.stop(), 100)
  assert.is(await scrubbing, null)
})

test.run()
