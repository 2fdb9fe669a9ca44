/** What is known of each room. Ten thousand of them lie in memory: facts, no messages. */
import type { MonoMs, UtcMs } from '../../base/units.ts'
import type { SeenPresence } from '../../wire/console.ts'
import type { Alarm } from '../../wire/fleet/alarm.ts'
import type { RoomState } from '../../wire/fleet/room-state.ts'

export interface HeldAlarm {
  id: string
  /** Raised by the hub, not by the device. */
  hub: boolean
  alarm: Alarm
  raisedUtcMs: UtcMs
  raisedMs: MonoMs
  acknowledged: { by: string; utcMs: UtcMs; note: string } | null
  silencedUntilUtcMs: UtcMs | null
  escalatedUtcMs: UtcMs | null
  /** States in a row that did not name it any more. */
  missed: number
}

/** One hearing of a docket, without what nobody needs to know here: the case. */
export interface ScheduledHearing {
  startsUtcMs: UtcMs
  endsUtcMs: UtcMs
  mustRecord: boolean
  /** It was seen, or told later, that it is on the record. */
  recorded: boolean
  audible: boolean
}

/** Sums of what came within one slot of ten minutes. */
export interface Average {
  slot: number
  /** In the order of METRIC_NAMES. Plain lists: typed arrays as short as these weigh three times as much. */
  sums: number[]
  counts: number[]
}

export interface Room {
  readonly court: string
  readonly device: string
  name: string
  version: string
  presence: SeenPresence
  /** Nobody has heard it since the hub started, or since the hub lost its broker. */
  isAwaited: boolean
  /** Connection that speaks; -1 before the first. */
  bd: number
  boot: string
  /** The boot before: one that comes back is another machine. */
  formerBoot: string
  heartbeatMs: number
  heardMs: MonoMs
  lostMs: MonoMs
  seenUtcMs: UtcMs | null
  hearing: RoomState['hearing'] | 'unknown'
  lamp: RoomState['lamp'] | 'unknown'
  verdict: RoomState['verdict'] | 'unknown'
  hoursLeft: number | null
  /** Recording, and no microphone heard anything, since. */
  silentSinceMs: MonoMs | null
  unsynchronizedSinceMs: MonoMs | null
  /** The device's clock against the hub's; null while it follows no time server. */
  clockMs: number | null
  /** States in a row whose clock was off. */
  clockOff: number
  certificateExpiresUtcMs: UtcMs | null
  alarms: Map<string, HeldAlarm>
  schedule: ScheduledHearing[]
  /** A hearing that must be recorded is on the docket for now, as it was judged last. */
  isDue: boolean
  /** REC of a hearing whose end is not known yet, as its events tell it. */
  openedUtcMs: UtcMs | null
  average: Average | null
  dailyHoursLeft: [day: number, hours: number][]
  takenMs: MonoMs[]
  /** What its row said last: compared, so that only changes are shown. */
  shown: string
}

/**
 * Mutable, unlike the recorder's state: ten thousand rooms and five hundred messages a second would copy a map of ten
 * thousand each time. `judge` alone changes it, and the same list of events always gives the same commands.
 */
export interface Roster {
  readonly rooms: Map<string, Room>
  startedMs: MonoMs
  connected: boolean
  graceMs: number
  escalateAfterMs: number
  certificateDays: number
  /** What the clocks of most rooms say against the hub's own: its clock is wrong when this is far from 0. */
  fleetClockMs: number
  /** Version that most rooms have; empty while no version has most. */
  commonVersion: string
  ticks: number
}

export const emptyRoster = (): Roster => ({
  rooms: new Map(),
  ...{ startedMs: 0, connected: false, graceMs: 0, escalateAfterMs: 0, certificateDays: 365 },
  ...{ fleetClockMs: 0, commonVersion: '', ticks: 0 },
})

const NO_TIMES: MonoMs[] = []

/** One literal, no spread: V8 keeps ten thousand of them small and fast only then. */
export const emptyRoom = (court: string, device: string, name: string): Room => ({
  court,
  device,
  name,
  version: '',
  presence: 'never',
  isAwaited: true,
  bd: -1,
  boot: '',
  formerBoot: '',
  heartbeatMs: 60_000,
  heardMs: 0,
  lostMs: 0,
  seenUtcMs: null,
  hearing: 'unknown',
  lamp: 'unknown',
  verdict: 'unknown',
  hoursLeft: null,
  silentSinceMs: null,
  unsynchronizedSinceMs: null,
  clockMs: null,
  clockOff: 0,
  certificateExpiresUtcMs: null,
  alarms: new Map(),
  schedule: [],
  isDue: false,
  openedUtcMs: null,
  average: null,
  dailyHoursLeft: [],
  takenMs: NO_TIMES,
  shown: '',
})

/** What time it is in the courts, as most of their clocks say. */
export const courtUtcMs = (roster: Roster, utcMs: UtcMs): UtcMs => utcMs + roster.fleetClockMs
