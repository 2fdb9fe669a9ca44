/** All the recorder knows. Plain data, changed only by `decide`. */
import type { Reason } from '../base/reason.ts'
import type { FragmentEntry, SelfTestResult } from '../journal/entry.ts'
import type { BoardInput } from '../wire/board.ts'
import type { TrackConfig } from '../wire/config.ts'
import type { PanelButton, PanelRole } from '../wire/panel.ts'
import type { Disk } from './disk-facts.ts'
import type { PressId, Span, UpsReading } from './event.ts'

/** `run` counts a source's workers, so that word from a dead worker is never taken for word from the living one. */
export type Source =
  | { is: 'off'; run: number }
  /** `reason` is why the run before it failed. */
  | { is: 'starting'; run: number; attempt: number; sinceMs: number; reason: Reason | null }
  | { is: 'live'; run: number; attempt: number; sinceMs: number; heardMs: number }
  | { is: 'waiting'; run: number; attempt: number; retryAtMs: number; reason: Reason }
  | { is: 'ending'; run: number; sinceMs: number }

/** A hearing that is open. */
export interface OpenedHearing {
  id: string
  case: string
  openedUtcMs: number
  /** CLOCK_MONOTONIC at media time 0, in this boot's clock. */
  zeroMs: number
  /** When it was on the record: what is missing inside a span is a gap, outside it is a recess. */
  spans: Span[]
  /** Seals put on it so far: they are numbered. */
  seals: number
}

export type HearingState =
  | { is: 'idle' }
  | { is: 'recording'; hearing: OpenedHearing; sinceMs: number }
  | { is: 'off-record'; hearing: OpenedHearing; sinceMs: number; reason: Reason }
  | {
      is: 'closing'
      hearing: OpenedHearing
      sinceMs: number
      /** Workers that have not closed their files yet. */
      waitingFor: string[]
      /** The disks have been, or are being, searched for what no worker told of. */
      searched: boolean
      /** The last lines are written; the files are being closed. */
      finishing: boolean
      reason: Reason
    }
  | { is: 'closed'; id: string; case: string; sinceMs: number; mediaMs: number }

export type Store =
  | { is: 'unknown'; sinceMs: number }
  /** `completeAtMs` when it may lack what the other has: from then on it is completed as soon as the other is good. */
  | { is: 'good'; freeBytes: number; probedMs: number; completeAtMs?: number }
  /** `lateMs` is when its lateness was last told. */
  | {
      is: 'late'
      freeBytes: number
      probedMs: number
      sinceMs: number
      lateMs: number
      reason: Reason
      completeAtMs?: number
    }
  | { is: 'failed'; sinceMs: number; reason: Reason; goodProbes: number }
  | { is: 'rebuilding'; freeBytes: number; probedMs: number; sinceMs: number }

/** A front panel or a judge's lamp; `unknown` until it has spoken or was looked for in vain. */
export type Panel =
  | { is: 'unknown' }
  /** `lostPresses`: for which it had no room left. */
  | { is: 'found'; sinceMs: number; stuck: PanelButton[]; lostPresses: number }
  | { is: 'lost'; sinceMs: number; reason: Reason }

/** A worker's part in the hearing that is open; `shut` while off the record. */
export interface Gate {
  is: 'open' | 'shut'
  run: number
  sinceMs: number
}

/** A dead worker's files are read before its successor writes: `owed` until the death is certain. */
export type Salvage =
  | { is: 'owed'; run: number; dueMs: number; reason: Reason }
  | { is: 'running'; run: number; sinceMs: number }

/** Fragments that a second store confirmed later than the first. */
export interface Mirrored {
  store: string
  track: string
  run: number
  upto: number
}

/** An interrupted hearing between the start and the first tick, by which living workers have been adopted. */
export interface Recovery {
  lastUtcMs: number
  closing: boolean
  /** A worker of this hearing lives: capture never stopped (R10). */
  living: boolean
  reason: Reason
}

/** What is known of one track in the hearing that is open. */
export interface Track {
  config: TrackConfig
  /** Last fragment known of this run. */
  run: number
  seq: number
  fragments: number
  bytes: number
  seconds: number
  gaps: number
  /** End of the last fragment on the media time line; -1 before the first. */
  endMs: number
  /** When bytes were last confirmed on disk; null before the first of this hearing. */
  confirmedMs: number | null
  level: { rmsDbfs: number; peakDbfs: number; voice: boolean } | null
  /** Sums since the last summary line. */
  heard: { count: number; power: number; peakDbfs: number; voiced: number }
  /** Signals that have begun and not ended. */
  signals: Record<string, Reason>
  /** Why the next gap happened, when a cause is known: the source's last trouble. */
  trouble: Reason | null
}

/** Where the electricity comes from; `sinceMs` is when the mains went. */
export type Supply =
  | { is: 'mains' }
  /** Away for a moment: nothing is done about it yet. */
  | { is: 'flickering'; sinceMs: number }
  | { is: 'on-battery'; sinceMs: number }
  /** On battery, and it is low since `lowMs`: not for long enough to act on it. */
  | { is: 'battery-low'; sinceMs: number; lowMs: number }
  /** The recorder ends in order, whatever comes; `isBack` when the mains came back meanwhile. */
  | { is: 'ending'; sinceMs: number; isBack: boolean }

