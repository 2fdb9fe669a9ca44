import type { MonoMs, UtcMs } from './units.ts'

/** CLOCK_MONOTONIC in milliseconds, the clock that GStreamer's system clock reads too. */
export const monotonicMs = (): MonoMs => Number(process.hrtime.bigint()) / 1e6

/** Both clocks at one moment, as every event carries them. */
export const now = (): { atMs: MonoMs; utcMs: UtcMs } => ({ atMs: monotonicMs(), utcMs: Date.now() })
