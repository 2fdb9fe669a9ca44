/**
 * Frames come in the order of decoding, which with B frames is not that of showing: I P B B is shown I B B P. Cameras
 * deliver no decode times, so they are made here from the times of showing.
 */
import type { TimedSample } from './fragment.ts'

export interface WaitingSample {
  data: Uint8Array
  /** When it is shown, in ticks. */
  pts: number
  key: boolean
  duration: number
}

type Frame = Pick<WaitingSample, 'pts' | 'key'>

/**
 * Indexes of the anchors: key frames, and those shown after all before them back to the key frame. Frames can be
 * parted before an anchor: whatever comes after it is shown after all that came before it, in pyramids too.
 */
export const anchorsOf = (frames: readonly Frame[]): number[] => {
  let latest = Number.NEGATIVE_INFINITY
  return frames.flatMap(({ pts, key }, i) => {
    if (!key && pts <= latest) return []
    latest = pts
    return [i]
  })
}

/**
 * Decode time at which the frames from the anchor on begin: the earliest that is shown after all before it. One shown
 * earlier still has a faulty time stamp, which must not crowd the frames before the anchor together.
 */
export const decodeStart = (frames: readonly Frame[], anchor: number): number => {
  const times = frames.map(({ pts }) => pts)
  const latest = Math.max(...times.slice(0, anchor))
  return Math.min(times[anchor]!, ...times.slice(anchor).filter((time) => time > latest))
}

/** No encoder lets a frame wait for as long as 10 s: what is later has a faulty time stamp. */
const MOST_LATE_TICKS = 10 * 90_000

/** The most by which a frame decodes after it is to be shown; 0 for frames in the order they are shown. */
export const lateness = (samples: readonly TimedSample[]): number =>
  Math.max(0, ...samples.map(({ cts }) => -cts).filter((late) => late <= MOST_LATE_TICKS))

/**
 * The k-th frame decodes at the k-th smallest time of showing, and the composition offset says the rest. A time stamp
 * that leapt past `next` decodes by then, and one from before `earliest`, the end of the fragment before, waits for it:
 * decode times must neither go back nor overlap.
 */
export const inDecodeOrder = (
  samples: readonly WaitingSample[],
  next: number | null,
  earliest: number,
): TimedSample[] => {
  const times = samples.map(({ pts }) => Math.min(pts, next ?? pts)).sort((a, b) => a - b)
  const starts: number[] = []
  for (const time of times) starts.push(Math.max(time, starts.length ? starts.at(-1)! + 1 : earliest))
  return samples.map((sample, i) => {
    const dts = starts[i]!
    const following = starts[i + 1] ?? next ?? dts + sample.duration
    return { data: sample.data, dts, cts: sample.pts - dts, duration: Math.max(1, following - dts), key: sample.key }
  })
}
