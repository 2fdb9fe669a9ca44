/**
 * The bay's fault line: a disk that is pulled out, or whose bay fails, is left before a write fails on it. When the line
 * is clear again the disk is probed, trusted after some good answers, and completed like any other that comes back.
 */
import { reason } from '../base/reason.ts'
import type { BoardInput } from '../wire/board.ts'
import { forgetDisk } from './disk.ts'
import type { EventOf, Stamp } from './event.ts'
import { failStore } from './mirror.ts'
import type { State } from './state.ts'
import { follow, put, type Step, stay } from './step.ts'
import { nameOfStore } from './words.ts'

/** Which bay a line speaks for. */
const BAYS: Partial<Record<BoardInput, number>> = { 'disk-bay-1-fault': 1, 'disk-bay-2-fault': 2 }

/** A line of the board has changed; only those of bays matter here. */
export const bayChanged = (state: State, event: EventOf<'line-changed'>): Step => {
  const { line, active: isFaulty } = event
  const bay = BAYS[line]
  if (bay === undefined || state.board.is !== 'found') return stay(state)
  const store = state.plan.stores.find((name) => state.plan.bays[name] === bay)
  const disk = store === undefined ? undefined : state.disks[store]
  if (store === undefined || !disk || (disk.bayFaultMs !== null) === isFaulty) return stay(state)
  const disks = put(state.disks, store, { ...disk, bayFaultMs: isFaulty ? event.atMs : null })
  if (isFaulty) return leaveFaultyBays({ ...state, disks }, event)
  // Probes that were good beside an active line prove nothing.
  const one = state.stores[store]
  const stores = one?.is === 'failed' ? put(state.stores, store, { ...one, goodProbes: 0 }) : state.stores
  return stay(forgetDisk({ ...state, disks, stores }, store))
}

/** Never the last good disk: a doubtful disk is better than none. It is left as soon as the other is good again. */
export const leaveFaultyBays = (state: State, at: Stamp): Step => {
  const faulty = state.plan.stores.find(
    (name) =>
      state.disks[name]?.bayFaultMs != null &&
      state.stores[name]?.is !== 'failed' &&
      state.plan.stores.some((other) => other !== name && state.stores[other]?.is === 'good'),
  )
  if (faulty === undefined) return stay(state)
  const why = reason(
    `${nameOfStore(faulty)} was taken out, or its bay has failed; the other disk goes on recording`,
    `the fault line of bay ${state.plan.bays[faulty]} is active`,
  )
  return follow(failStore(state, at, faulty, why), (next) => leaveFaultyBays(next, at))
}
