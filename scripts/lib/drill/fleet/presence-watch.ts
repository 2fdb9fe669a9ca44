/** Whether the console shows devices that are there as being there, and for how long it did not. */
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

/** Watches from the beginning until it is ended, while all devices are there all the time. */
export class PresenceWatch {
  readonly #since = new Map<string, number>()
  readonly #looking: NodeJS.Timeout
  /** The longest that one device was shown as not online, milliseconds. */
  worstMs = 0

  constructor(private readonly fleet: WholeFleet) {
    this.#looking = setInterval(() => this.#look(), LOOKS_MS)
  }

  end(): void {
    clearInterval(this.#looking)
  }

  #look(): void {
    const nowMs = performance.now()
    const away = new Set(this.fleet.onlooker.notOnline())
    for (const device of this.#since.keys()) if (!away.has(device)) this.#since.delete(device)
    for (const device of away) {
      const sinceMs = this.#since.get(device) ?? nowMs
      this.#since.set(device, sinceMs)
      this.worstMs = Math.max(this.worstMs, nowMs - sinceMs)
    }
  }
}

/** For people. */
export const secondsText = (ms: number): string => (Number.isFinite(ms) ? `${(ms / 1_000).toFixed(1)} s` : 'never')
