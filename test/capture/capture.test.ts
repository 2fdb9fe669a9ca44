// deadline: 240 s
// The real worker process with real GStreamer, from the press to what FFmpeg hears in the files.
import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { STORE_MARKER } from '../../controller/base/store-marker.ts'
import { scanFragments } from '../../controller/media/box-reader.ts'
import type { Fragment } from '../../controller/wire/capture.ts'
import { Limits } from '../../controller/wire/config.ts'
import { loudestTone, toneStrength } from '../builders/tones.ts'
import { type Link, Worker } from '../builders/worker.ts'

const dir = mkdtempSync(join(tmpdir(), 'verbatim-capture-'))
const test = suite('capture worker')
const workers: Worker[] = []
const start = (
  ...args: ConstructorParameters<typeof Worker> extends [string, ...infer Rest] ? Rest : never
): Worker => {
  const worker = new Worker(dir, ...args)
  workers.push(worker)
  return worker
}
test.after.each(() => Promise.all(workers.splice(0).map((worker) => worker.kill())).then(() => {}))
test.after(() => rmSync(dir, { recursive: true, force: true }))

const TONES = [400, 500, 600, 700, 800, 900]
const desk = (codec: 'opus' | 'flac' = 'opus') => ({
  ...{ kind: 'test' as const, media: 'audio' as const, pattern: 'tones' as const, name: 'desk', codec },
  tracks: TONES.map((hz, i) => ({ name: `tone-${hz}`, channel: i + 1 })),
})
const camera = (pattern: 'ball' | 'black' | 'frozen') => ({
  ...{ kind: 'test' as const, media: 'video' as const, name: 'hall', pattern, width: 320, height: 180, framerate: 25 },
})

const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name !== STORE_MARKER && statSync(join(folder, name)).isFile(),
  )
const bytesBelow = (folder: string): number =>
  filesBelow(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0)
const ofTrack = (fragments: Fragment[], track: string) => fragments.filter((fragment) => fragment.track === track)
const tracksIn = (fragments: Fragment[]) => [...new Set(fragments.map(({ track }) => track))].sort()

/** Numbered without a hole, and each begins where the one before ended. */
const assertUnbroken = (fragments: Fragment[]) => {
  for (const track of tracksIn(fragments)) {
    const own = ofTrack(fragments, track)
    assert.equal(
      own.map(({ seq }) => seq),
      own.map((_, i) => i + 1),
      track,
    )
    for (const [i, next] of own.slice(1).entries())
      assert.ok(Math.abs(own[i]!.mediaMs + own[i]!.durationMs - next.mediaMs) < 0.01, `${track} after ${i + 1}`)
  }
}

const assertOnDisk = (folder: string, fragments: Fragment[]) => {
  for (const { file, offset, bytes, sha256 } of fragments) {
    const found = readFileSync(join(folder, file)).subarray(offset, offset + bytes)
    assert.is(createHash('sha256').update(found).digest('hex'), sha256, `${file} at ${offset}`)
  }
}

const hear = (file: string): Int16Array => {
  const { status, stdout, stderr } = spawnSync(
    'ffmpeg',
    ['-v', 'warning', '-i', file, '-f', 's16le', '-ac', '1', '-ar', '48000', '-'],
    { maxBuffer: 64 << 20 },
  )
  assert.equal([status, String(stderr)], [0, ''])
  return new Int16Array(stdout.buffer, stdout.byteOffset, stdout.length / 2)
}

const scan = (file: string) => {
  const bytes = readFileSync(file)
  return scanFragments(async (offset, length) => bytes.subarray(offset, offset + length), bytes.length)
}

