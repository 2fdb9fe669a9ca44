/** Days as the courts live them: Kazakhstan keeps one time, five hours ahead of UTC, all the year. */
import { DAY_MS, HOUR_MS } from '../base/units.ts'

const AHEAD_MS = 5 * HOUR_MS

/** Counts days; a number for `chance`, and for {@link atLocal}. */
export const dayOf = (atMs: number): number => Math.floor((atMs + AHEAD_MS) / DAY_MS)

/** @param hours since local midnight, with fractions @returns milliseconds since 1970, UTC */
export const atLocal = (day: number, hours: number): number => day * DAY_MS - AHEAD_MS + hours * HOUR_MS

/** Day 0 was a Thursday. */
export const isWorkingDay = (day: number): boolean => ![0, 6].includes((((day + 4) % 7) + 7) % 7)

/** That day, or the last working day before it. */
export const workingDayAt = (atMs: number): number => {
  let day = dayOf(atMs)
  while (!isWorkingDay(day)) day--
  return day
}
