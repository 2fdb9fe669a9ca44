/** What has happened, as plain data. Ports report it; `decide` alone judges it. Times are inside, never read. */
import type { Reason } from '../base/reason.ts'
import type { FragmentEntry, SelfTestResult } from '../journal/entry.ts'
import type { BoardInput } from '../wire/board.ts'
import type { Button } from '../wire/clerk.ts'
import type { PanelButton, PanelKind } from '../wire/panel.ts'
import type { DiskExam } from './disk-facts.ts'
import type { Plan } from './state.ts'

/** When something happened: on the monotonic clock that rules, and on the wall clock that people read. */
export interface Stamp {
  atMs: number
  utcMs: number
}

/** A stretch on the record, on the media time line; `toMs` is null while it lasts. */
export interface Span {
  fromMs: number
  toMs: number | null
}

/** Which part of a hearing: tracks by name, every track when empty; from and to on the media time line. */
export interface Portion {
  tracks: string[]
  fromMs: number
  toMs: number
}

/** Names an event of one panel for good. */
export interface PressId {
  epoch: number
  number: number
}

/** What a button of a panel did, beside which button it was. */
export interface PanelPress extends PressId {
  /** Name of the panel. */
  name: string
  kind: PanelKind
  /** How long it was held; 0 for a press. */
  heldMs: number
  /** How long ago it was; at least, when the panel was reset since. */
  agoMs: number
}

/** What a UPS says of itself; null for what it does not tell. */
export interface UpsReading {
  isOnBattery: boolean
  isLow: boolean
  /** It asks for a new battery. */
  isWorn: boolean
  chargePercent: number | null
  /** How long its battery lasts, by its own forecast. */
  runtimeMs: number | null
}

/** A hearing that was found open at start, as its journal tells it. */
export interface OpenHearing {
  id: string
  case: string
  openedUtcMs: number
  /** CLOCK_MONOTONIC at media time 0; of this boot when `sameBoot`. */
  zeroMonoMs: number
  sameBoot: boolean
  paused: boolean
  /** STOP had been pressed; only the closing was left to do. */
  closing?: boolean
  /** When it was on the record, as its `state` lines tell; without it, one span from 0 is assumed. */
  spans?: Span[]
  /** Seals put on it so far. */
  seals?: number
  /** The last press of each panel that its journal tells of. */
  presses?: Record<string, PressId>
  /** Wall time of the last journal line. */
  lastUtcMs: number
  /** End of the last fragment on the media time line. */
  mediaEndMs: number
  /** Highest run of each source that its journal or its segment files tell of. */
  lastRuns?: Record<string, number>
  tracks: Record<
    string,
    { run: number; seq: number; fragments: number; bytes: number; seconds: number; gaps: number; endMs: number }
  >
}

