/** Takes averages of ten minutes into their table. Within a transaction. */
import type Database from 'better-sqlite3'
import { merged } from './average-blob.ts'
import type { Average } from './job.ts'

export class AverageKeeper {
  readonly #idOf
  readonly #before
  readonly #put

  constructor(db: Database.Database) {
    this.#idOf = db.prepare<[string], number>('SELECT id FROM device WHERE name = ?').pluck()
    this.#before = db
      .prepare<[number, number], Buffer>('SELECT average FROM history WHERE device = ? AND slot = ?')
      .pluck()
    this.#put = db.prepare('INSERT OR REPLACE INTO history (device, slot, average) VALUES (?, ?, ?)')
  }

  keep({ device, slot, sums, counts }: Average): void {
    const id = this.#idOf.get(device)
    if (id !== undefined) this.#put.run(id, slot, merged(this.#before.get(id, slot), sums, counts))
  }
}
