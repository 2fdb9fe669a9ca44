// deadline: 180 s
// Real files and real failures: a full disk, one that cannot be written, one that vanishes, one that hangs.
import { execFileSync, spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { reason } from '../../controller/base/reason.ts'
import { type StoreFailure, StoreWriter } from '../../controller/capture/store-writer.ts'
import { makeStore } from '../builders/store.ts'

const dir = mkdtempSync(join(tmpdir(), 'verbatim-store-'))
const test = suite('store writer')
const mounts: string[] = []
test.after(() => {
  for (const mount of mounts) spawnSync('umount', [mount])
  rmSync(dir, { recursive: true, force: true })
})

interface Harness {
  folder: string
  writer: StoreWriter
  failures: StoreFailure[]
  confirmed: number[]
  add: (file: string, seq: number, offset: number, bytes: Uint8Array) => void
}

const INDEX = 'index/desk.ndjson'
let number = 0
const writerIn = (folder = join(makeStore(dir), `hearing-${++number}`)): Harness => {
  const failures: StoreFailure[] = []
  const confirmed: number[] = []
  const writer = new StoreWriter('main', folder, INDEX, (failure) => failures.push(failure))
  const add = (file: string, seq: number, offset: number, bytes: Uint8Array) =>
    writer.add({ file, offset, bytes, indexLine: JSON.stringify({ file, seq }), confirm: () => confirmed.push(seq) })
  return { folder, writer, failures, confirmed, add }
}
const indexOf = (folder: string): number[] =>
  readFileSync(join(folder, INDEX), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).seq)
const piece = (seq: number, length = 1_000) => new Uint8Array(length).fill(seq)

test('bytes stand where they belong, the index in order, and only then they are confirmed', async () => {
  const { folder, writer, failures, add } = writerIn()
  const confirmed: number[] = []
  let at = 0
  const expected: Uint8Array[] = []
  for (let seq = 1; seq <= 200; seq++) {
    const bytes = piece(seq, 1 + ((seq * 7_919) % 5_000))
    writer.add({
      ...{ file: 'judge/0001.mp4', offset: at, bytes, indexLine: JSON.stringify({ seq }) },
      confirm: () => {
        const written = readFileSync(join(folder, 'judge/0001.mp4'))
        assert.ok(written.length >= expected.slice(0, seq).reduce((sum, one) => sum + one.length, 0))
        assert.ok(indexOf(folder).includes(seq))
        confirmed.push(seq)
      },
    })
    expected.push(bytes)
    at += bytes.length
    if (seq % 20 === 0) await delay(1)
  }
  assert.equal(confirmed.length < 200, true)
  await writer.settle()
  assert.equal(
    confirmed,
    Array.from({ length: 200 }, (_, i) => i + 1),
  )
  assert.equal(indexOf(folder), confirmed)
  assert.equal(readFileSync(join(folder, 'judge/0001.mp4')), Buffer.concat(expected))
  assert.is(writer.waitingMs, 0)
  await writer.close()
  add('judge/0002.mp4', 201, 0, piece(1))
  await writer.settle()
  assert.equal(failures, [])
  await writer.close()
})

test('many tracks and rotations leave few files open', async () => {
  const { folder, writer, confirmed, add } = writerIn()
  for (let segment = 1; segment <= 40; segment++) {
    for (let track = 0; track < 6; track++) add(`t${track}/${segment}.mp4`, segment * 6 + track, 0, piece(segment))
    await writer.settle()
  }
  assert.is(confirmed.length, 240)
  const open = execFileSync('ls', ['-l', `/proc/${process.pid}/fd`], { encoding: 'utf8' })
  assert.ok(open.split('\n').filter((line) => line.includes(folder)).length <= 13)
  await writer.close()
  assert.not.match(execFileSync('ls', ['-l', `/proc/${process.pid}/fd`], { encoding: 'utf8' }), folder)
})

test('a segment file that is there already is never overwritten', async () => {
  const { folder, writer, failures, confirmed, add } = writerIn()
  mkdirSync(join(folder, 'judge'), { recursive: true })
  writeFileSync(join(folder, 'judge/0001.mp4'), 'evidence')
  add('judge/0001.mp4', 1, 0, piece(1))
  await writer.settle()
  assert.equal([failures.map(({ code }) => code), confirmed], [['EEXIST'], []])
  assert.is(readFileSync(join(folder, 'judge/0001.mp4'), 'utf8'), 'evidence')
})

test('a store that joins later takes files from their first byte only', () => {
  const { writer } = writerIn()
  assert.equal(
    [writer.takes('a.mp4', false), writer.takes('b.mp4', true), writer.takes('b.mp4', false)],
    [false, true, true],
  )
  writer.fail('LEFT', reason('left'))
  assert.equal([writer.takes('c.mp4', true), writer.holds('b.mp4')], [false, true])
})

