/**
 * Whether a device is there: what it said, its will, and the age of its heartbeat. None of the three is enough alone,
 * and only the monotonic clock ages anything: the hub's wall clock may step.
 */
import type { RosterCommand } from './command.ts'
import type { RosterEventOf, RosterStamp } from './event.ts'
import type { Room, Roster } from './room.ts'

export const LATE_BEATS = 2
export const LOST_BEATS = 3
/** After its start, and after it has its broker again, the hub waits so long for those it knows. */
export const RETURN_WITHIN_MS = 15_000
/** Ten thousand need longer to come back; nobody is called before. */
export const ALARM_AFTER_RETURN_MS = 60_000
/** In a cluster a will may come before what was sent ahead of it. */
const WILL_OVERTAKEN_MS = 5_000
const TAKEN_TIMES = 3
const TAKEN_WITHIN_MS = 120_000

export const presenceSaid = (
  room: Room,
  event: RosterEventOf<'presence-said'>,
  commands: RosterCommand[],
): string | null => {
  const { presence, retained, atMs, utcMs } = event
  const { state, bd, boot } = presence
  // The will of a connection before the one that speaks: it is there, by another way.
  if (state !== 'ready' && bd < room.bd) return null
  if (retained && bd < room.bd) return null
  const doubled = state === 'ready' && boot !== room.boot && boot === room.formerBoot && boot !== ''
  const isNew = bd !== room.bd || boot !== room.boot || room.presence !== 'online' || room.isAwaited
  room.isAwaited = false
  if (boot !== room.boot) {
    room.formerBoot = room.boot
    room.boot = boot
  }
  room.bd = bd
  room.heartbeatMs = presence.heartbeatSeconds * 1_000
  room.presence = state === 'ready' ? 'online' : state
  if (state === 'lost') room.lostMs = atMs
  if (state === 'ready' || !retained) {
    room.heardMs = atMs
    room.seenUtcMs = utcMs
  }
  if (state === 'ready' && isNew) commands.push({ do: 'greet-device', device: room.device })
  return doubled ? `the boots ${room.formerBoot} and ${boot} speak in turn` : null
}

/** What comes from it now says that it is there; not what overtook its will on the way, nor what follows its goodbye. */
export const heard = (room: Room, at: RosterStamp): void => {
  const { presence } = room
  if (presence === 'disconnected' || (presence === 'lost' && at.atMs - room.lostMs < WILL_OVERTAKEN_MS)) return
  room.isAwaited = false
  room.heardMs = at.atMs
  room.seenUtcMs = at.utcMs
  room.presence = 'online'
}

/** True when one connection takes the other's place again and again. */
export const takenOver = (room: Room, { atMs }: RosterStamp): boolean => {
  room.takenMs = [...room.takenMs.filter((before) => atMs - before < TAKEN_WITHIN_MS), atMs]
  if (room.takenMs.length < TAKEN_TIMES) return false
  room.takenMs = []
  return true
}

export const agePresence = (roster: Roster, room: Room, { atMs }: RosterStamp): void => {
  // Without its broker the hub hears nobody: that says nothing of the rooms.
  if (!roster.connected) return
  const { presence } = room
  if (presence !== 'online' && presence !== 'late') return
  const age = atMs - (room.isAwaited ? roster.startedMs : room.heardMs)
  if (age > (room.isAwaited ? RETURN_WITHIN_MS : LOST_BEATS * room.heartbeatMs)) {
    room.presence = 'lost'
    room.lostMs = atMs - WILL_OVERTAKEN_MS
  } else if (age > LATE_BEATS * room.heartbeatMs) room.presence = 'late'
}

/**
 * While the hub is deaf nobody grows older, and whoever was there is awaited. A broker says of those that are there still
 * that they are, the moment the hub asks: before the hub says that it is connected.
 */
export const linkChanged = (roster: Roster, event: RosterEventOf<'link-changed'>): void => {
  if (event.connected && !roster.connected) {
    roster.startedMs = event.atMs
    for (const room of roster.rooms.values())
      if (room.presence === 'online' || room.presence === 'late') room.heardMs = event.atMs
  }
  if (!event.connected && roster.connected) for (const room of roster.rooms.values()) room.isAwaited = true
  roster.connected = event.connected
}
