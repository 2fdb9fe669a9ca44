/** How long the disks still last (R13). */
import { HOUR_MS, SECOND_MS } from '../base/units.ts'
import type { State, Store } from './state.ts'

/** Hours of recording that fit into `freeBytes`. */
export const hoursOf = (freeBytes: number, bytesPerSecond: number): number =>
  Math.max(0, freeBytes) / Math.max(1, bytesPerSecond) / (HOUR_MS / SECOND_MS)

/** Hours left on a store; null while it is not known. */
export const hoursLeft = (store: Store, bytesPerSecond: number): number | null =>
  'freeBytes' in store ? hoursOf(store.freeBytes, bytesPerSecond) : null

/** The most hours that any good store still holds; null when none is good. */
export const hoursForecast = (state: State): number | null => {
  let most: number | null = null
  for (const store of Object.values(state.stores))
    if (store.is === 'good') most = Math.max(most ?? 0, hoursOf(store.freeBytes, state.plan.bytesPerSecond))
  return most
}
