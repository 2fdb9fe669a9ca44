/** Whose clock is wrong: the device's, or the hub's own. The clocks of most rooms are believed. */
import type { RosterStamp } from './event.ts'
import type { Room, Roster } from './room.ts'

/** A message may be a while under way. */
export const CLOCK_OFF_MS = 30_000
const CLOCK_OFF_STATES = 2
export const UNSYNCHRONIZED_MS = 600_000
/** Fewer say nothing about the hub. */
const WITNESSES = 3

export const clockSaid = (
  room: Room,
  saidUtcMs: number,
  synchronized: boolean | null,
  fleetClockMs: number,
  at: RosterStamp,
): void => {
  room.clockMs = synchronized === true ? saidUtcMs - at.utcMs : null
  room.clockOff = Math.abs(saidUtcMs - at.utcMs - fleetClockMs) > CLOCK_OFF_MS ? room.clockOff + 1 : 0
  room.unsynchronizedSinceMs = synchronized === false ? (room.unsynchronizedSinceMs ?? at.atMs) : null
}

/** Where most clocks stand against the hub's; 0 while they agree with it to within what messages need. */
export const readFleetClock = (roster: Roster): void => {
  const clocks: number[] = []
  for (const { presence, clockMs } of roster.rooms.values())
    if (presence === 'online' && clockMs !== null) clocks.push(clockMs)
  if (clocks.length < WITNESSES) {
    roster.fleetClockMs = 0
    return
  }
  const middle = Float64Array.from(clocks).sort()[clocks.length >> 1]!
  roster.fleetClockMs = Math.abs(middle) > CLOCK_OFF_MS ? middle : 0
}

export const clockTrouble = (room: Room, { atMs }: RosterStamp): (() => string) | null => {
  if (room.clockOff >= CLOCK_OFF_STATES) return () => 'its clock is more than 30 s away from those of the fleet'
  const since = room.unsynchronizedSinceMs
  return since !== null && atMs - since > UNSYNCHRONIZED_MS
    ? () => 'it has followed no time server for 10 minutes'
    : null
}