for (const codec of ['opus', 'flac'] as const)
  test(`six microphones in ${codec}: six tracks on two disks, each with its own sound and nobody else's`, async () => {
    const worker = start(desk(codec))
    const link = await worker.ready()
    assert.equal(readdirSync(worker.stores[0]!.path), [STORE_MARKER])
    worker.open(link)
    await delay(3_000)
    await worker.close(link, true)
    const { fragments } = link
    assert.is(tracksIn(fragments).length, 6)
    assertUnbroken(fragments)
    for (const store of [0, 1]) assertOnDisk(worker.folder(store), fragments)
    for (const { stores } of fragments) assert.equal([...stores].sort(), ['main', 'mirror'])
    for (const hz of TONES) {
      const own = ofTrack(fragments, `tone-${hz}`)
      assert.ok(own[0]!.mediaMs < 60, `began ${own[0]!.mediaMs} ms after the press`)
      const seconds = own.reduce((sum, { durationMs }) => sum + durationMs, 0) / 1_000
      assert.ok(Math.abs(seconds - 3) < 0.15, `${seconds} s`)
      const file = join(worker.folder(), own[0]!.file)
      const { streams } = JSON.parse(
        execFileSync('ffprobe', ['-v', 'error', '-of', 'json', '-show_streams', file], { encoding: 'utf8' }),
      )
      assert.equal([streams[0].codec_name, streams[0].sample_rate], [codec, '48000'])
      const sound = hear(file).subarray(4_800)
      assert.is(loudestTone(sound, 48_000, TONES), hz)
      for (const other of TONES.filter((one) => one !== hz))
        assert.ok(toneStrength(sound, 48_000, other) < 0.003, `${other} Hz in the track of ${hz} Hz`)
    }
  })

test('a camera: begins with a key frame, every picture is there, and it plays', async () => {
  const worker = start(camera('ball'))
  const link = await worker.ready()
  worker.open(link)
  await delay(3_000)
  await worker.close(link, true)
  assertUnbroken(link.fragments)
  assert.equal(
    link.all('started').map(({ on, waitedMs }) => [on, waitedMs < 1_100]),
    [['key-frame', true]],
  )
  const pictures = link.fragments.reduce((sum, { samples }) => sum + samples, 0)
  const seconds = link.fragments.reduce((sum, { durationMs }) => sum + durationMs, 0) / 1_000
  assert.ok(Math.abs(pictures - seconds * 25) <= 2, `${pictures} pictures in ${seconds} s`)
  const file = join(worker.folder(), link.fragments[0]!.file)
  const { status, stderr } = spawnSync('ffmpeg', ['-v', 'warning', '-i', file, '-f', 'null', '-'], { encoding: 'utf8' })
  assert.equal([status, stderr], [0, ''])
})

test('off the record not a byte is added; afterwards a new file, and no gap', async () => {
  const worker = start(desk())
  const link = await worker.ready()
  worker.open(link)
  await delay(1_000)
  await worker.close(link, false)
  const before = bytesBelow(worker.folder())
  const told = link.fragments.length
  await delay(1_500)
  assert.is(bytesBelow(worker.folder()), before)
  assert.is(link.fragments.length, told)
  worker.open(link)
  await delay(1_000)
  await worker.close(link, true)
  for (const hz of TONES) {
    const own = ofTrack(link.fragments, `tone-${hz}`)
    assert.is(new Set(own.map(({ file }) => file)).size, 2)
    assert.ok(own.every(({ gapMs }) => gapMs === 0))
    assert.ok(own.at(-1)!.mediaMs > 2_500)
  }
})

test('garbage on its socket ends that connection; the recording goes on', async () => {
  const worker = start(desk())
  const link = await worker.ready()
  worker.open(link)
  const garbage = ['\0\u0001\u0002\n', '{"do":"erase"}\n', '{"do":"open"}\n', '[]\n', `"${'x'.repeat(2 << 20)}`]
  for (const words of garbage) {
    const other: Link = await worker.connect()
    other.socket.write(words)
    await other.until('cut off', () => other.closed, 5_000)
  }
  await worker.close(link, true)
  assert.is(link.closed, false)
  assertUnbroken(link.fragments)
  assert.ok(ofTrack(link.fragments, 'tone-400').length >= 2)
})

test('other limits and names are taken while it records, and what it records is the same', async () => {
  const worker = start(desk())
  const link = await worker.ready()
  worker.open(link)
  await link.until('fragments', () => link.fragments.length > 6)
  const labels = Object.fromEntries(TONES.map((hz) => [`tone-${hz}`, `Seat ${hz}`]))
  link.send({ do: 'notice', limits: Limits.parse({ silentDbfs: 0, silentSeconds: 1 }), labels })
  const silent = () => link.all('signal').filter(({ what }) => what === 'silent')
  await link.until('all are silent now', () => silent().length === TONES.length)
  for (const { track, reason } of silent()) assert.match(reason.clerk, `Seat ${track.slice('tone-'.length)}`)
  await worker.close(link, true)
  assert.not(link.closed)
  assertUnbroken(link.fragments)
})

