/** What a trial recording proves, track by track and disk by disk, and what to do where it does not. Pure. */
import type { FragmentEntry, SelfTestResult } from '../journal/entry.ts'
import type { Decoded } from '../ports/read-back/decode.ts'
import type { Limits, TrackConfig } from '../wire/config.ts'

/** 16 is black, 235 white (ITU-R BT.601); a covered lens is noisier than nothing, a dark room has a light somewhere. */
const BLACK = 48
/** A camera waits for its next key frame, and the last moment may be cut. */
const SHARE = 0.4

export interface TrackTrial {
  track: TrackConfig
  isLive: boolean
  fragments: readonly Pick<FragmentEntry, 'durationMs' | 'stores'>[]
  /** Null when nothing was there to be decoded. */
  decoded: Decoded | null
  seconds: number
  limits: Limits
}

const LOOK = {
  camera: 'Check the power and cable of this camera, and its place in the configuration. Then test again.',
  microphone: 'Check the cable of this microphone and its interface. Then test again.',
  black: 'Is the lens covered, or the room dark? Look at the camera, then test again.',
  silent: 'Is the microphone switched on? Say a word into it while the test runs.',
  disk: 'Check that the disk sits firmly. If it fails again, have it replaced.',
}

export const trackResult = ({ track, isLive, fragments, decoded, seconds, limits }: TrackTrial): SelfTestResult => {
  const kind = track.media === 'video' ? 'camera' : 'microphone'
  const what = `${kind} ${track.name}`
  const failed = (detail: string, toDo: string = LOOK[kind]): SelfTestResult => ({ what, ok: false, detail, toDo })
  if (!isLive) return failed('it delivers nothing')
  if (!fragments.length) return failed('nothing of it came to a disk')
  const recorded = fragments.reduce((sum, { durationMs }) => sum + durationMs, 0) / 1_000
  const length = `${recorded.toFixed(1)} s of ${seconds} s`
  if (recorded < seconds * SHARE) return failed(`only ${length} recorded`)
  if (!decoded?.frames) return failed(`${length}, and cannot be decoded: ${decoded?.complaint || 'nothing came out'}`)
  if (decoded.brightest !== null && decoded.brightest < BLACK)
    return failed(`${length}, black: its brightest point is ${decoded.brightest} of 255`, LOOK.black)
  if (decoded.brightest !== null)
    return {
      what,
      ok: true,
      detail: `${length}, ${decoded.frames} pictures, brightest point ${decoded.brightest} of 255`,
    }
  const peak = decoded.peakDbfs ?? Number.NEGATIVE_INFINITY
  const detail = `${length}, loudest moment ${Number.isFinite(peak) ? `${peak.toFixed(0)} dB` : 'silence'}`
  // Nobody speaks in an empty room.
  return peak < limits.silentDbfs
    ? { what, ok: true, warning: true, detail, toDo: LOOK.silent }
    : { what, ok: true, detail }
}

export interface DiskTrial {
  store: string
  /** It could be written to. */
  isUsed: boolean
  /** Fragments that this disk confirmed. */
  confirmed: readonly Pick<FragmentEntry, 'bytes'>[]
  /** Fragments that any disk confirmed. */
  recorded: number
  failures: readonly { reason: { engineer: string } }[]
  /** What differs when it is read back. */
  wrong: readonly string[]
}

export const diskResult = ({ store, isUsed, confirmed, recorded, failures, wrong }: DiskTrial): SelfTestResult => {
  const what = `trial on ${store}`
  const failed = (detail: string): SelfTestResult => ({ what, ok: false, detail, toDo: LOOK.disk })
  if (!isUsed) return failed('it cannot be written to')
  if (failures.length) return failed(failures.map(({ reason }) => reason.engineer).join('; '))
  if (!recorded) return failed('no source recorded anything')
  if (confirmed.length < recorded) return failed(`only ${confirmed.length} of ${recorded} fragments came to it`)
  if (wrong.length) return failed(`${wrong.length} fragments differ when read back: ${wrong.slice(0, 3).join('; ')}`)
  const bytes = confirmed.reduce((sum, one) => sum + one.bytes, 0)
  return { what, ok: true, detail: `${recorded} fragments, ${bytes} bytes, read back and equal` }
}
