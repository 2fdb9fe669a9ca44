/** What scrubbing must remember when the recorder is restarted: whose turn it is, and what was not whole. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { Low } from 'lowdb'
import { z } from 'zod'
import { DurableJson } from '../base/durable-json.ts'
import type { Reason } from '../base/reason.ts'

/** Turns count readings, for a clock may be set back. */
const Content = z.object({
  turns: z.record(z.string(), z.int()),
  troubles: z.record(z.string(), z.object({ clerk: z.string(), engineer: z.string() })).default({}),
})
type Content = z.output<typeof Content>

/** Before all others. */
const FIRST = -1

export class ScrubMemory {
  private constructor(private readonly low: Low<Content>) {}

  /** Throws what the file system throws. Without what it remembered everything is only read again. */
  static async open(stateDir: string): Promise<ScrubMemory> {
    await mkdir(stateDir, { recursive: true })
    const path = join(stateDir, 'scrub.json')
    const low = new Low<Content>(new DurableJson(path, (data) => Content.parse(data)), { turns: {}, troubles: {} })
    await low.read().catch(() => {})
    return new ScrubMemory(low)
  }

  get troubles(): Record<string, Reason> {
    return this.low.data.troubles
  }

  /** The one that was not read for longest; undefined when there is none. */
  next(hearings: readonly string[]): string | undefined {
    const last = (id: string) => this.low.data.turns[id] ?? 0
    return hearings.toSorted((a, b) => last(a) - last(b))[0]
  }

  /** Whether somebody wants one of them to be next. */
  isDue(hearings: readonly string[]): boolean {
    return hearings.some((id) => this.low.data.turns[id] === FIRST)
  }

  /** It shall be next. */
  async prefer(hearing: string): Promise<void> {
    this.low.data.turns[hearing] = FIRST
    await this.low.write()
  }

  /** It was read; `trouble` is null when it is whole. What is no longer one of `hearings` is forgotten. */
  async note(hearing: string, trouble: Reason | null, hearings: readonly string[]): Promise<void> {
    const { turns, troubles } = this.low.data
    turns[hearing] = Math.max(0, ...Object.values(turns)) + 1
    const { [hearing]: _before, ...others } = troubles
    const among = <T>(record: Record<string, T>) =>
      Object.fromEntries(Object.entries(record).filter(([id]) => hearings.includes(id)))
    this.low.data = { turns: among(turns), troubles: among(trouble ? { ...others, [hearing]: trouble } : others) }
    await this.low.write()
  }
}