test('kill -9: what was reported is whole on both disks, and only the last piece may be torn', async () => {
  const worker = start(desk())
  const link = await worker.ready()
  worker.open(link)
  await delay(2_500)
  await worker.kill()
  const { fragments } = link
  assert.ok(fragments.length >= 6 * 3)
  for (const store of [0, 1]) {
    assertOnDisk(
      worker.folder(store),
      fragments.filter(({ stores }) => stores.includes(worker.stores[store]!.name)),
    )
    for (const file of filesBelow(worker.folder(store)).filter((name) => name.endsWith('.mp4'))) {
      const found = await scan(join(worker.folder(store), file))
      const own = fragments.filter((fragment) => fragment.file === file)
      assert.ok(found.fragments.length >= own.length && found.fragments.length <= own.length + 2, file)
      assert.is(found.place?.hearing, 'h')
      assert.ok(hear(join(worker.folder(store), file)).length / 48_000 > 1.4)
    }
  }
})

test('the recorder goes away and comes back: it hears of every fragment exactly once', async () => {
  const worker = start(desk())
  const first = await worker.ready()
  worker.open(first)
  await first.until('some fragments', () => first.fragments.length >= 6)
  first.socket.destroy()
  const since = Object.fromEntries(
    TONES.map((hz) => [`tone-${hz}`, Math.max(0, ...ofTrack(first.fragments, `tone-${hz}`).map(({ seq }) => seq))]),
  )
  await delay(2_000)
  const second = await worker.connect()
  assert.equal([second.all('hello')[0]!.gate, second.all('hello')[0]!.hearing], ['open', 'h'])
  await delay(700)
  assert.equal(second.fragments, [], 'nothing before it has caught up')
  second.send({ do: 'catch-up', since })
  await second.until('caught up', () => second.all('caught-up').length === 1)
  await delay(700)
  await worker.close(second, true)
  const all = [...first.fragments, ...second.fragments]
  assertUnbroken(all)
  assertOnDisk(worker.folder(), all)
  const told = new Set(all.map(({ track, seq }) => `${track} ${seq}`))
  for (const file of filesBelow(worker.folder()).filter((name) => name.endsWith('.mp4')))
    for (const { seq } of (await scan(join(worker.folder(), file))).fragments)
      told.delete(`${file.split('/')[0]} ${seq}`)
  assert.equal([...told], [])
})

for (const pattern of ['black', 'frozen'] as const)
  test(`a ${pattern} picture is told of within its limit`, async () => {
    const worker = start(camera(pattern))
    const link = await worker.connect()
    await link.until(`${pattern}`, () => link.all('signal').length > 0, 8_000)
    const [signal] = link.all('signal')
    assert.equal([signal!.what, signal!.state, signal!.track], [pattern, 'begun', 'hall'])
  })

test('one disk that cannot be written is told of; the other has everything', async () => {
  const worker = start(desk())
  const link = await worker.ready()
  worker.stores[1] = { name: 'mirror', path: '/proc/verbatim-nowhere' }
  worker.open(link)
  await delay(1_500)
  await worker.close(link, true)
  assert.equal(
    link.all('store-failed').map(({ store }) => store),
    ['mirror'],
  )
  assertUnbroken(link.fragments)
  assertOnDisk(worker.folder(0), link.fragments)
  for (const { stores } of link.fragments) assert.equal(stores, ['main'])
})

test('SIGTERM ends it in order: what was gathered is saved', async () => {
  const worker = start(desk())
  const link = await worker.ready()
  worker.open(link)
  await delay(1_200)
  worker.child.kill('SIGTERM')
  await link.until('the end', () => !worker.isRunning, 10_000)
  const own = ofTrack(link.fragments, 'tone-900')
  const seconds = own.reduce((sum, { durationMs }) => sum + durationMs, 0) / 1_000
  assert.ok(seconds > 1.05, `${seconds} s`)
  assertOnDisk(worker.folder(1), link.fragments)
})

test.run()
