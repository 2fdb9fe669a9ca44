/**
 * What time it is for throwing away what is old. The clock of a machine may stand years ahead, and what is thrown away
 * then does not come back: so this one never goes further than twice as fast as time does, from what was stored last.
 */
import type { MonoMs, UtcMs } from '../base/units.ts'

interface Now {
  atMs: MonoMs
  utcMs: UtcMs
}

const FASTEST = 2

export class AgeClock {
  /** @param knownUtcMs when something was stored last, at the start of the hub; null when there is nothing yet */
  constructor(
    private readonly knownUtcMs: UtcMs | null,
    private readonly startedMs: MonoMs,
  ) {}

  read({ atMs, utcMs }: Now): UtcMs {
    if (this.knownUtcMs === null) return utcMs - (atMs - this.startedMs)
    return Math.min(utcMs, this.knownUtcMs + FASTEST * (atMs - this.startedMs))
  }
}
