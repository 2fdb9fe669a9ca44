/** Four times a second time itself is an event: limits, retries and summaries are comparisons made here. */
import { leaveFaultyBays } from './bay.ts'
import { forgetStep } from './clock.ts'
import { tickClosing } from './closing.ts'
import { tickDisks } from './disk.ts'
import type { EventOf } from './event.ts'
import { tickLateSigning } from './late-signing.ts'
import { summarizeLevels } from './level.ts'
import { tickStores } from './mirror.ts'
import { judgePower } from './power-room.ts'
import { settleRecovery } from './recovery.ts'
import { tickSalvages } from './salvage.ts'
import { tickScrub } from './scrub.ts'
import { tickSelfTest } from './self-test.ts'
import { tickStalls } from './signal.ts'
import type { Source, State, Store } from './state.ts'
import { follow, type Step, stay } from './step.ts'
import { tickSources } from './worker.ts'
import { openHearingOf, writeCheckpoint } from './write.ts'

/** Summaries come so often. */
export const SUMMARY_MS = 10_000
/** Checkpoints, and with them signatures, at least every ten seconds: the tick that notices may be late. */
export const CHECKPOINT_MS = 9_500
/** A tick that comes later than this was late itself: then nobody else may be called late. */
const LATE_MS = 1_000

type Tick = EventOf<'tick'>

/** Heartbeats and probes may lie unread when the controller itself slept; they get a full period from now (R10). */
const forgive = (state: State, atMs: number): State => {
  const sources: Record<string, Source> = {}
  for (const [name, source] of Object.entries(state.sources))
    sources[name] = source.is === 'live' ? { ...source, heardMs: atMs } : source
  const stores: Record<string, Store> = {}
  for (const [name, store] of Object.entries(state.stores))
    stores[name] = store.is === 'good' ? { ...store, probedMs: atMs } : store
  return { ...state, sources, stores }
}

const tickJournal = (state: State, at: Tick): Step => {
  if (!openHearingOf(state.hearing)) return stay(state)
  const summarizes = state.hearing.is === 'recording' && at.atMs - state.lastSummaryMs >= SUMMARY_MS
  return follow(summarizes ? summarizeLevels(state, at) : stay(state), (next) =>
    at.atMs - next.lastCheckpointMs >= CHECKPOINT_MS
      ? { state: { ...next, lastCheckpointMs: at.atMs }, commands: writeCheckpoint(next, at) }
      : stay(next),
  )
}

export const ticked = (state: State, at: Tick): Step => {
  const late = at.atMs - state.lastTickMs > LATE_MS
  const woken = { ...(late ? forgive(state, at.atMs) : state), lastTickMs: at.atMs }
  return follow(
    settleRecovery(forgetStep(woken, at), at),
    (next) => tickSalvages(next, at),
    (next) => judgePower(next, at),
    (next) => tickSources(next, at),
    (next) => tickStores(next, at),
    (next) => leaveFaultyBays(next, at),
    (next) => tickDisks(next, at),
    (next) => (late ? stay(next) : tickStalls(next, at)),
    (next) => tickClosing(next, at),
    (next) => tickLateSigning(next, at),
    (next) => tickScrub(next, at),
    (next) => tickSelfTest(next, at),
    (next) => tickJournal(next, at),
  )
}
