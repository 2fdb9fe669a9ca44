/** What a room's recorder says over MQTT: its state and its numbers, as the schemas of the fleet have them. */
import { MINUTE_MS, utcText } from '../base/units.ts'
import { alarmIdOf } from '../wire/fleet/alarm.ts'
import type { Metrics } from '../wire/fleet/metrics.ts'
import type { RoomState } from '../wire/fleet/room-state.ts'
import { between } from './chance.ts'
import { atLocal, dayOf } from './local-day.ts'
import type { SimulatedRoom } from './room.ts'
import type { RoomNow } from './room-now.ts'

/** From the time of the simulated day to that of the world; the two differ when days run faster. */
export type ToUtc = (simulatedMs: number) => number

export const stateSaid = (now: RoomNow, toUtc: ToUtc, configRev: number): RoomState => ({
  at: utcText(toUtc(now.atMs)),
  hearing: now.hearing,
  lamp: now.lamp,
  recordedSince: now.recordedSinceMs === null ? null : utcText(toUtc(now.recordedSinceMs)),
  verdict: now.verdict,
  alarms: now.wrong.map(({ reason }) => alarmIdOf(reason)),
  ...{ sources: now.sources, disks: now.disks, supply: now.supply },
  clockSynchronized: now.clockSynchronized,
  hoursLeft: now.hoursLeft,
  audible: now.audible,
  selfTest: 'passed',
  selfTestedAt: utcText(toUtc(Math.max(now.bootedMs + MINUTE_MS, atLocal(dayOf(now.atMs), 6)))),
  configRev,
})

/** What the device itself counts. */
export interface Counted {
  outboxEvents: number
  connects: number
}

export const metricsSaid = (room: SimulatedRoom, now: RoomNow, toUtc: ToUtc, counted: Counted): Metrics => {
  const minute = Math.floor(now.atMs / MINUTE_MS)
  const some = (low: number, high: number, what: string): number =>
    Math.round(between(low, high, room.seed, room.device, minute, what) * 10) / 10
  const isRecording = now.hearing === 'recording'
  const tracks = room.cameras.length + room.microphones.length
  const missing = now.wrong.filter(({ reason }) => ['SOURCE_AWAY', 'TRACK_STALLED'].includes(reason.code)).length
  const recorded = Math.max(0, tracks - missing)
  const late = now.happening.has('disk-late') ? some(800, 2_400, 'late') : 0
  const heat = now.happening.has('room-hot') ? 28 : 0
  return {
    at: utcText(toUtc(now.atMs)),
    cpu_percent: isRecording ? some(26, 41, 'cpu') : some(11, 17, 'cpu'),
    load_1m: isRecording ? some(0.9, 2.1, 'load') : some(0.2, 0.7, 'load'),
    memory_used_percent: some(19, 24, 'memory'),
    temperature_celsius: Math.round(some(44, 47, 'heat') + room.warmth + heat + (isRecording ? 7 : 0)),
    uptime_seconds: Math.max(0, Math.round((now.atMs - now.bootedMs) / 1_000)),
    recorder_rss_bytes: Math.round(some(92, 110, 'rss') * 1e6),
    hours_left: now.hoursLeft,
    store_free_bytes: now.freeBytes,
    ...(now.disks.mirror === 'failed' ? {} : { mirror_free_bytes: now.freeBytes }),
    store_write_p95_ms: Math.round(some(1.2, 6, 'store') + late),
    mirror_write_p95_ms: Math.round(some(1.2, 6, 'mirror') + late),
    tracks_recorded: isRecording ? recorded : 0,
    tracks_required: isRecording ? tracks : 0,
    ...(isRecording ? { audio_level_max_dbfs: now.audible ? some(-32, -11, 'loud') : some(-82, -74, 'loud') } : {}),
    ...(isRecording ? { confirmed_age_max_ms: Math.round(some(480, 990, 'age') + missing * 4_000) } : {}),
    ...(isRecording ? { recorded_bytes_per_second: Math.round((room.bytesPerSecond * recorded) / tracks) } : {}),
    outbox_events: counted.outboxEvents,
    connects_total: counted.connects,
    clock_offset_ms: now.clockSynchronized ? some(-2, 2, 'clock') : some(2_400, 90_000, 'clock'),
  }
}
