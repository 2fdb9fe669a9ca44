/** One store on its disk (R12): the machine. What its changes ask of the workers and the journal is in mirror.ts. */
import { type Reason, reason } from '../base/reason.ts'
import type { EventOf, Stamp } from './event.ts'
import type { Store } from './state.ts'
import { nameOfStore } from './words.ts'

/** A probe comes every two seconds; a disk that has not answered for this long is late. */
export const PROBE_MS = 5_000
/** Nothing was late for so long: the queue has drained. */
export const QUIET_MS = 3_000
/** So many good probes in a row before a failed disk is trusted again. */
export const TRUSTED_PROBES = 3
/** A rebuild that failed is tried again after so long. */
export const RETRY_REBUILD_MS = 60_000

/** `why` is set when the state became another one. */
export interface StoreStep {
  store: Store
  why: Reason | null
}

export type StoreEvent = EventOf<
  'tick' | 'store-probed' | 'store-left' | 'store-late' | 'journal-failed' | 'rebuild-ended'
>

const stay = (store: Store): StoreStep => ({ store, why: null })

const fail = (at: Stamp, name: string, engineer: string): StoreStep => {
  const why = reason(`${nameOfStore(name)} has failed; call technical support`, engineer)
  return { store: { is: 'failed', sinceMs: at.atMs, reason: why, goodProbes: 0 }, why }
}

/** What the store may lack, to be carried on into its next state. At the start nobody knows what it missed meanwhile. */
const owedBy = (store: Store): { completeAtMs?: number } => {
  if (store.is === 'unknown') return { completeAtMs: store.sinceMs }
  return 'completeAtMs' in store && store.completeAtMs !== undefined ? { completeAtMs: store.completeAtMs } : {}
}

const good = (store: Store, event: EventOf<'store-probed'>, clerk: string): StoreStep => ({
  store: { is: 'good', freeBytes: event.freeBytes, probedMs: event.atMs, ...owedBy(store) },
  why: reason(`${nameOfStore(event.store)} ${clerk}`, `was ${store.is}; ${event.freeBytes} bytes free`),
})

const late = (store: Store, at: Stamp, name: string, engineer: string): StoreStep => {
  const why = reason(`${nameOfStore(name)} is slow; what it misses is kept in memory`, engineer)
  const freeBytes = 'freeBytes' in store ? store.freeBytes : 0
  const probedMs = 'probedMs' in store ? store.probedMs : at.atMs
  const { atMs } = at
  return {
    store: { is: 'late', freeBytes, probedMs, sinceMs: atMs, lateMs: atMs, reason: why, ...owedBy(store) },
    why,
  }
}

const probed = (store: Store, event: EventOf<'store-probed'>): StoreStep => {
  const { atMs, freeBytes } = event
  if (!event.ok) {
    if (store.is === 'failed') return stay({ ...store, goodProbes: 0, reason: event.reason })
    return fail(event, event.store, `${event.code}: ${event.reason.engineer}`)
  }
  switch (store.is) {
    case 'unknown':
      return good(store, event, 'is ready')
    case 'good':
    case 'rebuilding':
      return stay({ ...store, freeBytes, probedMs: atMs })
    case 'late':
      if (atMs - store.lateMs < QUIET_MS) return stay({ ...store, freeBytes, probedMs: atMs })
      return good(store, event, 'keeps up again')
    case 'failed':
      return stay({ ...store, goodProbes: store.goodProbes + 1 })
  }
}

const tick = (store: Store, at: Stamp, name: string): StoreStep => {
  if (store.is === 'unknown' && at.atMs - store.sinceMs > PROBE_MS)
    return late(store, at, name, `no probe was answered within ${PROBE_MS} ms of the start`)
  if (store.is === 'good' && at.atMs - store.probedMs > PROBE_MS)
    return late(store, at, name, `no probe was answered for ${PROBE_MS} ms`)
  return stay(store)
}

const lateTold = (store: Store, event: EventOf<'store-late'>): StoreStep => {
  if (store.is === 'late') return stay({ ...store, lateMs: event.atMs })
  if (store.is === 'failed' || store.is === 'rebuilding') return stay(store)
  return late(store, event, event.store, `${event.source}: fragments wait for ${event.waitingMs} ms`)
}

const rebuilt = (store: Store, event: EventOf<'rebuild-ended'>): StoreStep => {
  // An older rebuild may end long after the store has failed again.
  if (store.is !== 'rebuilding' || store.sinceMs !== event.begunMs) return stay(store)
  const { freeBytes, probedMs } = store
  // Whichever of the two disks was at fault, only its own writes and probes may fail it.
  if (!event.ok) {
    const why = reason(
      `${nameOfStore(event.store)} could not be completed yet; it is tried again`,
      `rebuild: ${event.reason.engineer}; again in ${RETRY_REBUILD_MS} ms`,
    )
    return { store: { is: 'good', freeBytes, probedMs, completeAtMs: event.atMs + RETRY_REBUILD_MS }, why }
  }
  const why = reason(
    `${nameOfStore(event.store)} is complete again`,
    `${event.copiedBytes} bytes copied: ${event.reason.engineer}`,
  )
  return { store: { is: 'good', freeBytes, probedMs }, why }
}

/** What `event` makes of the store called `name`. */
export const stepStore = (name: string, store: Store, event: StoreEvent): StoreStep => {
  switch (event.is) {
    case 'tick':
      return tick(store, event, name)
    case 'store-probed':
      return probed(store, event)
    case 'store-late':
      return lateTold(store, event)
    case 'rebuild-ended':
      return rebuilt(store, event)
    case 'store-left':
      return store.is === 'failed'
        ? stay(store)
        : fail(event, name, `${event.source}: ${event.code}: ${event.reason.engineer}`)
    case 'journal-failed':
      return store.is === 'failed' ? stay(store) : fail(event, name, `journal: ${event.reason.engineer}`)
  }
}
