/** What should be recorded when, and what was: the docket against the states and events of the room. */
import type { UtcMs } from '../../base/units.ts'
import type { RosterCommand } from './command.ts'
import type { RosterEventOf } from './event.ts'
import { courtUtcMs, type Room, type Roster, type ScheduledHearing } from './room.ts'

const DAY_MS = 86_400_000

/** What lies days back stands in the store; what is here is compared with every state. */
const isNear = ({ endsUtcMs }: ScheduledHearing, utcMs: UtcMs): boolean => Math.abs(endsUtcMs - utcMs) < 3 * DAY_MS

/** A later docket of the same day takes the place of the earlier one; what was recorded stays recorded. */
export const docketGiven = (room: Room, event: RosterEventOf<'docket-given'>): void => {
  const before = new Map(room.schedule.map((hearing) => [hearing.startsUtcMs, hearing]))
  const otherDays = room.schedule.filter(
    ({ startsUtcMs }) => new Date(startsUtcMs).toISOString().slice(0, 10) !== event.day,
  )
  const ofDay = event.hearings.map((hearing) => {
    const { recorded = false, audible = false } = before.get(hearing.startsUtcMs) ?? {}
    return { ...hearing, recorded, audible }
  })
  room.schedule = [...otherDays, ...ofDay]
    .filter((hearing) => isNear(hearing, event.utcMs))
    .toSorted((a, b) => a.startsUtcMs - b.startsUtcMs)
}

/** The hearing that must be recorded now; of several at once the first that is not. */
export const dueNow = (roster: Roster, room: Room, utcMs: UtcMs): ScheduledHearing | null => {
  if (!room.schedule.length) return null
  const now = courtUtcMs(roster, utcMs)
  let due: ScheduledHearing | null = null
  for (const hearing of room.schedule) {
    if (!hearing.mustRecord || hearing.startsUtcMs > now || hearing.endsUtcMs <= now) continue
    if (!hearing.recorded) return hearing
    due ??= hearing
  }
  return due
}

const mark = (room: Room, hearing: ScheduledHearing, audible: boolean, commands: RosterCommand[]): void => {
  if (hearing.recorded && (hearing.audible || !audible)) return
  hearing.recorded = true
  hearing.audible ||= audible
  const { startsUtcMs } = hearing
  commands.push({ do: 'keep-coverage', device: room.device, startsUtcMs, recorded: true, audible: hearing.audible })
}

/** It is on the record at this moment. */
export const recordingSeen = (room: Room, nowUtcMs: UtcMs, audible: boolean, commands: RosterCommand[]): void => {
  for (const hearing of room.schedule)
    if (hearing.startsUtcMs <= nowUtcMs && nowUtcMs < hearing.endsUtcMs) mark(room, hearing, audible, commands)
}

/** What its events tell, maybe days later: a room without a network records all the same. */
export const recordingTold = (room: Room, event: RosterEventOf<'event-kept'>, commands: RosterCommand[]): void => {
  const { kind, timeUtcMs } = event
  if (kind === 'hearing-opened') room.openedUtcMs = timeUtcMs
  if (kind !== 'hearing-opened' && kind !== 'hearing-closed') return
  const from = room.openedUtcMs ?? timeUtcMs
  if (kind === 'hearing-closed') room.openedUtcMs = null
  for (const hearing of room.schedule)
    if (hearing.startsUtcMs <= timeUtcMs && from < hearing.endsUtcMs) mark(room, hearing, false, commands)
}
