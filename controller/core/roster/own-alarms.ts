/** The alarms that only the hub can raise: each is true or not of what is known now. */
import { utcText } from '../../base/units.ts'
import { clear, holdOwn } from './alarm.ts'
import type { RosterCommand } from './command.ts'
import { dueNow } from './docket.ts'
import type { RosterStamp } from './event.ts'
import { clockTrouble } from './fleet-clock.ts'
import { fullOn } from './forecast.ts'
import { ALARM_AFTER_RETURN_MS } from './presence.ts'
import { courtUtcMs, type Room, type Roster } from './room.ts'
import { isOlder } from './version.ts'

const DAY_MS = 86_400_000
/** Beyond the time that the device itself waits. */
const SILENT_MS = 30_000
const EXPIRES_WITHIN_DAYS = 14
/** Of the time that a certificate lasts: those of an hour are not always about to expire. */
const EXPIRES_WITHIN_SHARE = 0.1

/** At each change of the room, and every second: it must cost nothing while nothing is wrong. */
export const judgeNow = (roster: Roster, room: Room, at: RosterStamp, commands: RosterCommand[]): void => {
  lost(roster, room, at, commands)
  notRecording(roster, room, at, commands)
  const { silentSinceMs } = room
  const silent = silentSinceMs !== null && at.atMs - silentSinceMs > SILENT_MS && room.presence === 'online'
  holdOwn(room, 'ROOM_SILENT', silent ? nobodyHeard : null, at, commands)
}

const nobodyHeard = () => 'no microphone was above the limit of silence'

const lost = (roster: Roster, room: Room, at: RosterStamp, commands: RosterCommand[]): void => {
  if (room.presence !== 'lost') return holdOwn(room, 'DEVICE_LOST', null, at, commands)
  // Nobody has seen it since the hub came back: the others need their time too.
  if (room.isAwaited && at.atMs - roster.startedMs < ALARM_AFTER_RETURN_MS) return
  const why = () => `last heard ${room.seenUtcMs === null ? 'never' : utcText(room.seenUtcMs)}; connection ${room.bd}`
  holdOwn(room, 'DEVICE_LOST', why, at, commands)
}

const notRecording = (roster: Roster, room: Room, at: RosterStamp, commands: RosterCommand[]): void => {
  const { presence, hearing } = room
  const due = dueNow(roster, room, at.utcMs)
  room.isDue = due !== null
  if (!due || due.recorded || hearing === 'recording') return holdOwn(room, 'NOT_RECORDING', null, at, commands)
  // What a lost room does nobody knows; that it is lost is an alarm already.
  if (presence === 'lost' || presence === 'late') return
  if (courtUtcMs(roster, at.utcMs) - due.startsUtcMs < roster.graceMs) return
  const what = presence === 'online' ? `the room is ${hearing}` : `the room is ${presence}`
  holdOwn(room, 'NOT_RECORDING', () => `scheduled from ${utcText(due.startsUtcMs)}; ${what}`, at, commands)
}

/** What changes by the hour: once a minute. */
export const judgeSlowly = (roster: Roster, room: Room, at: RosterStamp, commands: RosterCommand[]): void => {
  const { certificateExpiresUtcMs: expires, version } = room
  const nowUtcMs = courtUtcMs(roster, at.utcMs)
  holdOwn(room, 'CLOCK_OFF', room.presence === 'online' ? clockTrouble(room, at) : null, at, commands)
  const day = fullOn(room, nowUtcMs)
  const told = room.alarms.get('DISK_FULL_SOON')
  const detail = `on ${day} at the pace of the last days; ${Math.floor(room.hoursLeft ?? 0)} hours are left`
  // The day is what people plan by: when it is another one they should know.
  if (told && day && !told.alarm.detail.startsWith(`on ${day}`)) clear(room, 'DISK_FULL_SOON', at, commands)
  holdOwn(room, 'DISK_FULL_SOON', day ? () => detail : null, at, commands)
  const beforeMs = Math.min(EXPIRES_WITHIN_DAYS, roster.certificateDays * EXPIRES_WITHIN_SHARE) * DAY_MS
  const expiring = expires !== null && expires - nowUtcMs < beforeMs
  holdOwn(room, 'CERTIFICATE_EXPIRES', expiring ? () => `on ${utcText(expires)}` : null, at, commands)
  const behind = roster.commonVersion !== '' && version !== '' && isOlder(version, roster.commonVersion)
  const why = `it has ${version}, most rooms have ${roster.commonVersion}`
  holdOwn(room, 'FIRMWARE_BEHIND', behind ? () => why : null, at, commands)
}
