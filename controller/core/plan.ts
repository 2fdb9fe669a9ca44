/** What the configuration means for the core: names, limits, and how fast the disks fill. */
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../base/units.ts'
import { type Config, panelsOf, type SourceConfig, tracksOf } from '../wire/config.ts'
import type { Plan } from './state.ts'

/** What network cameras and prepared files deliver, when nothing says otherwise. */
const VIDEO_BYTES = 3_000_000 / 8
const OPUS_BYTES = 64_000 / 8
/** 48 kHz, 24 bit; speech compresses to about 0.6 of that. */
const FLAC_BYTES = 48_000 * 3 * 0.6

/** Bytes a second that all tracks of a source put on each store. */
export const bytesPerSecondOf = (source: SourceConfig): number => {
  if ('tracks' in source) return source.tracks.length * (source.codec === 'flac' ? FLAC_BYTES : OPUS_BYTES)
  return 'bitrateKbps' in source ? (source.bitrateKbps * 1_000) / 8 : VIDEO_BYTES
}

/** Of `06:30`, since midnight. */
const timeOfDayMs = (text: string): number => {
  const [hours = 0, minutes = 0] = text.split(':').map(Number)
  return hours * HOUR_MS + minutes * MINUTE_MS
}

export const planOf = (config: Config): Plan => ({
  court: config.court,
  room: config.room,
  tracks: config.sources.flatMap(tracksOf),
  sources: config.sources.map(({ name, required }) => ({ name, required })),
  stores: config.stores.map(({ name }) => name),
  panels: panelsOf(config).map(({ name, role }) => ({ name, role })),
  stopNeedsLongPress: config.hearing.stopNeedsLongPress,
  bytesPerSecond: config.sources.reduce((sum, source) => sum + bytesPerSecondOf(source), 0),
  expectedHours: config.hearing.expectedHours,
  afterInterruption: config.hearing.afterInterruption,
  resumeWithinMs: config.hearing.resumeWithinMinutes * MINUTE_MS,
  stalledMs: config.limits.stalledSeconds * SECOND_MS,
  scrubEveryMs: config.scrub.everyMinutes * MINUTE_MS,
  trialAtStart: config.selfTest.atStart,
  trialDailyMs: timeOfDayMs(config.selfTest.dailyAtUtc),
  examineEveryMs: config.disks.smartEveryMinutes * MINUTE_MS,
  slowMs: config.disks.slowMs,
  bays: Object.fromEntries(config.stores.map(({ name, bay }, i) => [name, bay ?? i + 1])),
  hasBoard: config.board !== undefined,
  hasUps: config.ups !== undefined,
  power: {
    batteryMs: config.power.batteryMinutes === undefined ? null : config.power.batteryMinutes * MINUTE_MS,
    reserveMs: config.power.reserveMinutes * MINUTE_MS,
    keepsHearing: config.hearing.onLowBattery === 'keep',
    camerasOnBattery: config.power.camerasOnBattery,
  },
  locksSealed: config.seals.courtKey !== undefined,
})
