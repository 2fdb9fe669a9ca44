/** What the program and the store's thread say to each other. */
import type { Write } from './write.ts'

export interface IncomingEvent {
  device: string
  seq: number
  kind: string
  /** SHA-256 of the event before, as this one says it; null when it is the first. */
  prev: string | null
  /** When the hub had it. */
  receivedMs: number
  /** As they came from the network. */
  bytes: Uint8Array
  /** Numbers that the device itself gives up: `events-lost`. */
  lost: readonly [from: number, to: number] | null
}

export interface Average {
  device: string
  slot: number
  sums: readonly number[]
  counts: readonly number[]
}

/** The first hole before what is there is given up. */
export interface Skip {
  device: string
  why: string
  atMs: number
}

/** One transaction: all of it is durable, or nothing. */
export interface Job {
  events: readonly IncomingEvent[]
  skips: readonly Skip[]
  averages: readonly Average[]
  writes: readonly Write[]
}

export interface Retention {
  olderThanMs: number
  bytes: number
  historyBeforeSlot: number
}

/** What the store has of a device now. */
export interface Holding {
  device: string
  upto: number
  /** Later ones that it has too: those of this job first, then the latest. */
  ahead: number[]
  /** SHA-256 of event `upto`, hex; null where it did not come, or was removed for its age. */
  hash: string | null
}

export interface Done {
  /** Indices into the job's events: stored now, for the first time. */
  fresh: number[]
  /** Have another text than the event of the same number that was there before. Both are kept. */
  contradicting: number[]
  /** Say another predecessor than the one that is there. */
  unchained: number[]
  /** What was given up. */
  skipped: { device: string; from: number; to: number }[]
  holdings: Holding[]
}

export type Asked =
  | ({ n: number; do: 'keep' } & Job)
  | ({ n: number; do: 'tidy' } & Retention)
  | { n: number; do: 'holdings'; devices: readonly string[] }
  | { n: number; do: 'close' }

/** @property tidied how many events were removed */
export type Answered =
  | { n: number; is: 'done'; done: Done }
  | { n: number; is: 'tidied'; events: number }
  | { n: number; is: 'failed'; why: string }
