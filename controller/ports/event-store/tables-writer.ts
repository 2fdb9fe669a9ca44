/** All that writes into the store. It runs in a thread of its own: a disk that takes long holds no message up. */
import Database from 'better-sqlite3'
import { codeOf } from '../../base/error.ts'
import type { Done, Holding, Job, Retention } from './job.ts'
import { AverageKeeper } from './keep-averages.ts'
import { EventKeeper } from './keep-events.ts'
import { openTables } from './schema.ts'
import { WRITES, type Write, type WriteName } from './write.ts'

/** Removed at once: more would hold up what comes in. */
const TIDY_EVENTS = 5_000
const MEBIBYTE = 1 << 20

export class TablesWriter {
  readonly #db: Database.Database
  readonly #events: EventKeeper
  readonly #averages: AverageKeeper
  readonly #statements: Record<WriteName, Database.Statement<unknown[]>>
  readonly #keep: (job: Job) => Done

  /** @param maxPages for tests: a disk that is full beyond so many pages */
  constructor(path: string, maxPages?: number) {
    this.#db = new Database(path, { timeout: 10_000 })
    openTables(this.#db)
    if (maxPages) this.#db.pragma(`max_page_count = ${maxPages}`)
    this.#events = new EventKeeper(this.#db)
    this.#averages = new AverageKeeper(this.#db)
    const prepared = Object.entries(WRITES).map(([name, sql]) => [name, this.#db.prepare(sql)])
    this.#statements = Object.fromEntries(prepared)
    this.#keep = this.#db.transaction((job: Job) => this.#keepAll(job))
  }

  /** One transaction, durable when it returns. Throws SqliteError: then nothing of it is there. */
  keep(job: Job): Done {
    return this.#keep(job)
  }

  holdings(devices: readonly string[]): Holding[] {
    return devices.map((device) => this.#events.hold(device, []))
  }

  /** What is too old, and the oldest of what is too much. @returns how many events went; call again while there are any */
  tidy({ olderThanMs, bytes, historyBeforeSlot }: Retention): number {
    const oldest = this.#db
      .prepare<[number], { device: number; seq: number; received_ms: number }>(
        'SELECT device, seq, received_ms FROM event ORDER BY received_ms LIMIT ?',
      )
      .all(TIDY_EVENTS)
    const tooMuch = this.usedBytes > bytes - MEBIBYTE
    const remove = this.#db.prepare('DELETE FROM event WHERE device = ? AND seq = ?')
    const removed = this.#db.transaction(() => {
      let count = 0
      for (const { device, seq, received_ms: receivedMs } of oldest) {
        if (receivedMs >= olderThanMs && !tooMuch) break
        count += remove.run(device, seq).changes
      }
      return count
    })()
    if (!removed) this.#tidyOthers(olderThanMs, historyBeforeSlot)
    return removed
  }

  get usedBytes(): number {
    const [pages, free, size] = ['page_count', 'freelist_count', 'page_size'].map((name) =>
      Number(this.#db.pragma(name, { simple: true })),
    )
    return (pages! - free!) * size!
  }

  close(): void {
    this.#db.close()
  }

  #keepAll({ events, skips, averages, writes }: Job): Done {
    for (const write of writes) this.#write(write)
    for (const average of averages) this.#averages.keep(average)
    return this.#events.keep(events, skips)
  }

  /** What is about a device that is not known any more is left out; it takes nothing from the rest. */
  #write({ name, values }: Write): void {
    try {
      this.#statements[name].run(...values)
    } catch (fault) {
      if (!codeOf(fault).startsWith('SQLITE_CONSTRAINT')) throw fault
    }
  }

  #tidyOthers(olderThanMs: number, historyBeforeSlot: number): void {
    const devices = this.#db.prepare<[], number>('SELECT id FROM device').pluck().all()
    const history = this.#db.prepare('DELETE FROM history WHERE device = ? AND slot < ?')
    this.#db.transaction(() => {
      for (const id of devices) history.run(id, historyBeforeSlot)
      this.#db.prepare('DELETE FROM scheduled WHERE ends_ms < ?').run(olderThanMs)
      this.#db.prepare('DELETE FROM sent_order WHERE at_ms < ?').run(olderThanMs)
      this.#db.prepare('DELETE FROM other_event WHERE received_ms < ?').run(olderThanMs)
      this.#db.prepare('DELETE FROM hours_left WHERE day < ?').run(Math.floor(olderThanMs / 86_400_000))
    })()
  }
}
