/** What a bench or a drill and a process full of simulated devices say to each other. */

/** Raised from outside; its `since` is the very millisecond in which the device learned of it. */
export const RAISED_ALARM = 'PRESSES_LOST'

export interface DevicesOrder {
  seed: number
  /** In the whole fleet. */
  total: number
  /** The share of this process. */
  from: number
  to: number
  connectsPerSecond: number
  /** Where the day begins, UTC. */
  dayMs: number
  speed: number
  /** Of the broker; with several hosts the devices are spread over them by chance. */
  url: string
  /** File: what each device was given when it became one of the fleet. */
  memberships: string
  /** 4: MQTT 3.1.1. */
  version: 4 | 5
}

export type ToDevices =
  | { do: 'start'; order: DevicesOrder }
  /** Raises alarms beside what happens in the rooms by itself, each cleared after some seconds. */
  | { do: 'raise'; perSecond: number }
  | { do: 'rest' }
  /** The network of all of them is gone, and comes back. */
  | { do: 'cut' }
  | { do: 'mend' }
  | { do: 'count' }
  | { do: 'end' }

export type FromDevices =
  | { is: 'up' }
  | { is: 'connected'; count: number; since: Connected[] }
  | { is: 'raised'; alarms: RaisedAlarm[] }
  | { is: 'counted'; waiting: number; events: Record<string, number> }
  | { is: 'ended' }

export interface Connected {
  device: string
  /** Milliseconds since 1970: when the broker had taken it in. */
  atMs: number
}

export interface RaisedAlarm {
  device: string
  /** Milliseconds since 1970: when the device learned of it, before it was durable. */
  atMs: number
}
