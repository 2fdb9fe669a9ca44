/** What is written alike in every language. */

/** `2026-11-23 09:00:12 UTC`; what is no such time stands as it is. */
export const timeText = (utc: string): string =>
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(utc) ? `${utc.slice(0, 10)} ${utc.slice(11, 19)} UTC` : utc || '?'
