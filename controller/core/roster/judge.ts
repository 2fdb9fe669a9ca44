/** The one place where it is judged what a message means for the fleet. The same events always give the same commands. */
import { ageAlarms, alarmJudged, alarmSaid, crossCheck, raiseOwn } from './alarm.ts'
import type { RosterCommand } from './command.ts'
import { docketGiven, recordingSeen, recordingTold } from './docket.ts'
import type { RosterEvent, RosterEventOf } from './event.ts'
import { clockSaid, readFleetClock } from './fleet-clock.ts'
import { hoursLeftSaid } from './forecast.ts'
import { metricsSaid } from './metric-average.ts'
import { judgeNow, judgeSlowly } from './own-alarms.ts'
import { agePresence, heard, linkChanged, presenceSaid, takenOver } from './presence.ts'
import { courtUtcMs, emptyRoom, type Room, type Roster } from './room.ts'
import { roomRowOf, rowMark } from './room-row.ts'
import { readCommonVersion } from './version.ts'

const SLOW_TICKS = 60
const CLOCK_TICKS = 10

/** What has happened, and what shall be done about it. Changes the roster; see {@link Roster} for why. */
export const judge = (roster: Roster, event: RosterEvent): RosterCommand[] => {
  const commands: RosterCommand[] = []
  switch (event.is) {
    case 'hub-started':
      roster.graceMs = event.graceMinutes * 60_000
      roster.escalateAfterMs = event.escalateAfterMinutes * 60_000
      roster.certificateDays = event.certificateDays
      roster.startedMs = event.atMs
      break
    case 'link-changed':
      linkChanged(roster, event)
      break
    case 'tick':
      ticked(roster, event, commands)
      break
    case 'room-added':
      roomAdded(roster, event, commands)
      break
    case 'room-removed':
      if (roster.rooms.delete(event.device)) commands.push({ do: 'hide-room', device: event.device })
      break
    default: {
      const room = roster.rooms.get(event.device)
      if (!room) break
      roomSaid(roster, room, event, commands)
      judgeNow(roster, room, event, commands)
      showIfChanged(roster, room, event.utcMs, commands)
    }
  }
  return commands
}

type OfRoom = Exclude<RosterEvent, { is: 'hub-started' | 'link-changed' | 'tick' | 'room-added' | 'room-removed' }>

const roomSaid = (roster: Roster, room: Room, event: OfRoom, commands: RosterCommand[]): void => {
  switch (event.is) {
    case 'presence-said': {
      const doubled = presenceSaid(room, event, commands)
      if (doubled) raiseOwn(room, 'DEVICE_DOUBLED', doubled, event, commands)
      return
    }
    case 'birth-said':
      if (!event.retained) heard(room, event)
      return born(room, event)
    case 'state-said':
      return stateSaid(roster, room, event, commands)
    case 'metrics-said':
      heard(room, event)
      return metricsSaid(room, event.metrics, courtUtcMs(roster, event.utcMs), commands)
    case 'alarm-said':
      if (!event.retained) heard(room, event)
      return alarmSaid(room, event, commands)
    case 'device-heard':
      return heard(room, event)
    case 'event-kept':
      if (event.kind === 'events-lost')
        raiseOwn(room, 'EVENTS_MISSING', 'the device itself has lost them', event, commands)
      return recordingTold(room, event, commands)
    case 'events-missing':
      return raiseOwn(room, 'EVENTS_MISSING', event.detail, event, commands)
    case 'witness-contradicted':
      return raiseOwn(room, 'WITNESS_CONTRADICTED', event.detail, event, commands)
    case 'connection-taken':
      if (takenOver(room, event))
        raiseOwn(room, 'DEVICE_DOUBLED', 'connections of its name end each other', event, commands)
      return
    case 'device-doubled':
      return raiseOwn(room, 'DEVICE_DOUBLED', event.detail, event, commands)
    case 'docket-given':
      return docketGiven(room, event)
    case 'alarm-judged':
      return alarmJudged(room, event, commands)
  }
}

const roomAdded = (roster: Roster, event: RosterEventOf<'room-added'>, commands: RosterCommand[]): void => {
  const { court, device, remembered, atMs, utcMs } = event
  const room = emptyRoom(court, device, event.room)
  if (remembered) {
    const { seenUtcMs, version, certificateExpiresUtcMs, alarms, schedule, hoursLeft } = remembered
    // It was there before the hub ended: it is awaited.
    Object.assign(room, { seenUtcMs, version, certificateExpiresUtcMs, schedule, dailyHoursLeft: hoursLeft })
    if (seenUtcMs !== null) room.presence = 'late'
    for (const held of alarms) {
      const raisedMs = atMs - Math.max(0, utcMs - held.raisedUtcMs)
      room.alarms.set(held.id, { ...held, raisedMs, missed: 0 })
    }
  }
  roster.rooms.set(device, room)
  showIfChanged(roster, room, utcMs, commands)
}

const born = (room: Room, { birth }: RosterEventOf<'birth-said'>): void => {
  room.name = birth.room
  room.version = birth.version
  room.certificateExpiresUtcMs = birth.certificateExpires === null ? null : Date.parse(birth.certificateExpires)
}

const stateSaid = (roster: Roster, room: Room, event: RosterEventOf<'state-said'>, commands: RosterCommand[]): void => {
  const { state, retained, atMs, utcMs } = event
  room.hearing = state.hearing
  room.lamp = state.lamp
  room.verdict = state.verdict
  room.hoursLeft = state.hoursLeft
  const silent = state.hearing === 'recording' && state.audible === false
  room.silentSinceMs = silent ? (room.silentSinceMs ?? atMs) : null
  crossCheck(room, state.alarms, event, commands)
  // What follows says what is now, and what was kept does not.
  if (retained) return
  heard(room, event)
  clockSaid(room, Date.parse(state.at), state.clockSynchronized, roster.fleetClockMs, event)
  const nowUtcMs = courtUtcMs(roster, utcMs)
  if (state.hoursLeft !== null) hoursLeftSaid(room, state.hoursLeft, nowUtcMs, commands)
  if (state.hearing === 'recording') recordingSeen(room, nowUtcMs, state.audible === true, commands)
}

const ticked = (roster: Roster, event: RosterEventOf<'tick'>, commands: RosterCommand[]): void => {
  const tick = roster.ticks++
  if (tick % CLOCK_TICKS === 0) readFleetClock(roster)
  if (tick % SLOW_TICKS === 0) readCommonVersion(roster)
  let place = 0
  for (const room of roster.rooms.values()) {
    const before = commands.length
    const { presence, isDue } = room
    agePresence(roster, room, event)
    judgeNow(roster, room, event, commands)
    // Every room once a minute, a sixtieth of them each second.
    const slow = place++ % SLOW_TICKS === tick % SLOW_TICKS
    if (slow) judgeSlowly(roster, room, event, commands)
    if (room.alarms.size) ageAlarms(roster, room, event, commands)
    if (slow || commands.length !== before || room.presence !== presence || room.isDue !== isDue)
      showIfChanged(roster, room, event.utcMs, commands)
  }
}

const showIfChanged = (roster: Roster, room: Room, utcMs: number, commands: RosterCommand[]): void => {
  const mark = rowMark(roomRowOf(roster, room, utcMs))
  if (mark === room.shown) return
  room.shown = mark
  commands.push({ do: 'show-room', device: room.device })
}