/** A file system of its own, on a loop device or in memory; null where mounting is not allowed. */
const mounted = (type: 'ext4' | 'tmpfs'): string | null => {
  const point = join(dir, `mount-${++number}`)
  mkdirSync(point)
  const image = `${point}.img`
  if (type === 'ext4') {
    execFileSync('truncate', ['-s', '4M', image])
    if (spawnSync('mkfs.ext4', ['-q', image]).status !== 0) return null
  }
  const words = type === 'ext4' ? ['-o', 'loop', image, point] : ['-t', 'tmpfs', '-o', 'size=1M', 'tmpfs', point]
  if (spawnSync('mount', words).status !== 0) return null
  mounts.push(point)
  return point
}

for (const type of ['ext4', 'tmpfs'] as const)
  test(`a full disk (${type}): told once as full, nothing is confirmed that is not there`, async () => {
    const point = mounted(type)
    if (!point) return console.log(`    left out: ${type} cannot be mounted here`)
    const { folder, writer, failures, confirmed, add } = writerIn(join(makeStore(point), 'h'))
    for (let seq = 1; seq <= 80; seq++) {
      add('judge/0001.mp4', seq, (seq - 1) * 100_000, piece(seq, 100_000))
      // The first ones by themselves; later ones may be one write together, of which none is confirmed.
      if (seq <= 3) await writer.settle()
      else await delay(2)
    }
    await writer.settle()
    assert.equal(
      failures.map(({ code, reason: { clerk } }) => [code, clerk]),
      [['ENOSPC', 'The disk is full.']],
    )
    assert.ok(confirmed.length > 2 && confirmed.length < 80)
    const written = readFileSync(join(folder, 'judge/0001.mp4'))
    for (const seq of confirmed) assert.equal(written[seq * 100_000 - 1], seq)
    assert.equal(indexOf(folder).slice(0, confirmed.length), confirmed)
  })

test('a disk that becomes read-only', async () => {
  const point = mounted('tmpfs')
  if (!point) return console.log('    left out: tmpfs cannot be mounted here')
  const { writer, failures, confirmed, add } = writerIn(join(makeStore(point), 'h'))
  add('judge/0001.mp4', 1, 0, piece(1))
  await writer.settle()
  await writer.close()
  execFileSync('mount', ['-o', 'remount,ro', point])
  add('judge/0002.mp4', 2, 0, piece(2))
  await writer.settle()
  assert.equal(
    [failures.map(({ code, reason: { clerk } }) => [code, clerk]), confirmed],
    [[['EROFS', 'The disk cannot be written.']], [1]],
  )
})

test('places where nothing can be written fail, they do not hang', async () => {
  const file = join(dir, 'file')
  writeFileSync(file, '')
  for (const folder of [
    '/proc/verbatim-nowhere',
    '/proc/verbatim-nowhere/h',
    '/sys/verbatim-nowhere/h',
    join(file, 'h'),
  ]) {
    const { writer, failures, confirmed, add } = writerIn(folder)
    add('judge/0001.mp4', 1, 0, piece(1))
    await Promise.race([writer.settle(), delay(3_000)])
    assert.equal([failures.length, confirmed], [1, []], folder)
  }
})

test('a store that vanishes is gone: nothing grows in its place', async () => {
  const store = join(dir, `vanishing-${++number}`)
  const { writer, failures, confirmed, add } = writerIn(join(makeStore(store), 'h'))
  add('judge/0001.mp4', 1, 0, piece(1))
  await writer.settle()
  renameSync(store, `${store}-gone`)
  add('judge/0002.mp4', 2, 0, piece(2))
  await writer.settle()
  assert.equal(
    [failures.map(({ code, reason: { clerk } }) => [code, clerk]), confirmed],
    [[['ENODEV', 'The disk is gone.']], [1]],
  )
  assert.not(existsSync(store))
})

test('nothing is written into the empty folder where a disk was mounted', async () => {
  const point = join(dir, `mount-point-${++number}`)
  mkdirSync(point)
  const { writer, failures, add } = writerIn(join(point, 'h'))
  add('judge/0001.mp4', 1, 0, piece(1))
  await writer.settle()
  assert.equal(
    failures.map(({ code }) => code),
    ['ENODEV'],
  )
  assert.equal(readdirSync(point), [])
})

test('a disk that was given up takes nothing more and confirms nothing', async () => {
  const { writer, failures, confirmed, add } = writerIn()
  add('judge/0001.mp4', 1, 0, piece(1))
  writer.fail('STALLED', reason('The disk does not answer.'))
  writer.fail('STALLED', reason('again'))
  add('judge/0001.mp4', 2, 1_000, piece(2))
  await writer.settle()
  await delay(200)
  await writer.close()
  assert.equal([failures.length, confirmed], [1, []])
})

test('several may wait for a store to settle', async () => {
  const { writer, add } = writerIn()
  add('judge/0001.mp4', 1, 0, piece(1))
  const settled = await Promise.race([
    Promise.all([writer.settle(), writer.settle(), writer.close()]),
    delay(3_000, 'hangs'),
  ])
  assert.not.equal(settled, 'hangs')
})

test.run()
