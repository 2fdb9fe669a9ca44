/** Takes events into the tables: each once, and nothing of what contradicts them is thrown away. Within a transaction. */
import { createHash } from 'node:crypto'
import type Database from 'better-sqlite3'
import type { Done, Holding, IncomingEvent, Skip } from './job.ts'

/** As many as an acknowledgement may name. */
const AHEAD = 200

export class EventKeeper {
  readonly #idOf
  readonly #uptoOf
  readonly #known
  readonly #add
  readonly #addOther
  readonly #after
  readonly #latest
  readonly #missingAt
  readonly #miss
  readonly #rise

  constructor(db: Database.Database) {
    this.#idOf = db.prepare<[string], number>('SELECT id FROM device WHERE name = ?').pluck()
    this.#uptoOf = db.prepare<[number], number>('SELECT upto FROM device WHERE id = ?').pluck()
    this.#known = db.prepare<[number, number], Buffer>('SELECT hash FROM event WHERE device = ? AND seq = ?').pluck()
    this.#add = db.prepare('INSERT INTO event (device, seq, received_ms, kind, bytes, hash) VALUES (?, ?, ?, ?, ?, ?)')
    this.#addOther = db.prepare(
      'INSERT OR IGNORE INTO other_event (device, seq, received_ms, bytes, hash) VALUES (?, ?, ?, ?, ?)',
    )
    this.#after = db
      .prepare<[number, number], number>('SELECT seq FROM event WHERE device = ? AND seq > ? ORDER BY seq LIMIT 1000')
      .pluck()
    this.#latest = db
      .prepare<[number, number, number], number>(
        'SELECT seq FROM event WHERE device = ? AND seq > ? ORDER BY seq DESC LIMIT ?',
      )
      .pluck()
    this.#missingAt = db
      .prepare<[number, number, number], number>(
        'SELECT max(to_seq) FROM missing WHERE device = ? AND from_seq <= ? AND to_seq >= ?',
      )
      .pluck()
    this.#miss = db.prepare(
      'INSERT OR REPLACE INTO missing (device, from_seq, to_seq, noted_ms, why) VALUES (?, ?, ?, ?, ?)',
    )
    this.#rise = db.prepare('UPDATE device SET upto = ? WHERE id = ?')
  }

  keep(events: readonly IncomingEvent[], skips: readonly Skip[]): Done {
    const done: Done = { fresh: [], contradicting: [], unchained: [], skipped: [], holdings: [] }
    const touched = new Map<string, number[]>()
    events.forEach((event, i) => {
      const id = this.#idOf.get(event.device)
      if (id === undefined) return
      this.#take(id, event, i, done)
      touched.set(event.device, [...(touched.get(event.device) ?? []), event.seq])
    })
    for (const { device, why, atMs } of skips) {
      const id = this.#idOf.get(device)
      if (id === undefined) continue
      const from = this.#climb(id) + 1
      const next = this.#after.get(id, from)
      if (next !== undefined) {
        this.#miss.run(id, from, next - 1, atMs, why)
        done.skipped.push({ device, from, to: next - 1 })
      }
      if (!touched.has(device)) touched.set(device, [])
    }
    done.holdings = [...touched].map(([device, seqs]) => this.hold(device, seqs))
    return done
  }

  /** @param seqs are named first: an acknowledgement answers what has just come */
  hold(device: string, seqs: readonly number[]): Holding {
    const id = this.#idOf.get(device)
    if (id === undefined) return { device, upto: 0, ahead: [], hash: null }
    const upto = this.#climb(id)
    const named = new Set(seqs.filter((seq) => seq > upto).slice(-AHEAD))
    for (const seq of this.#latest.all(id, upto, AHEAD)) if (named.size < AHEAD) named.add(seq)
    const hash = this.#known.get(id, upto)?.toString('hex') ?? null
    return { device, upto, ahead: [...named].sort((a, b) => a - b), hash }
  }

  #take(id: number, event: IncomingEvent, i: number, done: Done): void {
    const { seq, receivedMs, kind, bytes, prev, lost } = event
    const hash = createHash('sha256').update(bytes).digest()
    const known = this.#known.get(id, seq)
    if (known) {
      if (known.equals(hash)) return
      this.#addOther.run(id, seq, receivedMs, bytes, hash)
      done.contradicting.push(i)
      return
    }
    this.#add.run(id, seq, receivedMs, kind, bytes, hash)
    done.fresh.push(i)
    const before = prev === null ? undefined : this.#known.get(id, seq - 1)
    if (before && before.toString('hex') !== prev) done.unchained.push(i)
    if (lost) this.#miss.run(id, lost[0], lost[1], receivedMs, 'the device has lost them')
  }

  /** Past what is there, and past what is known to be gone for good. */
  #climb(id: number): number {
    const from = this.#uptoOf.get(id)!
    let upto = from
    for (;;) {
      const before = upto
      for (const seq of this.#after.all(id, upto)) {
        if (seq !== upto + 1) break
        upto = seq
      }
      const gone = this.#missingAt.get(id, upto + 1, upto + 1)
      if (gone) upto = gone
      if (upto === before) break
    }
    if (upto !== from) this.#rise.run(upto, id)
    return upto
  }
}
