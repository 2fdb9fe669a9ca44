/** What the drill and the process of devices that live through days offline say to each other. */

export interface OfflineOrder {
  rooms: number
  /** File with what each was given. */
  memberships: string
  url: string
  /** The outbox of each room lies in a folder here that bears its name. */
  folder: string
  /** When the days begin: in the world, and the simulated moment that it stands for. */
  startUtcMs: number
  startMs: number
  /** Lives from here to there, UTC, as fast as it can; then in the time of the world. */
  fromUtcMs: number
  toUtcMs: number
}

export type FromOffline =
  | { is: 'up' }
  /** All that was raised until then is durable. Number of the last event of each device. */
  | { is: 'lived'; utcMs: number; last: Record<string, number>; metrics: number }
  | { is: 'over' }
  | { is: 'connected'; device: string; atMs: number }

export type ToOffline = { do: 'live'; order: OfflineOrder }
