/** Whether what the console shows of each device's presence is so, and for how long it was not. */
import type { WholeFleet } from '../../fleet/whole-fleet.ts'

const LOOKS_MS = 100

/** Milliseconds from now until all are shown online; Infinity when they are not within that time. */
export const allOnlineAfter = async (fleet: WholeFleet, withinMs: number): Promise<number> => {
  const begun = performance.now()
  while (!fleet.areAllOnline) {
    if (performance.now() - begun > withinMs) return Number.POSITIVE_INFINITY
    await new Promise((resolve) => setTimeout(resolve, LOOKS_MS))
  }
  return performance.now() - begun
}

/** For people: "4.2 s" */
export const secondsText = (ms: number): string => (Number.isFinite(ms) ? `${(ms / 1_000).toFixed(1)} s` : 'never')
