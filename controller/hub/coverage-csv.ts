/** Hearings that had to be recorded, were recorded, and could be heard: a line a room and day (RFC 4180). */
import type { CoveredDay } from '../ports/event-store/store-reader.ts'

/** A spreadsheet takes what begins with these for a formula. */
const FORMULA = /^[=+\-@\t\r]/

const cell = (value: string | number): string => {
  const text = String(value)
  const safe = FORMULA.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

export const coverageCsv = (days: readonly CoveredDay[]): string =>
  [
    'court,device,room,day,scheduled,recorded,audible',
    ...days.map(({ court, device, room, day, scheduled, recorded, audible }) =>
      [court, device, room, day, scheduled, recorded, audible].map(cell).join(','),
    ),
    '',
  ].join('\r\n')
