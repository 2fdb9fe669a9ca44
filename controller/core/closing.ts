/** Time limits of closing: nothing may keep a hearing from being finished. */
import type { EventOf } from './event.ts'
import { closed } from './finish.ts'
import type { State } from './state.ts'
import { follow, type Step, stay } from './step.ts'
import { killWorker } from './worker.ts'

/** A worker writes its last fragment within a second; one that does not close is hung. */
export const CLOSE_MS = 10_000
/** Unless a store is late: its queue holds up to a minute, which is worth waiting for (R12). */
const CLOSE_LATE_MS = 65_000
/** The port may wait for two disks, not for ever. */
export const FINISH_MS = 30_000

export const tickClosing = (state: State, at: EventOf<'tick'>): Step => {
  const { hearing } = state
  if (hearing.is !== 'closing') return stay(state)
  const forMs = at.atMs - hearing.sinceMs
  if (hearing.finishing) return stay(forMs > FINISH_MS ? closed(state, at) : state)
  const late = Object.values(state.stores).some((store) => store.is === 'late')
  const limitMs = late ? CLOSE_LATE_MS : CLOSE_MS
  if (forMs <= limitMs) return stay(state)
  let step = stay(state)
  for (const source of hearing.waitingFor)
    step = follow(step, (next) => killWorker(next, at, source, `did not close the hearing within ${limitMs} ms`))
  return step
}
