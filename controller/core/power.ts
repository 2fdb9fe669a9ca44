/** The power machine: mains, a flicker, battery, low battery, the end (R29). What it means for the room is in power-room.ts. */
import type { Supply } from './state.ts'

/** The mains may be away for so long and nothing is done but to journal it. */
export const FLICKER_MS = 1_200
/** A low battery must stay low for so long: its voltage sags for a moment under load. */
export const LOW_MS = 2_000

/** What board and UPS say together. */
export interface Heard {
  /** Null when nobody knows: then all stays as it is. */
  mains: boolean | null
  isLow: boolean
  /** Whether the recorder may end itself. */
  mayEnd: boolean
}

const MAINS: Supply = { is: 'mains' }

/** The next state; the very same object when it stays. An end that has begun is not taken back. */
export const stepSupply = (supply: Supply, heard: Heard, atMs: number): Supply => {
  if (supply.is === 'ending') {
    const isBack = heard.mains ?? supply.isBack
    return isBack === supply.isBack ? supply : { ...supply, isBack }
  }
  if (supply.is === 'mains') return heard.mains === false ? { is: 'flickering', sinceMs: atMs } : supply
  if (heard.mains) return MAINS
  const { sinceMs } = supply
  switch (supply.is) {
    case 'flickering':
      return atMs - sinceMs >= FLICKER_MS ? { is: 'on-battery', sinceMs } : supply
    case 'on-battery':
      return heard.isLow ? { is: 'battery-low', sinceMs, lowMs: atMs } : supply
    case 'battery-low':
      if (!heard.isLow) return { is: 'on-battery', sinceMs }
      return heard.mayEnd && atMs - supply.lowMs >= LOW_MS ? { is: 'ending', sinceMs, isBack: false } : supply
  }
}
