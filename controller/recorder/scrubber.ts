/**
 * Reads one earlier hearing again, the one that was not read for longest, and repairs what one disk has lost from the
 * other. The reading is done by the verifier itself, as a process of its own at the lowest priority: nobody notices it,
 * and it can be stopped at any time.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Low } from 'lowdb'
import { z } from 'zod'
import { DurableJson } from '../base/durable-json.ts'
import { messageOf } from '../base/error.ts'
import type { Logger } from '../base/log.ts'
import { type Reason, reason } from '../base/reason.ts'
import type { EntryBody } from '../journal/entry.ts'
import { fragmentsIn } from '../ports/journal/closed-journal.ts'
import type { StorePlace } from '../ports/journal/hearing-journal.ts'
import { repairRanges } from '../ports/store/repair.ts'

/** Counts readings, for a clock may be set back. */
const Content = z.object({ turns: z.record(z.string(), z.int()) })
type Content = z.output<typeof Content>

/** Of what `verbatim verify --json` prints, what is needed here. */
const Verified = z.object({
  signed: z.unknown().nullable(),
  moreFindings: z.number(),
  findings: z.array(
    z.object({
      code: z.string(),
      severity: z.string(),
      file: z.string().optional(),
      offset: z.number().optional(),
      bytes: z.number().optional(),
      onMirror: z.boolean().optional(),
    }),
  ),
})
type Verified = z.output<typeof Verified>

/** Bytes that are not as the journal has them. Any other damage is the journal's, and then nothing may be repaired by it. */
const REPAIRABLE = new Set(['fragment-damaged', 'fragment-lost', 'fragment-absent', 'fragment-unreadable'])

export interface ScrubberOptions {
  stateDir: string
  stores: readonly StorePlace[]
  log: Logger
  /** Ids of the closed hearings. */
  hearings: () => string[]
  /** Adds lines to the journal of a closed hearing, signed. */
  addLines: (hearing: string, bodies: EntryBody[]) => Promise<void>
  /** For tests: what verifies a hearing's folder. */
  program?: string
}

export interface Scrubbed {
  hearing: string
  bad: number
  repaired: number
  reason: Reason
}

export class Scrubber {
  #low: Low<Content> | null = null
  #child: ChildProcess | null = null
  #stopped = false

  constructor(private readonly options: ScrubberOptions) {}

  /** Null when there is nothing to read, or it was stopped. Rejects with what the file system throws. */
  async scrub(): Promise<Scrubbed | null> {
    this.#stopped = false
    const low = await this.#open()
    const last = (id: string) => low.data.turns[id] ?? 0
    const hearings = this.options.hearings()
    const [hearing] = hearings.toSorted((a, b) => last(a) - last(b))
    if (hearing === undefined) return null
    const scrubbed = await this.#scrubHearing(hearing)
    if (!scrubbed) return null
    const turn = Math.max(0, ...Object.values(low.data.turns)) + 1
    const turns = Object.entries({ ...low.data.turns, [hearing]: turn }).filter(([id]) => hearings.includes(id))
    low.data = { turns: Object.fromEntries(turns) }
    await low.write()
    return scrubbed
  }

  stop(): void {
    this.#stopped = true
    this.#child?.kill('SIGKILL')
  }

  async #open(): Promise<Low<Content>> {
    if (this.#low) return this.#low
    await mkdir(this.options.stateDir, { recursive: true })
    const path = join(this.options.stateDir, 'scrub.json')
    const low = new Low<Content>(new DurableJson(path, (data) => Content.parse(data)), { turns: {} })
    // Without it everything is only read again.
    await low.read().catch(() => {})
    this.#low = low
    return low
  }

  async #scrubHearing(hearing: string): Promise<Scrubbed | null> {
    let [bad, repaired] = [0, 0]
    for (const store of this.options.stores) {
      const other = this.options.stores.find((one) => one !== store) ?? null
      const verified = await this.#verify(store, other, hearing)
      if (this.#stopped) return null
      if (!verified) {
        bad++
        continue
      }
      const damage = verified.findings.filter(({ code, severity }) => severity === 'damage' || REPAIRABLE.has(code))
      if (!damage.length) continue
      const mended = other ? await this.#repair(hearing, other, store, verified, damage) : 0
      bad += damage.length - mended + verified.moreFindings
      repaired += mended
    }
    const why = bad
      ? reason(`Hearing ${hearing} is not whole on every disk; call technical support`, `${bad} stretches, verify it`)
      : reason(`Hearing ${hearing} is whole`, `read again; ${repaired} stretches repaired`)
    return { hearing, bad, repaired, reason: why }
  }

  /** How many of the damaged stretches are whole now. */
  async #repair(
    hearing: string,
    from: StorePlace,
    to: StorePlace,
    { signed, findings }: Verified,
    damage: Verified['findings'],
  ): Promise<number> {
    const isJournalDamaged = findings.some(({ code, severity }) => severity === 'damage' && !REPAIRABLE.has(code))
    if (isJournalDamaged || !signed || this.#stopped) return 0
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
    const { program = verbatimProgram(), log } = this.options
    const words = ['verify', join(store.path, hearing), '--json']
    if (other) words.push('--mirror', join(other.path, hearing))
    const said = await new Promise<string>((resolve) => {
      const out: Buffer[] = []
      const child = spawn('nice', ['-n', '19', 'ionice', '-c', '3', process.execPath, program, ...words], {
        stdio: ['ignore', 'pipe', 'ignore'],
      })
      this.#child = child
      child.stdout.on('data', (bytes: Buffer) => out.push(bytes))
      child.on('error', () => resolve(''))
      child.on('close', () => resolve(Buffer.concat(out).toString('utf8')))
    })
    this.#child = null
    if (this.#stopped) return null
    try {
      return Verified.parse(JSON.parse(said))
    } catch (fault) {
      log.warn({ hearing, store: store.name, fault: messageOf(fault) }, 'an earlier hearing could not be read again')
      return null
    }
  }
}

/** All programs are bundled into one folder. */
const verbatimProgram = (): string => join(dirname(fileURLToPath(import.meta.url)), 'verbatim.js')
