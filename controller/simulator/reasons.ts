/** What an incident makes of a room's health: the recorder's own codes, severities and advice, and words as it has them. */
import { TROUBLES, type TroubleCode } from '../core/trouble-table.ts'
import type { HealthReason } from '../wire/health.ts'
import { BATTERY_LOW_MS } from './day.ts'
import type { Incident, IncidentKind } from './incidents.ts'
import type { SimulatedRoom } from './room.ts'

export interface Wrong {
  reason: HealthReason
  sinceMs: number
}

const reason = (code: TroubleCode, about: string, clerk: string, engineer: string): HealthReason => {
  const { severity, area, toDo } = TROUBLES[code]
  return { code, severity, area, about, clerk, engineer, toDo }
}

const pick = (names: readonly string[], draw: number): string => names[Math.floor(draw * names.length)]!

/** `judge-camera` -> `The camera of the judge`, as a clerk says it. */
const called = (name: string): string => {
  const [who, what] = name.split('-')
  return `The ${what === 'mic' ? 'microphone' : 'camera'} of the ${who}`
}

type Tell = (room: SimulatedRoom, incident: Incident, atMs: number) => HealthReason | null
const ofCamera =
  (code: TroubleCode, clerk: string, engineer: string): Tell =>
  ({ cameras }, { draw }) => {
    const camera = pick(cameras, draw)
    return reason(code, camera, `${called(camera)} ${clerk}`, `${camera}: ${engineer}`)
  }
const ofDisk =
  (code: TroubleCode, clerk: string, engineer: string): Tell =>
  (_, { draw }) => {
    const store = draw < 0.5 ? 'store' : 'mirror'
    return reason(code, store, `${store === 'store' ? 'The first disk' : 'The second disk'} ${clerk}`, engineer)
  }
const ofRoom =
  (code: TroubleCode, clerk: string, engineer: string): Tell =>
  () =>
    reason(code, '', clerk, engineer)

/** Null where nobody in the room can tell of it: without a network, or without life. */
const TELL: Record<IncidentKind, Tell> = {
  'camera-away': ofCamera('SOURCE_AWAY', 'does not answer', 'rtsp: no route to host'),
  'track-stalled': ofCamera('TRACK_STALLED', 'delivers no more pictures', 'no sample for 3 s'),
  'picture-black': ofCamera('PICTURE_BLACK', 'shows a black picture', 'luma 0.06, variance 0'),
  'picture-frozen': ofCamera('PICTURE_FROZEN', 'shows a picture that stands still', 'no difference between key frames'),
  'microphone-silent': ({ microphones }, { draw }) => {
    const microphone = pick(microphones, draw)
    return reason('SOUND_SILENT', microphone, `${called(microphone)} is silent`, `${microphone}: below -60 dBFS`)
  },
  'mains-cut': (_, { fromMs }, atMs) =>
    atMs - fromMs < BATTERY_LOW_MS
      ? reason('ON_BATTERY', '', 'The mains is gone: the recorder runs on its battery', 'line mains-good is not active')
      : reason('BATTERY_LOW', '', 'The mains is gone and the battery is low', 'line battery-low is active'),
  'network-lost': () => null,
  'machine-dead': () => null,
  'disk-failed': ofDisk('DISK_FAILED', 'has failed; call technical support', 'EIO on fdatasync'),
  'disk-late': ofDisk('DISK_LATE', 'is slow; what it misses is kept in memory', 'probe not answered within 2 s'),
  'disk-worn': ofDisk('DISK_SECTORS_MOVED', 'has moved sectors that it could not read', 'Reallocated_Sector_Ct 24'),
  'disk-hot': ofDisk('DISK_HOT', 'is too warm', '61 degrees'),
  'clock-off': ofRoom('CLOCK_STEPPED', 'The clock was set: times may be wrong', 'no time server is followed'),
  'panel-away': (_, { draw }) => {
    const panel = draw < 0.7 ? 'clerk' : 'judge'
    const told = reason('PANEL_AWAY', panel, `The panel of the ${panel} does not answer`, 'serial port closed')
    return panel === 'clerk' ? told : { ...told, severity: 'watch' }
  },
  'case-open': ofRoom('CASE_OPEN', 'The case of the recorder is open', 'line case-open is active'),
  'room-hot': ofRoom('TOO_HOT', 'The recorder is too hot', 'line over-temperature is active'),
  'witness-away': ofRoom('WITNESS_AWAY', 'The witness does not answer', 'no receipt for 60 s'),
}

/** Two incidents about the same thing are one. */
export const wrongAt = (room: SimulatedRoom, incidents: readonly Incident[], atMs: number): Wrong[] => {
  const told = new Map<string, Wrong>()
  for (const incident of incidents) {
    const found = TELL[incident.kind](room, incident, atMs)
    if (!found) continue
    const id = `${found.code}.${found.about}`
    const sinceMs = found.code === 'BATTERY_LOW' ? incident.fromMs + BATTERY_LOW_MS : incident.fromMs
    if (!told.has(id)) told.set(id, { reason: found, sinceMs })
  }
  return [...told.values()]
}
