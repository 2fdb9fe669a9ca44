/** What the board's outputs shall be now. A pure view of the state, shown after each tick like the lamps. */
import type { BoardOutput } from '../wire/board.ts'
import { isOnBattery } from './battery.ts'
import type { State, Supply } from './state.ts'

/** Half of a period of `watchdog-kick`. */
const KICK_MS = 500
/** A short beep: four in the first seconds, then one in half a minute, for a hearing goes on. */
const BEEP_MS = 300
const URGENT_MS = 4_000

const sounds = (supply: Supply, atMs: number): boolean => {
  if (!isOnBattery(supply)) return false
  if (supply.is !== 'on-battery') return atMs % 1_000 < 500
  const forMs = atMs - supply.sinceMs
  return forMs % (forMs < URGENT_MS ? 1_000 : 30_000) < BEEP_MS
}

/**
 * `watchdog-kick` changes with the last tick that was judged, not with the clock: when events are no longer judged, it
 * stands still, and the watchdog restarts the machine.
 */
export const boardOutputsOf = (state: State, atMs: number): Record<BoardOutput, boolean> => {
  const { supply } = state.power
  return {
    'camera-power': state.plan.power.camerasOnBattery || !isOnBattery(supply),
    buzzer: sounds(supply, atMs),
    'watchdog-kick': Math.floor(state.lastTickMs / KICK_MS) % 2 === 1,
  }
}
