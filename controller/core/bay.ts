/**
 * The bay's fault line: a disk that is pulled out, or whose bay fails, is left before a write fails on it. When the line
 * is clear again the disk is probed, trusted after some good answers, and completed like any other that comes back.
 */
import { reason } from '../base/reason.ts'
import { forgetDisk } from './disk.ts'
import type { Stamp } from './event.ts'
import { failStore } from './mirror.ts'
import type { State } from './state.ts'
import { follow, put, type Step, stay } from './step.ts'
import { nameOfStore } from './words.ts'

/** The fault line of bay `bay` has changed. */
export const bayChanged = (state: State, at: Stamp, bay: number, isFaulty: boolean): Step => {
  const store = state.plan.stores.find((name) => state.plan.bays[name] === bay)
  const disk = store === undefined ? undefined : state.disks[store]
  if (store === undefined || !disk || (disk.bayFaultMs !== null) === isFaulty) return stay(state)
  const disks = put(state.disks, store, { ...disk, bayFaultMs: isFaulty ? at.atMs : null })
  if (isFaulty) return leaveFaultyBays({ ...state, disks }, at)
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
