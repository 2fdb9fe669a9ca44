/**
 * What a journal line says. Every kind is here; the format itself is in README.md beside this file.
 * Plain types: a reader that meets a kind or a field it does not know keeps going (additive changes only within version 1).
 */
export const JOURNAL_VERSION = 1

export interface Reason {
  /** In plain words, for the clerk. */
  clerk: string
  /** Exactly, for the engineer. */
  engineer: string
}

export interface TrackEntry {
  name: string
  label: string
  media: 'video' | 'audio'
  source: string
  channel: number
}

/** One fragment of one track: the unit that is hashed and made durable. */
export interface FragmentEntry {
  track: string
  /** Incarnation of the worker that wrote it. */
  run: number
  /** Counts the fragments of a track within a run, from 1. */
  seq: number
  /** Path of the segment file inside the hearing folder. */
  file: string
  offset: number
  bytes: number
  /** Lower-case hex SHA-256 of these bytes. */
  sha256: string
  /** Start on the hearing's media time line. */
  mediaMs: number
  durationMs: number
  samples: number
  codec: string
  /** Stores that had confirmed it (fdatasync returned) when this line was written. */
  stores: string[]
}

export interface GapEntry {
  track: string
  /** On the media time line. */
  fromMs: number
  toMs: number
}

export interface LevelSummary {
  track: string
  rmsDbfs: number
  peakDbfs: number
  /** Share of the time with a voice, 0 to 1. */
  voice: number
}

/** Who signs from here on. */
export interface DeviceEntry {
  /** What the device is called: the common name of its certificate. */
  device: string
  /** Id of its key: lower-case hex SHA-256 of the raw public key. */
  key: string
  /** Raw Ed25519 public key (RFC 8032, 32 bytes), base64. */
  publicKey: string
  /** X.509 certificates in DER, base64, the device's own first; its own signed by itself until it is enrolled. */
  certificates: string[]
}

/** A place in the journal that something speaks for, and with it for every line before. */
export interface SignedPlace {
  /** Number of the line. */
  upto: number
  /** Lower-case hex SHA-256 of that line. */
  head: string
}

/** What a witness says: that it was shown this head at this time. */
export interface ReceiptEntry extends SignedPlace {
  /** When the witness received it, by its own clock. */
  receivedUtc: string
  /** Id of the witness' key, as of a device's. */
  witness: string
  publicKey: string
  /** As of a device's; may be empty. */
  certificates: string[]
  /** Ed25519, base64. */
  signature: string
}

/** A portion of some tracks that a judge has ordered to be sealed. */
export interface SealedPortion {
  /** Name of the seal within the hearing, such as `seal-1`. */
  seal: string
  /** Names of the tracks; every track when empty. */
  tracks: string[]
  /** On the media time line. A fragment that overlaps the portion is sealed whole. */
  fromMs: number
  toMs: number
}

/** What a seal covers of one segment file, encrypted to the court's key. */
export interface LockedEntry {
  seal: string
  /** Path of the encrypted file inside the hearing folder. */
  file: string
  bytes: number
  /** Lower-case hex SHA-256 of the encrypted file. */
  sha256: string
  /** Whom it is encrypted to: the court's public key, as age writes it. */
  recipient: string
}

export interface SelfTestResult {
  what: string
  ok: boolean
  /** Passed, and somebody should look. */
  warning?: boolean | undefined
  /** Exactly, for the engineer. */
  detail: string
  /** What the administrator should do. */
  toDo?: string | undefined
}

