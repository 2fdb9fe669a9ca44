/** ISO text of a time, or nothing where there is none: a stranger's journal may hold any number. */
export const utcText = (ms: number): string => (Math.abs(ms) <= 8.64e15 ? new Date(ms).toISOString() : '')

/** Milliseconds since 1970, or NaN, which is neither before nor after anything. */
export const msOf = (utc: string): number => Date.parse(utc)

/** Whole seconds between two times, for a sentence. */
export const secondsBetween = (fromMs: number, toMs: number): number => Math.round((toMs - fromMs) / 1_000)
