import type { Findings } from './finding.ts'
import type { SeenLine } from './survey.ts'

/** What may follow `hearing-closed`: README.md, Closing. */
const AFTER_CLOSING: ReadonlySet<string> = new Set([
  ...['stored', 'store', 'signature', 'receipt', 'timestamp', 'seal', 'locked', 'repaired', 'device'],
])

/** Watches that lines come where they may, and what they say of the clock. */
export class Conduct {
  #seen = 0
  #closed = false

  constructor(private readonly found: Findings) {}

  note({ entry, place }: SeenLine): void {
    const opens = entry.kind === 'hearing-opened'
    if (opens !== (this.#seen === 0)) this.found.once('opening-wrong', place, {})
    this.#seen++
    if (this.#closed && !AFTER_CLOSING.has(entry.kind)) this.found.add('after-closing', place, { kind: entry.kind })
    if (entry.kind === 'hearing-closed') this.#closed = true
    if (entry.kind !== 'clock') return
    if (entry.stepMs !== 0) this.found.add('clock-step', place, { stepMs: entry.stepMs })
    if (entry.synchronized === false) this.found.once('clock-free', place, {})
  }
}
