/** Where the events of an outbox lie: in files, or in memory where a thousand devices are only pretended. */
import type { KeptEvent } from './kept-event.ts'

/** From and to, both included. */
export type SeqRange = readonly [from: number, to: number]

export interface OpenedShelf {
  /** The last event ever kept, or null when none is known. Its hash is null when the event itself is gone. */
  last: { seq: number; hash: string | null } | null
  /** Numbers of urgent events above `upto`, the lowest first. */
  urgent: number[]
  /** The hub has everything up to here, and what is gone below was told of. */
  upto: number
  /** Later ones that the hub has. */
  ahead: number[]
  /** Above `upto`: numbers that were given, or may have been, and whose events are gone. */
  lost: SeqRange[]
  /** Those of them that no event tells of yet. */
  untold: SeqRange[]
}

export interface Shelf {
  /** Throws what the file system throws. */
  open(): Promise<OpenedShelf>
  /**
   * Durable when it resolves. When it rejects none of them counts, and the same ones come again, byte for byte.
   * Never two calls at once.
   */
  append(events: readonly KeptEvent[]): Promise<void>
  /** Those of `seqs` that can be read, and those that never will be. The others may be read later. */
  read(seqs: readonly number[]): Promise<{ events: KeptEvent[]; gone: number[] }>
  /** The hub has these. Whole files of them may be removed. */
  forget(upto: number, ahead: readonly number[]): Promise<void>
  /** How much all of it occupies. */
  readonly bytes: number
  close(): Promise<void>
}