export type EntryBody =
  | {
      kind: 'hearing-opened'
      id: string
      court: string
      room: string
      case: string
      /** CLOCK_MONOTONIC at media time 0, of boot `boot`. */
      zeroMonoMs: number
      boot: string
      tracks: TrackEntry[]
      reason: Reason
    }
  | { kind: 'software'; version: string; sha256: string; node: string; gstreamer: string }
  | { kind: 'configuration'; sha256: string }
  | { kind: 'clock'; boot: string; monoMs: number; utcMs: number; synchronized: boolean | null; stepMs: number }
  | {
      kind: 'press'
      button: 'rec' | 'off' | 'stop' | 'mark'
      by: string
      note: string
      accepted: boolean
      reason: Reason
      /** When it was a panel's button: epoch and number name the press for good; it was `agoMs` before this line. */
      panel?: { name: string; epoch: number; number: number; agoMs: number }
    }
  | { kind: 'panel'; panel: string; to: 'found' | 'lost'; reason: Reason }
  | { kind: 'state'; from: string; to: string; mediaMs: number; reason: Reason }
  | { kind: 'source'; source: string; run: number; to: string; reason: Reason }
  | { kind: 'started'; track: string; run: number; mediaMs: number; waitedMs: number; on: 'sample' | 'key-frame' }
  | { kind: 'fragments'; fragments: FragmentEntry[] }
  | { kind: 'stored'; store: string; track: string; run: number; upto: number }
  | { kind: 'found'; why: Reason; fragments: FragmentEntry[] }
  | { kind: 'tail'; store: string; file: string; offset: number; bytes: number; why: Reason }
  | ({ kind: 'gap'; reason: Reason } & GapEntry)
  | { kind: 'levels'; levels: LevelSummary[] }
  | { kind: 'signal'; track: string; what: string; state: 'begun' | 'ended'; reason: Reason }
  | { kind: 'store'; store: string; to: string; reason: Reason }
  | {
      kind: 'disk'
      store: string
      /** What is wrong with the disk, such as `DISK_HOT`. */
      what: string
      state: 'begun' | 'ended'
      /** On the disk, from then on: good, watch, replace-soon, failing. */
      verdict: string
      reason: Reason
    }
  | { kind: 'mark'; mediaMs: number; note: string; by: string }
  | { kind: 'interrupted'; lastUtc: string; boot: string; zeroMonoMs: number; reason: Reason }
  | { kind: 'checkpoint'; tracks: Record<string, { fragments: number; bytes: number; endMs: number }> }
  | ({ kind: 'device' } & DeviceEntry)
  | ({ kind: 'signature'; key: string; signature: string } & SignedPlace)
  | ({ kind: 'receipt' } & ReceiptEntry)
  | ({ kind: 'timestamp'; token: string } & SignedPlace)
  | ({ kind: 'seal'; by: string; reason: Reason } & SealedPortion)
  | ({ kind: 'locked' } & LockedEntry)
  | { kind: 'signer'; to: 'good' | 'failed'; reason: Reason }
  | { kind: 'repaired'; store: string; from: string; file: string; offset: number; bytes: number; reason: Reason }
  | { kind: 'self-test'; results: SelfTestResult[] }
  | { kind: 'power'; to: 'mains' | 'flicker' | 'on-battery' | 'battery-low' | 'ending'; reason: Reason }
  | { kind: 'line'; line: string; active: boolean; reason: Reason }
  | { kind: 'watch'; what: 'board' | 'ups'; to: 'found' | 'lost'; reason: Reason }
  | { kind: 'hearing-closed'; mediaMs: number; reason: Reason }

export type EntryKind = EntryBody['kind']

/** What alone may follow `hearing-closed`. */
export const LATE_KINDS: ReadonlySet<EntryKind> = new Set([
  'stored',
  'store',
  'signature',
  'receipt',
  'timestamp',
  'seal',
  'locked',
  'repaired',
  'device',
])

/** A journal line, parsed. */
export type Entry = EntryBody & {
  v: typeof JOURNAL_VERSION
  /** Position of the line, from 0. */
  n: number
  /** Wall time, ISO 8601 with milliseconds. */
  utc: string
  /** CLOCK_MONOTONIC in milliseconds. */
  monoMs: number
  /** Lower-case hex SHA-256 of the line before (without its line feed); 64 zeros on line 0. */
  prev: string
}
