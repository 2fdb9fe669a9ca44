/** A docket as somebody types it: a hearing a line, in the time of the court, which is that of the browser. */
import type { z } from 'zod'
import type { Docket } from '../../wire/fleet/docket.ts'

const LINE = /^([01]?\d|2[0-3])[:.]([0-5]\d)\s*[-–—]?\s*([01]?\d|2[0-3])[:.]([0-5]\d)\s+(.+)$/

/** A line that is no hearing. */
export class NoHearing extends Error {}

/** The date of this day in the time zone of the browser: in UTC it is yesterday's, until five in the morning in Almaty. */
export const localDate = (day: Date): string =>
  [day.getFullYear(), day.getMonth() + 1, day.getDate()].map((part) => `${part}`.padStart(2, '0')).join('-')

/**
 * Hearings of the day of `now`; one that ends before it begins ends the next day. Throws NoHearing with the first line
 * that is none.
 */
export const docketIn = (text: string, now: Date): z.input<typeof Docket> => ({
  day: localDate(now),
  hearings: text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
    .map((line) => {
      const [, fromHour, fromMinute, toHour, toMinute, name] = LINE.exec(line) ?? []
      if (!name) throw new NoHearing(line)
      const startsAt = at(now, fromHour!, fromMinute!)
      const end = at(now, toHour!, toMinute!)
      if (end <= startsAt) end.setDate(end.getDate() + 1)
      return { case: name, startsAt: startsAt.toISOString(), endsAt: end.toISOString() }
    }),
})

const at = (now: Date, hour: string, minute: string): Date =>
  new Date(now.getFullYear(), now.getMonth(), now.getDate(), Number(hour), Number(minute))
