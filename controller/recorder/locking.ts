/** Has what is sealed locked away, in two steps: encrypted and told in the journal, and, once that is signed, taken out. */
import { join } from 'node:path'
import { z } from 'zod'
import { messageOf } from '../base/error.ts'
import type { Logger } from '../base/log.ts'
import type { EntryBody } from '../journal/entry.ts'
import type { StorePlace } from '../ports/journal/hearing-journal.ts'
import type { LowPriority } from './low-priority.ts'
import { isJournalGood, type Verified } from './verified.ts'

const Result = z.object({
  made: z.array(
    z.object({ seal: z.string(), file: z.string(), bytes: z.int(), sha256: z.string(), recipient: z.string() }),
  ),
  emptied: z.int(),
  faults: z.array(z.string()),
})
type Result = z.output<typeof Result>

export interface LockingOptions {
  courtKey: string | null
  stores: readonly StorePlace[]
  addLines: (hearing: string, bodies: EntryBody[]) => Promise<void>
  log: Logger
  beside: LowPriority
  /** What does it. */
  program: string
  verify: (store: StorePlace, hearing: string) => Promise<Verified | null>
}

export interface ReadStore {
  store: StorePlace
  verified: Verified
}

/** A court that took its key back still has what was locked with it looked after. */
const concerns = (courtKey: string | null, { verified }: ReadStore): boolean =>
  verified.findings.some(
    ({ code }) => code.startsWith('locked-') || (code === 'seal' && courtKey !== null) || code === 'fragment-sealed',
  )

export class Locking {
  constructor(private readonly options: LockingOptions) {}

  /** What could not be locked away, for the engineer: empty when everything is, or nothing is sealed. Never rejects. */
  async lock(hearing: string, read: readonly ReadStore[]): Promise<string[]> {
    const { courtKey, stores } = this.options
    if (!read.some((one) => concerns(courtKey, one))) return []
    // What is encrypted must stand on every disk before anything goes.
    if (read.length < stores.length) return ['not every disk holds the hearing']
    if (!read.every(({ verified }) => isJournalGood(verified))) return ['the journal is not signed on every disk']
    return this.#lockBoth(hearing, read).catch((fault: unknown) => [messageOf(fault)])
  }

  async #lockBoth(hearing: string, read: readonly ReadStore[]): Promise<string[]> {
    const { addLines, verify, log } = this.options
    const byReach = read.toSorted((a, b) => reach(b.verified) - reach(a.verified))
    const [longest] = byReach
    const first = await this.#run(hearing, byReach, reach(longest!.verified))
    if (!first?.made.length) return first?.faults ?? []
    await addLines(
      hearing,
      first.made.map((file) => ({ kind: 'locked', ...file })),
    )
    const signed = await verify(longest!.store, hearing)
    if (!signed || !isJournalGood(signed)) return [...first.faults, 'the journal could not be read again']
    const second = await this.#run(hearing, byReach, reach(signed))
    log.info({ hearing, files: first.made.length, fragments: second?.emptied }, 'what is sealed is locked away')
    return second?.faults ?? []
  }

  /** Null when it was stopped. */
  async #run(hearing: string, read: readonly ReadStore[], upto: number): Promise<Result | null> {
    const { beside, program, courtKey } = this.options
    const dirs = read.map(({ store }) => join(store.path, hearing))
    const told = await beside.run(program, [JSON.stringify({ dirs, courtKey, upto })])
    if (!told) return beside.stopped ? null : { made: [], emptied: 0, faults: ['it could not be run'] }
    if (!told.said) return { made: [], emptied: 0, faults: [told.complained.trim().split('\n').at(-1) ?? ''] }
    return Result.parse(JSON.parse(told.said))
  }
}

const reach = ({ signed }: Verified): number => signed?.upto ?? -1
