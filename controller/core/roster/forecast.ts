/** On which day the disks will be full: from what was left at the start of each day. */
import type { UtcMs } from '../../base/units.ts'
import type { RosterCommand } from './command.ts'
import type { Room } from './room.ts'

const DAY_MS = 86_400_000
const DAYS_KEPT = 15
/** So far ahead it is told: time to archive, or to order a disk. */
export const SOON_DAYS = 7
/** A long day in court: less than this is soon whatever the trend says. */
export const SOON_HOURS = 8

/** The first of each day is kept. */
export const hoursLeftSaid = (room: Room, hours: number, utcMs: UtcMs, commands: RosterCommand[]): void => {
  const day = Math.floor(utcMs / DAY_MS)
  const last = room.dailyHoursLeft.at(-1)
  if (last && last[0] >= day) return
  // New disks, or an archive that was taken out: what was before says nothing of them.
  const before = last && hours > last[1] + 1 ? [] : room.dailyHoursLeft
  room.dailyHoursLeft = [...before.slice(1 - DAYS_KEPT), [day, hours]]
  commands.push({ do: 'keep-hours-left', device: room.device, day, hours })
}

/** Hours used a day, by least squares; null while two days are not known. */
export const usePerDay = (days: readonly (readonly [day: number, hours: number])[]): number | null => {
  const [first, last] = [days[0], days.at(-1)]
  if (!first || !last || last[0] - first[0] < 2) return null
  const meanDay = days.reduce((sum, [day]) => sum + day, 0) / days.length
  const meanHours = days.reduce((sum, [, hours]) => sum + hours, 0) / days.length
  const above = days.reduce((sum, [day, hours]) => sum + (day - meanDay) * (hours - meanHours), 0)
  const below = days.reduce((sum, [day]) => sum + (day - meanDay) ** 2, 0)
  return Math.max(0, -above / below)
}

/** `2026-12-04`, or null when it is farther away than is worth telling. */
export const fullOn = (room: Room, utcMs: UtcMs): string | null => {
  const { hoursLeft, dailyHoursLeft } = room
  if (hoursLeft === null) return null
  const use = hoursLeft < SOON_HOURS ? Math.max(usePerDay(dailyHoursLeft) ?? SOON_HOURS, 1) : usePerDay(dailyHoursLeft)
  if (!use) return null
  const days = hoursLeft / use
  return days > SOON_DAYS && hoursLeft >= SOON_HOURS ? null : new Date(utcMs + days * DAY_MS).toISOString().slice(0, 10)
}
