/** Everything the roster is told. What comes from the network was parsed before; both clocks stand in every event. */
import type { MonoMs, UtcMs } from '../../base/units.ts'
import type { AlarmOrder } from '../../wire/console.ts'
import type { Alarm } from '../../wire/fleet/alarm.ts'
import type { Birth } from '../../wire/fleet/birth.ts'
import type { Metrics } from '../../wire/fleet/metrics.ts'
import type { Presence } from '../../wire/fleet/presence.ts'
import type { RoomState } from '../../wire/fleet/room-state.ts'
import type { HeldAlarm, ScheduledHearing } from './room.ts'

/** `atMs` ages what is known; `utcMs` is only shown, compared with dockets, and may step or be wrong. */
export interface RosterStamp {
  atMs: MonoMs
  utcMs: UtcMs
}

/** What a hub that starts again remembers of a room. */
export interface Remembered {
  seenUtcMs: UtcMs | null
  version: string
  certificateExpiresUtcMs: UtcMs | null
  alarms: Omit<HeldAlarm, 'raisedMs' | 'missed'>[]
  schedule: ScheduledHearing[]
  /** Hours left at the start of each day, the oldest first. */
  hoursLeft: [day: number, hours: number][]
}

type Told =
  | { is: 'hub-started'; graceMinutes: number; escalateAfterMinutes: number; certificateDays: number }
  | { is: 'room-added'; court: string; device: string; room: string; remembered: Remembered | null }
  | { is: 'room-removed'; device: string }
  /** `retained`: it was said at any time before now. */
  | { is: 'presence-said'; device: string; presence: Presence; retained: boolean }
  | { is: 'birth-said'; device: string; birth: Birth; retained: boolean }
  | { is: 'state-said'; device: string; state: RoomState; retained: boolean }
  | { is: 'metrics-said'; device: string; metrics: Metrics }
  | { is: 'alarm-said'; device: string; id: string; alarm: Alarm | null; retained: boolean }
  /** Something else came from it. */
  | { is: 'device-heard'; device: string }
  /** An event of the device is durable, for the first time. */
  | { is: 'event-kept'; device: string; kind: string; timeUtcMs: UtcMs; data: Record<string, unknown> }
  | { is: 'events-missing'; device: string; detail: string }
  | { is: 'witness-contradicted'; device: string; detail: string }
  /** One connection of the device was ended by another of the same name. */
  | { is: 'connection-taken'; device: string }
  | { is: 'device-doubled'; device: string; detail: string }
  | { is: 'docket-given'; device: string; day: string; hearings: ScheduledHearing[] }
  | { is: 'alarm-judged'; device: string; id: string; order: AlarmOrder; by: string }
  /** The hub itself lost its broker, or has it again. */
  | { is: 'link-changed'; connected: boolean }
  /** Once a second. */
  | { is: 'tick' }

export type RosterEvent = Told & RosterStamp
export type RosterEventOf<Name extends RosterEvent['is']> = Extract<RosterEvent, { is: Name }>
