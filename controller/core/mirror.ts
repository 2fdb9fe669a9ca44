/** Two stores together (R12): who leaves a failed one, when it is joined again, and what is copied to it. */
import { type Reason, reason } from '../base/reason.ts'
import type { Command } from './command.ts'
import { forgetDisk } from './disk.ts'
import type { EventOf, Stamp } from './event.ts'
import { isWritable } from './gate.ts'
import type { State, Store } from './state.ts'
import { follow, put, type Step, stay } from './step.ts'
import { type StoreEvent, type StoreStep, stepStore, TRUSTED_PROBES } from './store.ts'
import { nameOfStore } from './words.ts'
import { openHearingOf, write } from './write.ts'

type NamedStoreEvent = Exclude<StoreEvent, { is: 'tick' }>

const takeStore = (state: State, at: Stamp, name: string, taken: StoreStep): Step => {
  const before = state.stores[name]!
  if (taken.store === before) return stay(state)
  const next: State = { ...state, stores: put(state.stores, name, taken.store) }
  const { why } = taken
  if (!why) return stay(next)
  const body = { kind: 'store', store: name, to: taken.store.is, reason: why } as const
  return { state: next, commands: write(next, at, body, why) }
}

/** Word of a store, by probe, worker, journal or rebuild. */
export const storeSpoke = (state: State, event: NamedStoreEvent): Step => {
  const before = state.stores[event.store]
  if (!before || isLateWord(state, event)) return stay(state)
  const step = takeStore(state, event, event.store, stepStore(event.store, before, event))
  const after = step.state.stores[event.store]!
  if (after.is !== 'failed') return follow(step, (next) => payDebt(next, event))
  // A worker that left it by itself need not be told.
  const gone = event.is === 'store-left' ? event.source : null
  if (before.is !== 'failed') return follow(step, (next) => leaveStore(next, event.store, after.reason, gone))
  return event.is === 'store-probed' ? follow(step, (next) => trustAgain(next, event)) : step
}

const isLateWord = (state: State, event: NamedStoreEvent): boolean =>
  (event.is === 'store-left' || event.is === 'store-late') && state.sources[event.source]?.run !== event.run

/** All others leave the failed store too, unless it is the last: then they never stop trying. */
const leaveStore = (state: State, store: string, why: Reason, gone: string | null): Step => {
  if (!Object.values(state.stores).some(isWritable)) return stay(state)
  const commands: Command[] = Object.entries(state.gates)
    .filter(([source]) => source !== gone)
    .map(([source, { run }]) => ({ do: 'leave-store', source, run, store, reason: why }))
  if (openHearingOf(state.hearing)) commands.push({ do: 'leave-journal', store, reason: why })
  return { state, commands }
}

/** Gives up a store of which nothing has failed yet. */
export const failStore = (state: State, at: Stamp, name: string, why: Reason): Step => {
  const store: Store = { is: 'failed', sinceMs: at.atMs, reason: why, goodProbes: 0 }
  return follow(takeStore(state, at, name, { store, why }), (next) => leaveStore(next, name, why, null))
}

/** Journal first, then every worker, so that what comes from now on is on both disks. */
const joinStore = (state: State, store: string, why: Reason): Command[] => {
  if (!openHearingOf(state.hearing)) return []
  const workers = Object.entries(state.gates).map(
    ([source, { run }]): Command => ({ do: 'join-store', source, run, store, reason: why }),
  )
  return [{ do: 'join-journal', store, reason: why }, ...workers]
}

/** Where `name` can be completed from. */
const otherGood = (state: State, name: string): string | undefined =>
  state.plan.stores.find((other) => other !== name && state.stores[other]?.is === 'good')

const rebuild = (at: Stamp, store: string, from: string, why: Reason): Command => ({
  do: 'rebuild-store',
  store,
  from,
  begunMs: at.atMs,
  reason: why,
})

/** A failed store that answers well again is joined, and what it missed is copied from the other. */
const trustAgain = (state: State, at: EventOf<'store-probed'>): Step => {
  const name = at.store
  const store = state.stores[name]
  // While a hearing closes its files must not change; the next probe after it will do.
  if (store?.is !== 'failed' || store.goodProbes < TRUSTED_PROBES || state.hearing.is === 'closing') return stay(state)
  const from = otherGood(state, name)
  // Its bay still says fault: only when there is no other disk is it better than none.
  if (from && state.disks[name]?.bayFaultMs != null) return stay(state)
  const sums = { freeBytes: at.freeBytes, probedMs: at.atMs }
  const next: Store = from
    ? { is: 'rebuilding', ...sums, sinceMs: at.atMs }
    : { is: 'good', ...sums, completeAtMs: at.atMs }
  const why = from
    ? reason(`${nameOfStore(name)} works again and is being completed`, `copying what it missed from ${from}`)
    : reason(`${nameOfStore(name)} works again`, 'no other store is good, so there is nothing to copy from yet')
  return follow(takeStore(forgetDisk(state, name), at, name, { store: next, why }), (now) => ({
    state: now,
    commands: [...joinStore(now, name, why), ...(from ? [rebuild(at, name, from, why)] : [])],
  }))
}

/**
 * A store that may lack something is completed once the other is good; it takes part meanwhile. One after the other, and
 * never while a hearing goes through the start or the close.
 */
const payDebt = (state: State, at: Stamp): Step => {
  if (state.hearing.is === 'closing' || state.recovery || !state.boot) return stay(state)
  for (const name of state.plan.stores) {
    const store = state.stores[name]
    const from = otherGood(state, name)
    if (store?.is !== 'good' || !from || store.completeAtMs === undefined || at.atMs < store.completeAtMs) continue
    const { freeBytes, probedMs } = store
    const next: Store = { is: 'rebuilding', freeBytes, probedMs, sinceMs: at.atMs }
    const why = reason(`${nameOfStore(name)} is being completed`, `copying from ${from} what it may have missed`)
    return follow(takeStore(state, at, name, { store: next, why }), (now) => ({
      state: now,
      commands: [rebuild(at, name, from, why)],
    }))
  }
  return stay(state)
}

/** Stores that no longer answer. */
export const tickStores = (state: State, at: EventOf<'tick'>): Step => {
  let step = stay(state)
  for (const [name, store] of Object.entries(state.stores)) {
    const taken = stepStore(name, store, at)
    if (taken.store !== store) step = follow(step, (next) => takeStore(next, at, name, taken))
  }
  return step
}
