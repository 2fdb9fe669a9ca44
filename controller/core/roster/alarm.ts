/** Alarms: raised, cleared, acknowledged, silenced, escalated; those of the device and the hub's own alike. */
import { type UtcMs, utcText } from '../../base/units.ts'
import { type AlarmRow, HUB_ALARMS, type HubAlarmCode } from '../../wire/console.ts'
import { type Alarm, MOST_ALARMS_KEPT } from '../../wire/fleet/alarm.ts'
import type { RosterCommand } from './command.ts'
import type { RosterEventOf, RosterStamp } from './event.ts'
import { HUB_ALARM_TABLE } from './hub-alarm-table.ts'
import type { HeldAlarm, Room, Roster } from './room.ts'

const DAY_MS = 86_400_000
const MINUTE_MS = 60_000
/** One state may have been made before the alarm was. */
const MISSED_STATES = 2

export const isHubAlarm = (id: string): id is HubAlarmCode => Object.hasOwn(HUB_ALARMS, id)

const isOpen = ({ hearing }: Room): boolean => hearing === 'recording' || hearing === 'off-record'

export const isSilenced = (held: HeldAlarm, utcMs: UtcMs): boolean =>
  held.silencedUntilUtcMs !== null && held.silencedUntilUtcMs > utcMs

export const alarmRowOf = (room: Room, held: HeldAlarm): AlarmRow => ({
  ...{ court: room.court, device: room.device, room: room.name, id: held.id, hub: held.hub, alarm: held.alarm },
  raisedAt: utcText(held.raisedUtcMs),
  acknowledged: held.acknowledged && {
    ...{ by: held.acknowledged.by, at: utcText(held.acknowledged.utcMs), note: held.acknowledged.note },
  },
  silencedUntil: held.silencedUntilUtcMs === null ? null : utcText(held.silencedUntilUtcMs),
  escalatedAt: held.escalatedUtcMs === null ? null : utcText(held.escalatedUtcMs),
})

const keep = (room: Room, held: HeldAlarm, commands: RosterCommand[]): void => {
  commands.push({ do: 'keep-alarm', device: room.device, id: held.id })
}

const tell = (
  room: Room,
  held: HeldAlarm,
  why: 'raised' | 'escalated' | 'cleared',
  commands: RosterCommand[],
): void => {
  commands.push({ do: 'tell-people', why, row: outsideRow(alarmRowOf(room, held)) })
}

const NOT_OUTSIDE = 'the console says which hearing'

/** As mail and webhooks may carry it: these pass through machines of others, and the name of a hearing has the case in it. */
const outsideRow = (row: AlarmRow): AlarmRow =>
  isHubAlarm(row.id) && HUB_ALARM_TABLE[row.id].namesHearing
    ? { ...row, alarm: { ...row.alarm, detail: NOT_OUTSIDE } }
    : row

/** Raised anew, or told again: who judged it stays the one who did. */
const raise = (
  room: Room,
  id: string,
  hub: boolean,
  alarm: Alarm,
  at: RosterStamp,
  commands: RosterCommand[],
): void => {
  const before = room.alarms.get(id)
  if (before) {
    before.missed = 0
    if (
      before.alarm.seq === alarm.seq &&
      before.alarm.severity === alarm.severity &&
      before.alarm.detail === alarm.detail
    )
      return
    const isNew = !hub && before.alarm.seq !== alarm.seq
    before.alarm = alarm
    if (isNew)
      Object.assign(before, { raisedMs: at.atMs, raisedUtcMs: at.utcMs, acknowledged: null, escalatedUtcMs: null })
    keep(room, before, commands)
    if (isNew && !isSilenced(before, at.utcMs)) tell(room, before, 'raised', commands)
    return
  }
  const held: HeldAlarm = {
    ...{ id, hub, alarm, raisedMs: at.atMs, raisedUtcMs: at.utcMs },
    ...{ acknowledged: null, silencedUntilUtcMs: null, escalatedUtcMs: null, missed: 0 },
  }
  room.alarms.set(id, held)
  keep(room, held, commands)
  tell(room, held, 'raised', commands)
}

