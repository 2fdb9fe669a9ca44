/** Numbers, flat, with their units in their names: what every tool can plot without being told anything. */
import { z } from 'zod'
import { Utc } from './name.ts'

/** Every metric there is, and what it says. */
export const METRICS = {
  cpu_percent: 'all processes of the machine, of all its cores together',
  load_1m: "the system's load average over a minute",
  memory_used_percent: 'memory that is not available',
  temperature_celsius: 'the hottest sensor that the kernel tells of',
  uptime_seconds: 'since the machine was started',
  recorder_rss_bytes: "the recorder's resident memory",
  hours_left: 'recording that fits on the fuller of the disks',
  store_free_bytes: 'on the first disk',
  mirror_free_bytes: 'on the second disk',
  store_write_p95_ms: 'probe writes of the last minutes on the first disk',
  mirror_write_p95_ms: 'probe writes of the last minutes on the second disk',
  tracks_recorded: 'tracks whose bytes were confirmed on disk within two seconds',
  tracks_required: 'tracks that should be recorded',
  audio_level_max_dbfs: 'the loudest microphone',
  confirmed_age_max_ms: 'the longest time since bytes of a required track were confirmed, while on the record',
  recorded_bytes_per_second: 'media confirmed on disk, while on the record',
  outbox_events: 'events that the hub has not confirmed',
  connects_total: 'connections to the broker for life',
  clock_offset_ms: 'from the time server, as the time daemon tells it',
} as const

export type MetricName = keyof typeof METRICS
export const METRIC_NAMES = Object.keys(METRICS) as [MetricName, ...MetricName[]]

/** A metric that is not known is left out; it is never 0 instead. */
export const Metrics = z.object({
  at: Utc.describe('when it was measured: what was kept while offline comes later'),
  ...(Object.fromEntries(METRIC_NAMES.map((name) => [name, z.number().optional().describe(METRICS[name])])) as Record<
    MetricName,
    z.ZodOptional<z.ZodNumber>
  >),
})
export type Metrics = z.output<typeof Metrics>