export interface Power {
  supply: Supply
  /** The mains was seen once: before that, lines wired the wrong way round could switch the recorder off for ever. */
  wasOnMains: boolean
  /** Moments without mains that no line in the journal tells of yet. */
  flickers: { count: number; longestMs: number; toldMs: number | null }
}

/** The board with the lines for power, disks and case; `absent` when there is none by configuration. */
export type Board =
  | { is: 'absent' }
  | { is: 'awaited' }
  | { is: 'found'; lines: Partial<Record<BoardInput, boolean>> }
  | { is: 'lost'; reason: Reason }

export type Ups =
  | { is: 'absent' }
  | { is: 'awaited' }
  | { is: 'heard'; reading: UpsReading; heardMs: number }
  | { is: 'lost'; reason: Reason }

export interface State {
  /** What the configuration fixes. */
  plan: Plan
  boot: string
  hearing: HearingState
  sources: Record<string, Source>
  tracks: Record<string, Track>
  stores: Record<string, Store>
  /** By name of the panel. */
  panels: Record<string, Panel>
  presses: {
    /** When the program began: sources need their time to start. */
    startedMs: number
    /** By panel: what was taken last. A panel tells it again until it hears that it was taken. */
    taken: Record<string, PressId[]>
    /** When a press of a panel was refused last; null before the first. */
    refusedMs: number | null
  }
  /** The disk under each store, by the store's name. */
  disks: Record<string, Disk>
  /** Which store's disk is being looked at, one at a time. */
  examining: { store: string; sinceMs: number } | null
  /** Workers that take part in the open hearing, by source. */
  gates: Record<string, Gate>
  salvages: Record<string, Salvage>
  /** Names of all hearing folders: an id is never given twice, whatever the clock says. */
  hearingIds: string[]
  /** Highest run number known of each source, living or dead. */
  lastRuns: Record<string, number>
  recovery: Recovery | null
  /** Confirmed on disk, not yet in a journal line. */
  unwritten: FragmentEntry[]
  unwrittenMirrored: Mirrored[]
  /** Why journals cannot be signed now; null while they can. */
  unsigned: Reason | null
  /** Closed hearings that end without a signature, and when it was last tried to sign them. */
  lateSigning: { count: number; isTrying: boolean; triedMs: number }
  /** Why the witness is out of reach; null while it is not. */
  witnessAway: Reason | null
  /** Why the hub of the fleet is out of reach for a while now; null while it is not, or there is none. */
  hubAway: Reason | null
  /** What the recorder found in itself at its start; null until it has looked. */
  selfTest: SelfTestResult[] | null
  /** The trial recording of every source, which is part of the whole self-test. */
  trial: {
    /** Counts them. */
    number: number
    /** Since when one runs; null while none does. */
    sinceMs: number | null
    /** When the next one is due by the wall clock; null until the recorder has started. */
    dueUtcMs: number | null
    /** When the last one ended. */
    testedUtcMs: number | null
  }
  /** When a store last confirmed a journal line; null before the first of this hearing. */
  journalStoredMs: number | null
  /** The wall clock minus the monotonic clock at the last reading, to notice a step; null before the first. */
  clockOffsetMs: number | null
  clockSynchronized: boolean | null
  /** The last step of the wall clock, kept while it is news (R7). */
  clockStep: { atMs: number; reason: Reason } | null
  board: Board
  ups: Ups
  power: Power
  lastClockMs: number
  lastTickMs: number
  lastSummaryMs: number
  lastCheckpointMs: number
  scrub: {
    running: boolean
    /** When the last one ended; before the first, when the program began. */
    endedMs: number
    /** A hearing waits for it, whatever the pause. */
    due: boolean
    /** By hearing: what is not whole on every disk and could not be repaired. */
    troubles: Record<string, Reason>
  }
  /** Set once the program is asked to end: no new hearing, no new workers. */
  shuttingDown: Reason | null
}

export interface Plan {
  court: string
  room: string
  tracks: TrackConfig[]
  sources: { name: string; required: boolean }[]
  stores: string[]
  panels: { name: string; role: PanelRole }[]
  stopNeedsLongPress: boolean
  /** Sum of all tracks, for the forecast, in bytes a second. */
  bytesPerSecond: number
  expectedHours: number
  afterInterruption: 'resume' | 'close'
  resumeWithinMs: number
  stalledMs: number
  /** Between two readings of earlier hearings; 0 for never. */
  scrubEveryMs: number
  /** A whole self-test after the start. */
  trialAtStart: boolean
  /** And each day, so long after midnight UTC. */
  trialDailyMs: number
  /** Between two looks at the health of a disk; 0 for never. */
  examineEveryMs: number
  /** A disk is slow when 95 of 100 small writes take longer. */
  slowMs: number
  /** Which bay the disk of a store sits in, counted from 1. */
  bays: Record<string, number>
  hasBoard: boolean
  hasUps: boolean
  power: {
    /** How long the battery lasts when nobody tells; null when that is not known. */
    batteryMs: number | null
    /** The recorder ends in order when the forecast is so short. */
    reserveMs: number
    /** A hearing is left open when the battery ends, to go on at the next start. */
    keepsHearing: boolean
    /** Whether the cameras keep their power while there is no mains. */
    camerasOnBattery: boolean
  }
  /** The court has a key, and what is sealed is locked away. */
  locksSealed: boolean
}