export const clear = (room: Room, id: string, at: RosterStamp, commands: RosterCommand[]): void => {
  const held = room.alarms.get(id)
  if (!held) return
  room.alarms.delete(id)
  commands.push({ do: 'drop-alarm', device: room.device, id })
  if (!isSilenced(held, at.utcMs)) tell(room, held, 'cleared', commands)
}

/** @param detail for the engineer; a new one changes an alarm that stands, and raises it for nobody again */
export const raiseOwn = (
  room: Room,
  code: HubAlarmCode,
  detail: string,
  at: RosterStamp,
  commands: RosterCommand[],
): void => {
  const { severity, area, text } = HUB_ALARMS[code]
  const since = room.alarms.get(code)?.alarm.since ?? utcText(at.utcMs)
  const { toDo } = HUB_ALARM_TABLE[code]
  const recording = isOpen(room)
  const alarm: Alarm = {
    code,
    about: '',
    severity,
    area,
    recording,
    since,
    seq: 1,
    text,
    detail: detail.slice(0, 1_000),
    toDo,
  }
  raise(room, code, true, alarm, at, commands)
}

/** Raises it once `why` is there, and clears it when it is null; what was said at its beginning stays. */
export const holdOwn = (
  room: Room,
  code: HubAlarmCode,
  why: (() => string) | null,
  at: RosterStamp,
  commands: RosterCommand[],
): void => {
  if (why) {
    if (!room.alarms.has(code)) raiseOwn(room, code, why(), at, commands)
  } else if (room.alarms.size) clear(room, code, at, commands)
}

export const alarmSaid = (room: Room, event: RosterEventOf<'alarm-said'>, commands: RosterCommand[]): void => {
  if (isHubAlarm(event.id)) return
  if (!event.alarm) return clear(room, event.id, event, commands)
  // Each is held, written down and told to people: whoever thinks of ever new ones is heard no further.
  if (room.alarms.has(event.id) || room.alarms.size < MOST_ALARMS_KEPT)
    raise(room, event.id, false, event.alarm, event, commands)
}

/** An alarm whose end was lost on its way ends with the states that do not name it any more. */
export const crossCheck = (room: Room, named: readonly string[], at: RosterStamp, commands: RosterCommand[]): void => {
  if (!room.alarms.size) return
  for (const held of [...room.alarms.values()]) {
    if (held.hub) continue
    held.missed = named.includes(held.id) ? 0 : held.missed + 1
    if (held.missed >= MISSED_STATES) clear(room, held.id, at, commands)
  }
}

export const alarmJudged = (room: Room, event: RosterEventOf<'alarm-judged'>, commands: RosterCommand[]): void => {
  const held = room.alarms.get(event.id)
  if (!held) return
  const { order, utcMs, by } = event
  if (order.do === 'acknowledge') held.acknowledged = { by, utcMs, note: order.note }
  if (order.do === 'silence') held.silencedUntilUtcMs = utcMs + order.minutes * MINUTE_MS
  if (order.do === 'unsilence') held.silencedUntilUtcMs = null
  keep(room, held, commands)
}

/** What time does to alarms: silence ends, what nobody acknowledges is told again, what has happened goes in the end. */
export const ageAlarms = (roster: Roster, room: Room, at: RosterStamp, commands: RosterCommand[]): void => {
  for (const held of room.alarms.values()) {
    const { acknowledged, escalatedUtcMs, raisedMs, alarm } = held
    if (held.silencedUntilUtcMs !== null && !isSilenced(held, at.utcMs)) {
      held.silencedUntilUtcMs = null
      keep(room, held, commands)
    }
    if (
      acknowledged &&
      isHubAlarm(held.id) &&
      HUB_ALARM_TABLE[held.id].happened &&
      at.utcMs - acknowledged.utcMs > DAY_MS
    )
      clear(room, held.id, at, commands)
    if (acknowledged || escalatedUtcMs !== null || alarm.severity === 'watch' || isSilenced(held, at.utcMs)) continue
    if (at.atMs - raisedMs < roster.escalateAfterMs) continue
    held.escalatedUtcMs = at.utcMs
    keep(room, held, commands)
    tell(room, held, 'escalated', commands)
  }
}
