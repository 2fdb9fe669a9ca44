// Segment files that really play: real encoders, the real fragmenter, and FFmpeg as the stranger who opens them.
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Codec } from '../../controller/media/codec.ts'
import { Fragmenter } from '../../controller/media/fragmenter.ts'
import { type Encoded, encode } from '../builders/samples.ts'

const dir = mkdtempSync(join(tmpdir(), 'verbatim-head-'))
const test = suite('segment files')
test.after(() => rmSync(dir, { recursive: true, force: true }))

const SECONDS = 8
const SEGMENT_MS = 3_000
const FFPROBE_NAME = { h264: 'h264', h265: 'hevc', opus: 'opus', flac: 'flac' }

interface Segment {
  file: string
  samples: number
  startMs: number
  durationMs: number
}

const record = (name: string, { codec, samples }: Encoded, zeroMs = 1_000_000): Segment[] => {
  const fragmenter = new Fragmenter({ track: name, label: name, fragmentMs: 480, segmentMs: SEGMENT_MS, stagger: 0 })
  fragmenter.describe(codec)
  fragmenter.open({ hearing: 'h', zeroMs, utcMs: Date.UTC(2026, 10, 23, 10), openMs: zeroMs })
  const made = [...samples.flatMap((sample) => fragmenter.push(sample)), ...fragmenter.flush()]
  const segments: (Segment & { bytes: Uint8Array[] })[] = []
  for (const { startsSegment, bytes, samples: count, mediaMs, durationMs } of made) {
    const file = join(dir, `${name}-${segments.length + 1}.mp4`)
    if (startsSegment) segments.push({ file, samples: 0, startMs: mediaMs, durationMs: 0, bytes: [] })
    const segment = segments.at(-1)!
    segment.bytes.push(bytes)
    segment.samples += count
    segment.durationMs += durationMs
  }
  for (const { file, bytes } of segments) writeFileSync(file, Buffer.concat(bytes))
  return segments
}

const probe = (...words: string[]) =>
  JSON.parse(execFileSync('ffprobe', ['-v', 'error', '-of', 'json', ...words], { encoding: 'utf8' }))

const assertDecodes = (...input: string[]) => {
  const { status, stderr } = spawnSync('ffmpeg', ['-v', 'warning', ...input, '-f', 'null', '-'], { encoding: 'utf8' })
  assert.equal([status, stderr], [0, ''])
}

const timesOf = (...input: string[]): number[] =>
  probe(...input, '-show_entries', 'packet=pts_time').packets.map((packet: { pts_time: string }) =>
    Number(packet.pts_time),
  )

for (const name of ['h264', 'h265', 'opus', 'flac'] as Codec['name'][])
  test(`${name}: every segment plays on its own, and all of them as one`, () => {
    const encoded = encode(name, SECONDS)
    const segments = record(name, encoded)
    assert.ok(segments.length >= 3, `${segments.length} segments`)
    for (const { file, samples, durationMs } of segments) {
      const { streams } = probe('-count_packets', '-show_streams', file)
      assert.is(streams.length, 1)
      const [stream] = streams
      assert.is(stream.codec_name, FFPROBE_NAME[name])
      assert.is(Number(stream.nb_read_packets), samples)
      if ('width' in encoded.codec) assert.equal([stream.width, stream.height], [320, 180])
      else assert.equal([stream.sample_rate, stream.channels], ['48000', 1])
      const times = timesOf(file).sort((a, b) => a - b)
      assert.is(times[0], 0, `begins at ${times[0]} s`)
      const step = times[1]! - times[0]!
      assert.ok(
        Math.abs(times.at(-1)! - times[0]! + step - durationMs / 1_000) < 0.025,
        `${times.at(-1)} s of ${durationMs} ms`,
      )
      assertDecodes('-i', file)
    }

    const list = join(dir, `${name}.txt`)
    writeFileSync(list, segments.map(({ file }) => `file '${file}'\n`).join(''))
    const joined = ['-f', 'concat', '-safe', '0', '-i', list]
    const times = timesOf(...joined).sort((a, b) => a - b)
    assert.is(times.length, encoded.samples.length)
    const usual = { h264: 0.04, h265: 0.04, opus: 0.02, flac: 0.024 }[name]
    const steps = times.slice(2).map((time, i) => time - times[i + 1]!)
    assert.ok(
      steps.every((step) => Math.abs(step - usual) < 0.002),
      `steps from ${Math.min(...steps)} to ${Math.max(...steps)}`,
    )
    assertDecodes(...joined)
  })

for (const name of ['h264', 'h265'] as const)
  test(`${name}: each picture is shown when it was taken, though B frames come out of order`, () => {
    const encoded = encode(name, SECONDS)
    const taken = encoded.samples.map(({ monoMs }) => monoMs - encoded.firstMs)
    assert.ok(taken.some((ms, i) => ms < taken[i - 1]!))
    const shown = record(`shown-${name}`, encoded).flatMap(({ file, startMs }) =>
      timesOf(file).map((time) => startMs + time * 1_000),
    )
    assert.is(shown.length, taken.length)
    shown.forEach((ms, i) => {
      assert.ok(Math.abs(ms - taken[i]!) < 0.1, `shown at ${ms} ms, taken at ${taken[i]} ms`)
    })
  })

/** What ffmpeg hears, as 16-bit samples at 48 kHz. */
const decode = (file: string): Int16Array => {
  const bytes = execFileSync('ffmpeg', ['-v', 'error', '-i', file, '-f', 's16le', '-ar', '48000', '-'], {
    maxBuffer: 64 << 20,
  })
  return new Int16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2)
}

for (const name of ['opus', 'flac'] as const)
  test(`${name}: a click is heard where it was made`, () => {
    const clickMs = 1_500
    const encoded = encode(name, 3, clickMs)
    // As at a press: the encoder has run for a while before.
    const segments = record(`click-${name}`, encoded, encoded.firstMs + 500)
    const heard = decode(segments[0]!.file)
    const loudest = heard.reduce((best, value, i) => (Math.abs(value) > Math.abs(heard[best]!) ? i : best), 0)
    const atMs = 500 + segments[0]!.startMs + loudest / 48
    assert.ok(Math.abs(atMs - clickMs) < 1, `heard at ${atMs} ms, made at ${clickMs} ms`)
  })

test('the head carries the wall clock, the label and the place on the time line', () => {
  const [first] = record('place', encode('flac', 1))
  const { format, streams } = probe('-show_streams', '-show_format', first!.file)
  assert.match(format.tags.creation_time ?? streams[0].tags.creation_time, '2026-11-23T10:00:00')
  assert.is(streams[0].tags.handler_name, 'place')
})

test.run()
