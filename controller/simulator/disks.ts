/** How full a room's disks are: every hearing fills them, every few weeks somebody archives. */

import { HOUR_MS } from '../base/units.ts'
import { TROUBLES } from '../core/trouble-table.ts'
import { between } from './chance.ts'
import type { Day } from './day.ts'
import type { SimulatedHearing } from './hearings.ts'
import { atLocal } from './local-day.ts'
import type { Wrong } from './reasons.ts'
import type { SimulatedRoom } from './room.ts'

const USUAL_HOURS_A_DAY = 4.5
/** A hearing that begins with less is refused. */
const EXPECTED_HOURS = 4

/** Days between two archivings, and how far into them the day is. Some courts wait too long. */
const archiving = ({ seed, device }: SimulatedRoom, day: number): { period: number; since: number } => {
  const period = Math.round(between(15, 60, seed, device, 'archiving'))
  return { period, since: (day + Math.floor(between(0, period, seed, device, 'archived'))) % period }
}

const recordedHours = (hearings: readonly SimulatedHearing[], atMs: number): number =>
  hearings.reduce(
    (hours, { recorded }) =>
      recorded ? hours + Math.max(0, Math.min(atMs, recorded.toMs) - recorded.fromMs) / HOUR_MS : hours,
    0,
  )

export const freeBytesAt = (room: SimulatedRoom, { number: day, hearings }: Day, atMs: number): number => {
  const { since } = archiving(room, day)
  const kept = room.storeBytes * between(0.05, 0.64, room.seed, room.device, 'kept')
  const hours = since * (5 / 7) * USUAL_HOURS_A_DAY + recordedHours(hearings, atMs)
  return Math.max(0, Math.round(room.storeBytes - kept - hours * HOUR_MS * 1e-3 * room.bytesPerSecond))
}

export const hoursIn = (room: SimulatedRoom, freeBytes: number): number => freeBytes / room.bytesPerSecond / 3_600

/** The recorder's own judgement of room on its disks. */
export const fillingOf = (room: SimulatedRoom, day: number, freeBytes: number): Wrong[] => {
  const hours = hoursIn(room, freeBytes)
  const share = freeBytes / room.storeBytes
  if (share >= 0.05) return []
  const code = hours < EXPECTED_HOURS ? 'NO_ROOM' : 'DISK_FILLING'
  const { severity, area, toDo } = TROUBLES[code]
  const clerk = `The disks hold only ${hours.toFixed(1)} more hours`
  const engineer = `${freeBytes} bytes free`
  return [
    {
      reason: { code, severity, area, about: code === 'NO_ROOM' ? '' : 'store', clerk, engineer, toDo },
      sinceMs: atLocal(day, 0),
    },
  ]
}
