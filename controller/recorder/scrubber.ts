/**
 * Reads one earlier hearing again, the one that was not read for longest, repairs what one disk has lost from the other,
 * and locks away what is sealed where the court has a key. The reading is done by the verifier itself.
 */
import { join } from 'node:path'
import { messageOf } from '../base/error.ts'
import type { Logger } from '../base/log.ts'
import { type Reason, reason } from '../base/reason.ts'
import type { EntryBody } from '../journal/entry.ts'
import { fragmentsIn } from '../ports/journal/closed-journal.ts'
import type { StorePlace } from '../ports/journal/hearing-journal.ts'
import { repairRanges } from '../ports/store/repair.ts'
import { Locking } from './locking.ts'
import { LowPriority, programBeside } from './low-priority.ts'
import { ScrubMemory } from './scrub-memory.ts'
import { damageIn, isJournalGood, Verified } from './verified.ts'

export interface ScrubberOptions {
  stateDir: string
  stores: readonly StorePlace[]
  log: Logger
  /** The court's public key, to which what is sealed is encrypted; null when there is none. */
  courtKey: string | null
  /** Ids of the closed hearings. */
  hearings: () => string[]
  /** Adds lines to the journal of a closed hearing, signed. */
  addLines: (hearing: string, bodies: EntryBody[]) => Promise<void>
  /** For tests: what verifies a hearing's folder, and what locks away. */
  programs?: { verbatim: string; lock: string }
}

export interface Scrubbed {
  hearing: string
  bad: number
  repaired: number
  /** Another one is waited for. */
  due: boolean
  reason: Reason
}

export class Scrubber {
  #memory: Promise<ScrubMemory> | null = null
  readonly #beside = new LowPriority()
  readonly #locking: Locking

  constructor(private readonly options: ScrubberOptions) {
    const { courtKey, stores, addLines, log, programs } = options
    this.#locking = new Locking({
      ...{ courtKey, stores, addLines, log, beside: this.#beside },
      program: programs?.lock ?? programBeside('lock-process'),
      verify: (store, hearing) => this.#verify(store, null, hearing),
    })
  }

  /** What earlier readings found not to be whole, and whether one is waited for. Rejects with what the file system throws. */
  async remembered(): Promise<{ troubles: Record<string, Reason>; due: boolean }> {
    const memory = await this.#remember()
    return { troubles: memory.troubles, due: memory.isDue(this.options.hearings()) }
  }

  /** This hearing is read next. Rejects with what the file system throws. */
  async prefer(hearing: string): Promise<void> {
    await (await this.#remember()).prefer(hearing)
  }

  /** Null when there is nothing to read, or it was stopped. Rejects with what the file system throws. */
  async scrub(): Promise<Scrubbed | null> {
    this.#beside.begin()
    const memory = await this.#remember()
    const hearings = this.options.hearings()
    const hearing = memory.next(hearings)
    if (hearing === undefined) return null
    const scrubbed = await this.#scrubHearing(hearing)
    if (!scrubbed) return null
    await memory.note(hearing, scrubbed.bad ? scrubbed.reason : null, hearings)
    return { ...scrubbed, due: memory.isDue(hearings) }
  }

  stop(): void {
    this.#beside.stop()
  }

  #remember(): Promise<ScrubMemory> {
    this.#memory ??= ScrubMemory.open(this.options.stateDir).catch((fault: unknown) => {
      this.#memory = null
      throw fault
    })
    return this.#memory
  }

  async #scrubHearing(hearing: string): Promise<Omit<Scrubbed, 'due'> | null> {
    let [bad, repaired] = [0, 0]
    const read: { store: StorePlace; verified: Verified }[] = []
    for (const store of this.options.stores) {
      const other = this.options.stores.find((one) => one !== store) ?? null
      const verified = await this.#verify(store, other, hearing)
      if (this.#beside.stopped) return null
      if (!verified) {
        bad++
        continue
      }
      read.push({ store, verified })
      const damage = damageIn(verified)
      if (!damage.length) continue
      const mended = other ? await this.#repair(hearing, other, store, verified, damage) : 0
      bad += damage.length - mended + verified.moreFindings
      repaired += mended
    }
    const unlocked = await this.#locking.lock(hearing, read)
    if (this.#beside.stopped) return null
    return { hearing, bad: bad + unlocked.length, repaired, reason: wordsFor(hearing, bad, repaired, unlocked) }
  }

  /** How many of the damaged stretches are whole now. */
  async #repair(
    hearing: string,
    from: StorePlace,
    to: StorePlace,
    verified: Verified,
    damage: Verified['findings'],
  ): Promise<number> {
    if (!isJournalGood(verified) || this.#beside.stopped) return 0
    const spans = damage.flatMap(({ file, offset, bytes, onMirror }) =>
      onMirror && file !== undefined && offset !== undefined && bytes !== undefined ? [{ file, offset, bytes }] : [],
    )
    const ranges = await fragmentsIn(join(from.path, hearing), spans)
    const repaired = await repairRanges({ from: from.path, to: to.path, hearing, ranges, what: 'spoiled' })
    const why = reason('What this disk had lost was put back from the other.', `hash and signature agree`)
    const lines = repaired.map(
      ({ file, offset, bytes }): EntryBody => ({
        ...{ kind: 'repaired', store: to.name, from: from.name, file, offset, bytes },
        reason: why,
      }),
    )
    if (lines.length) await this.options.addLines(hearing, lines)
    const covers = (span: { file: string; offset: number; bytes: number }) =>
      ranges
        .filter((one) => one.file === span.file && one.offset >= span.offset && one.offset < span.offset + span.bytes)
        .every((one) => repaired.includes(one))
    return spans.filter(covers).length
  }

  async #verify(store: StorePlace, other: StorePlace | null, hearing: string): Promise<Verified | null> {
    const { programs, log } = this.options
    const words = ['verify', join(store.path, hearing), '--json']
    if (other) words.push('--mirror', join(other.path, hearing))
    const told = await this.#beside.run(programs?.verbatim ?? programBeside('verbatim'), words)
    if (this.#beside.stopped) return null
    try {
      return Verified.parse(JSON.parse(told?.said ?? ''))
    } catch (fault) {
      log.warn({ hearing, store: store.name, fault: messageOf(fault) }, 'an earlier hearing could not be read again')
      return null
    }
  }
}

const wordsFor = (hearing: string, bad: number, repaired: number, unlocked: readonly string[]): Reason => {
  if (bad)
    return reason(
      `Hearing ${hearing} is not whole on every disk; call technical support`,
      `${bad} stretches, verify it`,
    )
  if (unlocked.length)
    return reason(
      `What is sealed in hearing ${hearing} is not locked away yet; call technical support`,
      `${unlocked.length} parts: ${unlocked.slice(0, 3).join('; ')}`,
    )
  return reason(`Hearing ${hearing} is whole`, `read again; ${repaired} stretches repaired`)
}
