/** Streams of samples: made up, and real ones out of GStreamer's encoders as the worker gets them (GDP). */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { boxesIn } from '../../controller/media/box-reader.ts'
import { type Codec, codecFromCaps, FLAC_BLOCK } from '../../controller/media/codec.ts'
import type { IncomingSample } from '../../controller/media/fragmenter.ts'
import { GdpReader } from '../../controller/media/gdp.ts'

export const NO_TIME = 0xffff_ffff_ffff_ffffn
export const DELTA_UNIT = 0x2000

export interface GdpRecord {
  type?: number
  payload: Uint8Array
  ptsNs?: bigint
  durationNs?: bigint
  flags?: number
}

/** One record as `gdppay` writes it: 62 bytes of header, then the payload. */
export const gdpRecord = ({ type = 1, payload, ptsNs = 0n, durationNs = NO_TIME, flags = 0 }: GdpRecord): Buffer => {
  const header = Buffer.alloc(62)
  header.writeUInt8(1, 0)
  header.writeUInt16BE(type, 4)
  header.writeUInt32BE(payload.length, 6)
  header.writeBigUInt64BE(ptsNs, 10)
  header.writeBigUInt64BE(durationNs, 18)
  header.writeUInt16BE(flags, 42)
  return Buffer.concat([header, payload])
}

const TONE = (seconds: number) => `audiotestsrc num-buffers=${seconds * 100} samplesperbuffer=480 freq=440`
const PICTURE = (seconds: number) =>
  `videotestsrc num-buffers=${seconds * 25} pattern=ball ! video/x-raw,width=320,height=180,framerate=25/1,format=I420`
const ENCODERS: Record<Codec['name'], (seconds: number) => string> = {
  h264: (s) =>
    `${PICTURE(s)} ! x264enc key-int-max=25 bframes=2 b-adapt=false ! h264parse ! video/x-h264,stream-format=avc,alignment=au`,
  h265: (s) =>
    `${PICTURE(s)} ! x265enc key-int-max=25 speed-preset=ultrafast option-string=log-level=none:bframes=2 ! h265parse ! video/x-h265,stream-format=hvc1,alignment=au`,
  opus: (s) => `${TONE(s)} ! audio/x-raw,rate=48000,channels=1 ! opusenc bitrate=64000 frame-size=20`,
  flac: (s) =>
    `${TONE(s)} ! audio/x-raw,rate=48000,channels=1,format=S32LE ! audioconvert ! audio/x-raw,format=S24_32LE ! flacenc blocksize=${FLAC_BLOCK} streamable-subset=false`,
}

export interface Encoded {
  codec: Codec
  samples: IncomingSample[]
  /** Presentation time of the earliest sample, in milliseconds of the samples' clock. */
  firstMs: number
}

/** Silence with a click of one millisecond. */
const clickFile = (dir: string, seconds: number, clickMs: number): string => {
  const file = join(dir, 'click.raw')
  const sound = Buffer.alloc(seconds * 96_000)
  for (let i = -24; i < 24; i++)
    sound.writeInt16LE(Math.round(20_000 * Math.cos((i / 48) * Math.PI)), (clickMs * 48 + i) * 2)
  writeFileSync(file, sound)
  return file
}

/**
 * Really encoded media, the first sample at 1,000,000 ms of the monotonic clock.
 * @param clickMs sound that is silent but for a click there
 */
export const encode = (name: Codec['name'], seconds: number, clickMs?: number): Encoded => {
  const dir = mkdtempSync(join(tmpdir(), 'verbatim-encode-'))
  try {
    const file = join(dir, 'out.gdp')
    const click =
      clickMs === undefined
        ? null
        : `filesrc location=${clickFile(dir, seconds, clickMs)} blocksize=960 ! rawaudioparse pcm-format=s16le sample-rate=48000 num-channels=1 ! audioconvert`
    const encoder = ENCODERS[name](seconds)
    const line = `${click ? encoder.replace(TONE(seconds), click) : encoder} ! identity single-segment=true ! gdppay ! filesink location=${file}`
    execFileSync('gst-launch-1.0', ['-q', ...line.split(' ')], { stdio: ['ignore', 'ignore', 'ignore'] })
    let codec: Codec | null = null
    const raw: { ptsNs: number; durationNs: number | null; key: boolean; data: Uint8Array }[] = []
    for (const item of new GdpReader().push(readFileSync(file))) {
      if (item.is === 'caps') codec = codecFromCaps(item.text)
      else if (!Number.isNaN(item.ptsNs) && !(item.header && codec && 'rate' in codec)) raw.push(item)
    }
    const zeroNs = Math.min(...raw.map(({ ptsNs }) => ptsNs))
    const samples = raw.map(({ ptsNs, ...rest }) => ({ ...rest, monoMs: 1_000_000 + (ptsNs - zeroNs) / 1e6 }))
    return { codec: codec!, samples, firstMs: 1_000_000 }
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

export const VIDEO: Codec = { name: 'h264', width: 320, height: 180, config: new Uint8Array(8), framerate: 25 }
export const OPUS: Codec = { name: 'opus', rate: 48_000, channels: 1, config: new Uint8Array(11) }

export interface ReadSample {
  /** On the segment's time line, in ticks. */
  dts: number
  /** Before the edit list takes its delay back. */
  pts: number
  duration: number
  key: boolean
  data: Uint8Array
}

/** What the edit list in the head takes back of the times of showing, in ticks; 0 without one. */
export const delayIn = (bytes: Uint8Array): number => {
  const inside = (from: Uint8Array, type: string) => boxesIn(from).find((box) => box.type === type)?.body
  const elst = inside(inside(inside(inside(bytes, 'moov')!, 'trak')!, 'edts') ?? new Uint8Array(0), 'elst')
  return elst ? new DataView(elst.buffer, elst.byteOffset).getInt32(12) : 0
}

/** The samples in a fragment's bytes, read by offsets as a player does. */
export const samplesIn = (bytes: Uint8Array): ReadSample[] => {
  const found: ReadSample[] = []
  let at = 0
  for (const { type, body } of boxesIn(bytes)) {
    if (type === 'moof') {
      const traf = boxesIn(boxesIn(body).find((box) => box.type === 'traf')!.body)
      const view = (name: string) => {
        const box = traf.find((one) => one.type === name)!.body
        return new DataView(box.buffer, box.byteOffset, box.byteLength)
      }
      const trun = view('trun')
      let dts = Number(view('tfdt').getBigUint64(4))
      let from = at + trun.getInt32(8)
      for (let i = 0; i < trun.getUint32(4); i++) {
        const [duration, size, flags] = [0, 4, 8].map((field) => trun.getUint32(12 + i * 16 + field)) as [
          number,
          number,
          number,
        ]
        const pts = dts + trun.getInt32(12 + i * 16 + 12)
        found.push({ dts, pts, duration, key: flags === 0x02000000, data: bytes.subarray(from, from + size) })
        dts += duration
        from += size
      }
    }
    at += body.length + 8
  }
  return found
}
