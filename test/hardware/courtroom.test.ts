// deadline: 180 s
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parseConfig, tracksOf } from '../../controller/wire/config.ts'
import { type Courtroom, startCourtroom } from '../../hardware/virtual/courtroom.ts'
import { levelDbfs, RATE } from '../../hardware/virtual/wave.ts'

const exec = promisify(execFile)
const LOOP_SECONDS = 3
const cacheDir = mkdtempSync(join(tmpdir(), 'verbatim-courtroom-'))
const small = {
  cacheDir,
  size: { width: 320, height: 180 },
  seconds: LOOP_SECONDS,
  codecs: { 'witness-camera': 'h265' as const },
}
/** As a preparation leaves it that was killed half way; no process has so high a number. */
const leftOver = join(cacheDir, '0123456789abcdef.making-4194305-aBcDeF')
let courtroom: Courtroom

interface Probe {
  streams: { codec_name: string; width: number; height: number; r_frame_rate: string }[]
  packets: { pts_time: string; size: string }[]
}

const probe = async (url: string, seconds: number): Promise<Probe> => {
  const show = ['-show_entries', 'stream=codec_name,width,height,r_frame_rate:packet=pts_time,size', '-of', 'json']
  const words = ['-v', 'error', '-rtsp_transport', 'tcp', '-read_intervals', `%+${seconds}`, ...show, url]
  const { stdout } = await exec('ffprobe', words, { timeout: 30_000, maxBuffer: 1 << 26 })
  return JSON.parse(stdout)
}

test.before(async () => {
  mkdirSync(leftOver)
  courtroom = await startCourtroom(small)
})

test.after(async () => {
  // Undefined when the start itself failed, which must be what is shown.
  await courtroom?.stop()
  rmSync(cacheDir, { recursive: true })
})

test('four cameras deliver their codec, size and 25 frames a second', async () => {
  const probes = await Promise.all(
    Object.entries(courtroom.urls).map(async ([name, url]) => [name, await probe(url, 1)] as const),
  )
  assert.is(probes.length, 4)
  for (const [name, { streams }] of probes) {
    const [video] = streams
    assert.is(streams.length, 1)
    assert.is(video?.codec_name, name === 'witness-camera' ? 'hevc' : 'h264')
    assert.equal([video?.width, video?.height, video?.r_frame_rate], [320, 180, '25/1'])
  }
})

test('time stamps go on, a frame each 40 ms, when the picture begins again', async () => {
  for (const name of ['judge-camera', 'witness-camera']) {
    const { packets } = await probe(courtroom.urls[name]!, LOOP_SECONDS * 2 + 1)
    const times = packets.map(({ pts_time }) => Number(pts_time)).filter((time) => !Number.isNaN(time))
    assert.ok(times.at(-1)! - times[0]! > LOOP_SECONDS * 2, `${name}: ${times.at(-1)! - times[0]!} s`)
    times.slice(1).forEach((time, i) => {
      const step = (time - times[i]!) * 1_000
      assert.ok(step > 38 && step < 42, `${name}: ${step} ms after ${times[i]}`)
    })
  }
})

test('cameras that were killed come back at the same address', async () => {
  const url = courtroom.urls['judge-camera']!
  await courtroom.stopCameras('SIGKILL')
  const refused = await probe(url, 1).catch(() => null)
  assert.is(refused, null)
  await courtroom.restartCameras()
  assert.is((await probe(url, 1)).streams[0]?.codec_name, 'h264')
})

test('one camera is switched by itself: frozen, off, on; the others go on', async () => {
  const { 'judge-camera': url, 'witness-camera': other } = courtroom.urls
  const sizes = async () => new Set((await probe(url!, 2)).packets.map(({ size }) => size))
  assert.ok((await sizes()).size > 5, 'it moves')
  await courtroom.turnCamera('judge-camera', 'frozen')
  assert.is((await sizes()).size, 1, 'the same picture again and again')
  await courtroom.turnCamera('judge-camera', 'off')
  assert.is(await probe(url!, 1).catch(() => null), null)
  assert.is((await probe(other!, 1)).streams.length, 1)
  await courtroom.turnCamera('judge-camera', 'on')
  assert.ok((await sizes()).size > 5)
})

test('a wrong password is refused, the right one is not', async () => {
  const locked = await startCourtroom({ ...small, user: 'recorder', password: 'right' })
  try {
    const address = locked.urls['judge-camera']!.slice('rtsp://'.length)
    const wrong = await probe(`rtsp://recorder:wrong@${address}`, 1).catch((thrown: Error) => thrown.message)
    assert.match(String(wrong), '401')
    assert.is((await probe(`rtsp://recorder:right@${address}`, 1)).streams.length, 1)
    const config = parseConfig(locked.config(['/a'], { runtimeDir: '/r', stateDir: '/s' }))
    const [judge] = config.sources
    assert.ok(judge?.kind === 'rtsp' && judge.user === 'recorder' && judge.password === 'right')
  } finally {
    await locked.stop()
  }
})

test('what a killed preparation left is removed, and nothing of the present one stays', () => {
  assert.equal(readdirSync(cacheDir), [basename(dirname(courtroom.microphones))])
})

test('prepared once: the second time is instant', async () => {
  const began = performance.now()
  const again = await startCourtroom(small)
  await again.stop()
  assert.is(again.microphones, courtroom.microphones)
  assert.ok(performance.now() - began < 5_000)
})

test('its configuration satisfies the recorder, with ten tracks', () => {
  const config = parseConfig(courtroom.config(['/a', '/b'], { runtimeDir: '/r', stateDir: '/s' }))
  const tracks = config.sources.flatMap(tracksOf)
  assert.equal(
    tracks.map(({ name }) => name),
    [
      ...['judge-camera', 'witness-camera', 'prosecution-camera', 'defence-camera'],
      ...['judge-mic', 'witness-mic', 'prosecution-mic', 'defence-mic', 'clerk-mic', 'interpreter-mic'],
    ],
  )
})

test('each microphone carries its own speaker when it speaks, and else nothing', () => {
  const file = readFileSync(courtroom.microphones)
  const { channels, seconds } = courtroom.speech
  const frames = (file.length - 68) / 12
  assert.is(frames, seconds * RATE)
  channels.forEach(({ microphone, speaks }, c) => {
    const samples = new Int16Array(frames).map((_, i) => file.readInt16LE(68 + (i * 6 + c) * 2))
    let silentFrom = 0
    for (const [from, to] of [...speaks, [seconds, seconds] as const]) {
      if (from - silentFrom > 0.05) {
        const quiet = levelDbfs(samples, silentFrom + 0.01, from - 0.01)
        assert.ok(quiet < -80 && quiet > -110, `${microphone} at ${silentFrom} s: ${quiet} dBFS`)
      }
      if (to > from) assert.ok(levelDbfs(samples, from, to) > -35, `${microphone} speaks at ${from} s`)
      silentFrom = to
    }
  })
})

test('three languages, and some speak at once', () => {
  const { channels } = courtroom.speech
  assert.equal(new Set(channels.map(({ language }) => language)), new Set(['kk', 'ru', 'en']))
  const all = channels.flatMap(({ speaks }) => speaks).sort(([a], [b]) => a - b)
  assert.ok(all.some(([from], i) => i > 0 && from < all[i - 1]![1]))
})

test.run()
