/** What a drill and a process of devices that raise events without a pause say to each other. */

export interface RaisingOrder {
  rooms: number
  /** Of these, numbers from 0; all when left out. */
  from?: number
  to?: number
  /** File with what each was given. */
  memberships: string
  url: string
  /** Outbox and memory of each room lie in a folder here that bears its name. */
  folder: string
  boot: string
  /** Of each device. */
  eventsPerSecond: number
}

/** `n` counts what a device raises in one life. */
export interface Raised {
  device: string
  seq: number
  boot: string
  n: number
}

export type FromRaising =
  | { is: 'up' }
  /** Durable. */
  | { is: 'raised'; raised: Raised[] }
  | { is: 'contact'; device: string; isConnected: boolean; atMs: number }
  | { is: 'heard'; device: string; what: string; text: string }
  | { is: 'waiting'; events: number }

export type ToRaising = { do: 'live'; order: RaisingOrder } | { do: 'rest' } | { do: 'count' }