export type Event = Stamp &
  (
    | { is: 'tick' }
    // the room
    | {
        is: 'button-pressed'
        button: Button
        case: string
        note: string
        by: string
        request: number
        /** When it was a panel's button. */
        panel?: PanelPress
      }
    | { is: 'panel-changed'; panel: string; to: 'found'; stuck: PanelButton[]; lostPresses: number; reason: Reason }
    | { is: 'panel-changed'; panel: string; to: 'lost'; reason: Reason }
    | {
        is: 'seal-asked'
        /** Empty for the hearing that is open, or was last. */
        hearing: string
        portion: Portion
        by: string
        why: string
        request: number
      }
    | { is: 'closed-sealed'; hearing: string; ok: boolean; request: number; reason: Reason }
    | { is: 'shutdown-asked'; reason: Reason }
    // start
    | {
        is: 'recorder-started'
        boot: string
        open: OpenHearing | null
        lastRuns: Record<string, number>
        /** Names of all hearing folders. */
        hearingIds: string[]
        /** By panel: the press taken last before the start. */
        taken?: Record<string, PressId>
      }
    // capture workers
    | {
        is: 'worker-adopted'
        source: string
        run: number
        hearing: string | null
        gate: 'open' | 'closed'
        armed: boolean
        /** Those it writes to. */
        stores: string[]
      }
    | {
        is: 'worker-connected'
        source: string
        run: number
        hearing: string | null
        gate: 'open' | 'closed'
        stores: string[]
      }
    | { is: 'worker-armed'; source: string; run: number }
    | { is: 'worker-heard'; source: string; run: number }
    | { is: 'worker-exited'; source: string; run: number; reason: Reason }
    | {
        is: 'track-started'
        source: string
        run: number
        track: string
        mediaMs: number
        waitedMs: number
        on: 'sample' | 'key-frame'
      }
    | { is: 'fragment-stored'; source: string; run: number; fragment: FragmentEntry; gapMs: number }
    | { is: 'fragment-mirrored'; source: string; run: number; track: string; store: string; upto: number }
    | {
        is: 'level-measured'
        source: string
        run: number
        track: string
        rmsDbfs: number
        peakDbfs: number
        voice: boolean
      }
    | {
        is: 'signal-changed'
        source: string
        run: number
        track: string
        what: Signal
        state: 'begun' | 'ended'
        reason: Reason
      }
    | { is: 'worker-closed'; source: string; run: number; hearing: string; final: boolean }
    | { is: 'store-left'; source: string; run: number; store: string; code: string; reason: Reason }
    | { is: 'store-late'; source: string; run: number; store: string; waitingMs: number }
    | { is: 'store-joined'; source: string; run: number; store: string }
    // recovery
    | { is: 'fragments-found'; source: string; fragments: FragmentEntry[]; reason: Reason }
    | { is: 'salvage-ended'; source: string }
    // disks
    /** `tookMs` is how long the probe took to be durable; 0 when it failed. */
    | {
        is: 'store-probed'
        store: string
        ok: boolean
        freeBytes: number
        tookMs: number
        code: string
        reason: Reason
      }
    | { is: 'disk-examined'; store: string; exam: DiskExam }
    | { is: 'journal-stored'; store: string }
    | { is: 'journal-failed'; store: string; reason: Reason }
    | { is: 'rebuild-ended'; store: string; begunMs: number; ok: boolean; copiedBytes: number; reason: Reason }
    | { is: 'hearing-finished'; hearing: string }
    // proof
    | { is: 'journal-signed' }
    | { is: 'signing-failed'; reason: Reason }
    /** So many closed hearings end without a signature; `signed`: another one does not any more. */
    | { is: 'ends-unsigned'; count: number; signed: boolean }
    /** `trial` is the number of the whole self-test; null for the short one at the very start. */
    | { is: 'self-tested'; trial: number | null; results: SelfTestResult[] }
    | { is: 'self-test-asked'; request: number }
    /** `bad` counts the stretches that are not whole and could not be repaired; `hearing` is empty when there was none to read. */
    | { is: 'scrub-ended'; hearing: string; bad: number; repaired: number; due: boolean; reason: Reason }
    /** `due`: a hearing is waited for, before its turn. */
    | { is: 'scrub-remembered'; troubles: Record<string, Reason>; due: boolean }
    // power and the lines of the board
    | { is: 'board-found'; board: string }
    | { is: 'board-lost'; code: string; reason: Reason }
    /** Every line once after the board was found, then each change. */
    | { is: 'line-changed'; line: BoardInput; active: boolean }
    | { is: 'ups-heard'; reading: UpsReading }
    | { is: 'ups-lost'; code: string; reason: Reason }
    // clock
    /** Null when the witness answers, or none is asked. */
    | { is: 'witness-heard'; away: Reason | null }
    /** Null when the hub of the fleet is reached, is away for a moment only, or there is none. */
    | { is: 'hub-heard'; away: Reason | null }
    /** Names, and how often it looks at what: taken at once. `sha256` is of the whole configuration that is in force now. */
    | { is: 'settings-changed'; plan: Plan; sha256: string; reason: Reason }
    | { is: 'clock-read'; boot: string; synchronized: boolean | null }
  )

export type Signal = 'silent' | 'clipping' | 'voice' | 'black' | 'frozen'
export type EventName = Event['is']
/** The event of that name. */
export type EventOf<N extends EventName> = Extract<Event, { is: N }>
