/** A room as the list shows it, and how much it needs somebody. A view: it changes nothing. */
import { type UtcMs, utcText } from '../../base/units.ts'
import type { RoomRow } from '../../wire/console.ts'
import type { Severity } from '../../wire/health.ts'
import { isSilenced } from './alarm.ts'
import { dueNow } from './docket.ts'
import type { HeldAlarm, Room, Roster } from './room.ts'

const GRAVE: Record<Severity, number> = { watch: 1, degraded: 2, failed: 3 }
/** A grave fault in a room where nothing goes on comes behind a lesser one during a hearing. */
const NEED = [0, 8, 30, 55]
const HEARING_NEED = 30
const UNACKNOWLEDGED_NEED = 8
const LATE_NEED = 4
const MOST_FOR_NUMBER = 3

/** The gravest first that nobody silenced; of equals the one that nobody acknowledged. */
const worstOf = (alarms: Iterable<HeldAlarm>, utcMs: UtcMs): HeldAlarm | null => {
  let worst: HeldAlarm | null = null
  for (const held of alarms) {
    if (isSilenced(held, utcMs)) continue
    const more = worst ? GRAVE[held.alarm.severity] - GRAVE[worst.alarm.severity] : 1
    if (more > 0 || (more === 0 && worst?.acknowledged && !held.acknowledged)) worst = held
  }
  return worst
}

export const roomRowOf = (roster: Roster, room: Room, utcMs: UtcMs): RoomRow => {
  const worst = room.alarms.size ? worstOf(room.alarms.values(), utcMs) : null
  let unacknowledged = 0
  for (const { acknowledged } of room.alarms.values()) if (!acknowledged) unacknowledged++
  const scheduled = dueNow(roster, room, utcMs) !== null
  const grave = worst ? NEED[GRAVE[worst.alarm.severity]]! : 0
  const isHearing = scheduled || room.hearing === 'recording' || room.hearing === 'off-record'
  const need =
    grave +
    (grave && isHearing ? HEARING_NEED : 0) +
    (worst && !worst.acknowledged ? UNACKNOWLEDGED_NEED : 0) +
    (room.presence === 'late' ? LATE_NEED : 0) +
    Math.min(MOST_FOR_NUMBER, Math.max(0, room.alarms.size - 1))
  return {
    ...{ court: room.court, device: room.device, room: room.name, need, presence: room.presence },
    ...{ verdict: room.verdict, hearing: room.hearing, lamp: room.lamp, scheduled },
    ...{ worst: worst?.alarm.code ?? '', alarms: room.alarms.size, unacknowledged },
    ...{ hoursLeft: room.hoursLeft, version: room.version.slice(0, 60) },
    seenAt: room.seenUtcMs === null ? null : utcText(room.seenUtcMs),
  }
}

/**
 * Two rows that say the same but for when the room was heard last have the same mark. Joined, not put together with `+`:
 * of those V8 keeps all the pieces, for each of ten thousand rooms.
 */
export const rowMark = (row: RoomRow): string =>
  [
    ...[row.room, row.need, row.presence, row.verdict, row.hearing, row.lamp, row.scheduled, row.worst, row.alarms],
    ...[row.unacknowledged, row.hoursLeft === null ? '' : Math.round(row.hoursLeft), row.version],
  ].join('|')
