/** Finds flashes and beeps in the files of a hearing, in milliseconds on CLOCK_MONOTONIC. */
import { run } from '../../../hardware/virtual/run.ts'
import { scanFile, segmentsOf } from './held-seconds.ts'

const SIDE = 8
const WHITE = 128
const LOUD = 3_000
const BEEP_MS = 50
const RATE = 48_000
const OPUS_FRAMES = 960
/** Between two beeps it is silent for longer. */
const PAUSE_FRAMES = RATE / 2
const MARGIN_FRAMES = RATE / 50

/** Presentation time of each packet, in milliseconds of the hearing's media time line. */
const packetTimes = async (path: string): Promise<number[]> => {
  const { place, timescale } = await scanFile(path)
  if (!place || !timescale) throw new Error(`${path} does not say where it stands`)
  const said = await run('ffprobe', ['-v', 'error', '-show_entries', 'packet=pts', '-of', 'csv=p=0', path])
  const pts = said
    .toString()
    .trim()
    .split('\n')
    .map((line) => Number.parseInt(line, 10))
  return pts.map((ticks) => ((place.startTicks + ticks) * 1_000) / timescale)
}

/** Where a white picture follows a dark one. */
const flashesIn = async (path: string): Promise<number[]> => {
  const times = await packetTimes(path)
  const filter = `scale=${SIDE}:${SIDE},format=gray`
  const decode = ['-v', 'error', '-i', path, '-fps_mode', 'passthrough', '-vf', filter, '-f', 'rawvideo', '-']
  const pictures = await run('ffmpeg', decode)
  const white = times.map((_, i) => {
    const picture = pictures.subarray(i * SIDE * SIDE, (i + 1) * SIDE * SIDE)
    return picture.reduce((total, luma) => total + luma, 0) / (SIDE * SIDE) > WHITE
  })
  if (pictures.length !== times.length * SIDE * SIDE) throw new Error(`${path}: not every picture could be decoded`)
  return times.filter((_, i) => i > 0 && white[i] && !white[i - 1])
}

/** The middle of a beep is where half its energy has passed: what a codec smears at its edges does not move it. */
const middleOf = (samples: Int16Array, from: number, to: number): number => {
  let energy = 0
  for (let i = from; i < to; i++) energy += samples[i]! ** 2
  let passed = 0
  for (let i = from; i < to; i++) {
    passed += samples[i]! ** 2
    if (passed >= energy / 2) return i
  }
  return to
}

const beepsIn = async (path: string): Promise<number[]> => {
  const times = await packetTimes(path)
  const pcm = await run('ffmpeg', ['-v', 'error', '-i', path, '-f', 's16le', '-ac', '1', '-ar', String(RATE), '-'])
  const samples = new Int16Array(pcm.buffer.slice(pcm.byteOffset, pcm.byteOffset + (pcm.length & ~1)))
  // A decoder leaves out what the encoder needed to begin.
  const left = times.length * OPUS_FRAMES - samples.length
  if (left < 0 || left >= OPUS_FRAMES) throw new Error(`${path}: ${left} samples are missing after decoding`)
  const timeOf = (sample: number): number => {
    const frame = sample + left
    return times[Math.floor(frame / OPUS_FRAMES)]! + ((frame % OPUS_FRAMES) * 1_000) / RATE
  }
  const found: number[] = []
  for (let i = 0; i < samples.length; i++) {
    if (Math.abs(samples[i]!) < LOUD) continue
    let last = i
    for (let j = i; j < Math.min(samples.length, last + PAUSE_FRAMES); j++) if (Math.abs(samples[j]!) >= LOUD) last = j
    const whole = i > MARGIN_FRAMES && last + MARGIN_FRAMES < samples.length
    if (whole) found.push(timeOf(middleOf(samples, i - MARGIN_FRAMES, last + MARGIN_FRAMES)) - BEEP_MS / 2)
    i = last + MARGIN_FRAMES
  }
  return found
}

export const eventsOf = async (
  hearing: string,
  track: string,
  media: 'video' | 'audio',
  zeroMs: number,
): Promise<number[]> => {
  const found: number[] = []
  for (const path of segmentsOf(hearing, track))
    found.push(...(await (media === 'video' ? flashesIn(path) : beepsIn(path))))
  return found.map((mediaMs) => zeroMs + mediaMs)
}
