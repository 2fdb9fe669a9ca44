/** `prft`, `moof` and `mdat`: about half a second of one track, the unit that is hashed, stored and proved. */
import { box, fullBox } from './box.ts'
import { join, u32, u64 } from './bytes.ts'

export interface TimedSample {
  data: Uint8Array
  /** Decode time in ticks, from the start of the segment. */
  dts: number
  /** Time of showing minus decode time; may be negative. */
  cts: number
  duration: number
  key: boolean
}

export interface FragmentOptions {
  /** Counts fragments within a run, from 1. */
  seq: number
  samples: readonly TimedSample[]
  /** Added to every composition offset; the edit list in the head takes it back. */
  delayTicks: number
  /** Wall time of the first sample. */
  utcMs: number
}

/** NTP counts from 1900. */
const EPOCH_1900_S = 2_208_988_800
const ntp = (utcMs: number): Uint8Array => {
  const seconds = Math.floor(utcMs / 1_000)
  return u32(seconds + EPOCH_1900_S, Math.floor(((utcMs - seconds * 1_000) / 1_000) * 2 ** 32))
}

/** Sample flags: a key frame depends on nothing; any other frame is no sync sample. */
const KEY = 0x02000000
const DELTA = 0x01010000
const DEFAULT_BASE_IS_MOOF = 0x020000
const TRUN_DATA_OFFSET_DURATION_SIZE_FLAGS_CTS = 0xf01
const TRUN_HEAD_BYTES = 20

const trackRun = (samples: readonly TimedSample[], delayTicks: number, dataOffset: number): Uint8Array => {
  const rows = new Uint8Array(samples.length * 16)
  const view = new DataView(rows.buffer)
  samples.forEach((sample, i) => {
    view.setUint32(i * 16, sample.duration)
    view.setUint32(i * 16 + 4, sample.data.length)
    view.setUint32(i * 16 + 8, sample.key ? KEY : DELTA)
    view.setInt32(i * 16 + 12, sample.cts + delayTicks)
  })
  return fullBox('trun', 1, TRUN_DATA_OFFSET_DURATION_SIZE_FLAGS_CTS, u32(samples.length, dataOffset), rows)
}

/** @param options.samples at least one, in decode order */
export const fragmentBoxes = ({ seq, samples, delayTicks, utcMs }: FragmentOptions): Uint8Array => {
  const start = samples[0]!.dts
  const fixed = join([fullBox('tfhd', 0, DEFAULT_BASE_IS_MOOF, u32(1)), fullBox('tfdt', 1, 0, u64(start))])
  const mfhd = fullBox('mfhd', 0, 0, u32(seq))
  const moofBytes = 8 + mfhd.length + 8 + fixed.length + TRUN_HEAD_BYTES + samples.length * 16
  const moof = box('moof', mfhd, box('traf', fixed, trackRun(samples, delayTicks, moofBytes + 8)))
  // Producer reference time (ISO/IEC 14496-12, 8.16.5): the wall clock inside the data (R5).
  const prft = fullBox('prft', 1, 0, u32(1), ntp(utcMs), u64(start))
  return join([prft, moof, box('mdat', ...samples.map((sample) => sample.data))])
}
