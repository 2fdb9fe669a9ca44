/** Milliseconds of the system's monotonic clock (CLOCK_MONOTONIC), which GStreamer's system clock reads too. */
export type MonoMs = number
/** Milliseconds since 1970-01-01T00:00:00Z. */
export type UtcMs = number
/** Milliseconds on a hearing's media time line: 0 is the press of REC, gaps and recesses included. */
export type MediaMs = number

/** `2026-11-23T14:05:12.345Z` */
export const utcText = (utcMs: UtcMs): string => new Date(utcMs).toISOString()

/** `20261123T140512Z`: UTC as it stands in file names, legal on every file system. */
export const utcStamp = (utcMs: UtcMs): string =>
  `${utcText(utcMs).slice(0, 19).replaceAll('-', '').replaceAll(':', '')}Z`

/** `1:02:03.4`, as a person reads a place on the time line. */
export const clockText = (ms: number): string => {
  const tenths = Math.round(ms / 100)
  const pad = (n: number) => String(n).padStart(2, '0')
  return `${Math.floor(tenths / 36_000)}:${pad(Math.floor(tenths / 600) % 60)}:${pad(Math.floor(tenths / 10) % 60)}.${tenths % 10}`
}

export const SECOND_MS = 1_000
export const MINUTE_MS = 60_000
export const HOUR_MS = 3_600_000
export const DAY_MS = 24 * HOUR_MS
