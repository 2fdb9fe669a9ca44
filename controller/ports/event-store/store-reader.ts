/** Reads the store: few rows, by key, in a connection of its own that waits for no writer. */
import Database from 'better-sqlite3'
import { METRIC_NAMES, type MetricName } from '../../wire/fleet/metrics.ts'
import { meanIn } from './average-blob.ts'

const DEVICE = '(SELECT id FROM device WHERE name = ?)'

export interface KnownDevice {
  device: string
  court: string
  room: string
  upto: number
  birth: string | null
  reported: string | null
  seenMs: number | null
}
export interface KeptEvent {
  seq: number
  receivedMs: number
  text: string
}
export interface KeptOrder {
  id: string
  op: string
  by: string
  atMs: number
  expiresMs: number
  signed: string
  result: string | null
}
export interface KeptSchedule {
  device: string
  startsMs: number
  endsMs: number
  must: number
  recorded: number
  audible: number
}
export interface CoveredDay {
  court: string
  device: string
  room: string
  day: string
  scheduled: number
  recorded: number
  audible: number
}
export interface KeptNotice {
  id: number
  target: string
  body: string
  grave: number
}

export class StoreReader {
  readonly #db: Database.Database
  readonly #statements = new Map<string, Database.Statement<unknown[]>>()

  constructor(path: string) {
    this.#db = new Database(path, { readonly: true, timeout: 10_000 })
  }

  devices(): KnownDevice[] {
    return this.#all('SELECT name AS device, court, room, upto, birth, reported, seen_ms AS seenMs FROM device')
  }

  device(name: string): KnownDevice | null {
    const sql =
      'SELECT name AS device, court, room, upto, birth, reported, seen_ms AS seenMs FROM device WHERE name = ?'
    return this.#all<KnownDevice>(sql, name)[0] ?? null
  }

  /** The latest first; one that contradicts another stands beside it. */
  events(device: string, limit: number): KeptEvent[] {
    const rows = this.#all<{ seq: number; receivedMs: number; bytes: Buffer }>(
      `SELECT seq, received_ms AS receivedMs, bytes FROM event WHERE device = ${DEVICE}
       UNION ALL SELECT seq, received_ms, bytes FROM other_event WHERE device = ${DEVICE}
       ORDER BY seq DESC LIMIT ?`,
      ...[device, device, limit],
    )
    return rows.map(({ seq, receivedMs, bytes }) => ({ seq, receivedMs, text: bytes.toString('utf8') }))
  }

  /** When the hub had what it stored last; null of nothing. A few are left out: their clock may have been wrong. */
  storedLastMs(): number | null {
    const sql = 'SELECT received_ms AS ms FROM event ORDER BY received_ms DESC LIMIT 1 OFFSET ?'
    const oldest = 'SELECT min(received_ms) AS ms FROM event'
    const row = this.#all<{ ms: number }>(sql, 1_000)[0] ?? this.#all<{ ms: number | null }>(oldest)[0]
    return row?.ms ?? null
  }

  countEvents(): number {
    return this.#all<{ n: number }>('SELECT count(*) AS n FROM event')[0]!.n
  }

  missing(device: string): { fromSeq: number; toSeq: number; why: string }[] {
    const sql = `SELECT from_seq AS fromSeq, to_seq AS toSeq, why FROM missing WHERE device = ${DEVICE} ORDER BY from_seq`
    return this.#all(sql, device)
  }

  alarms(): { device: string; held: string }[] {
    return this.#all('SELECT device.name AS device, held FROM alarm JOIN device ON device.id = alarm.device')
  }

  schedule(fromMs: number): KeptSchedule[] {
    return this.#all(
      `SELECT device.name AS device, starts_ms AS startsMs, ends_ms AS endsMs, must, recorded, audible
       FROM scheduled JOIN device ON device.id = scheduled.device WHERE ends_ms >= ? ORDER BY starts_ms`,
      fromMs,
    )
  }

  /** Of hearings that had to be recorded and whose time had come. */
  coverage(device: string, fromMs: number, untilMs: number): { scheduled: number; recorded: number; audible: number } {
    const rows = this.#all<{ scheduled: number; recorded: number | null; audible: number | null }>(
      `SELECT count(*) AS scheduled, sum(recorded) AS recorded, sum(audible) AS audible FROM scheduled
       WHERE device = ${DEVICE} AND must = 1 AND starts_ms >= ? AND starts_ms < ?`,
      ...[device, fromMs, untilMs],
    )
    const { scheduled, recorded, audible } = rows[0]!
    return { scheduled, recorded: recorded ?? 0, audible: audible ?? 0 }
  }

  coveredDays(untilMs: number): CoveredDay[] {
    return this.#all(
      `SELECT court, name AS device, room, day, count(*) AS scheduled, sum(recorded) AS recorded, sum(audible) AS audible
       FROM scheduled JOIN device ON device.id = scheduled.device WHERE must = 1 AND starts_ms < ?
       GROUP BY device.id, day ORDER BY court, room, name, day`,
      untilMs,
    )
  }

  docket(device: string): { rev: number; sealed: string } | null {
    return (
      this.#all<{ rev: number; sealed: string }>(
        `SELECT rev, sealed FROM docket WHERE device = ${DEVICE}`,
        device,
      )[0] ?? null
    )
  }

  wanted(device: string): { rev: number; desired: string; by: string; atMs: number } | null {
    const sql = `SELECT rev, desired, wanted_by AS by, at_ms AS atMs FROM wanted WHERE device = ${DEVICE}`
    return this.#all<{ rev: number; desired: string; by: string; atMs: number }>(sql, device)[0] ?? null
  }

  /** The latest first. */
  orders(device: string, limit: number): KeptOrder[] {
    return this.#all(
      `SELECT id, op, sent_by AS by, at_ms AS atMs, expires_ms AS expiresMs, signed, result
       FROM sent_order WHERE device = ${DEVICE} ORDER BY at_ms DESC LIMIT ?`,
      ...[device, limit],
    )
  }

  hoursLeft(): { device: string; day: number; hours: number }[] {
    return this.#all(
      `SELECT device.name AS device, day, hours FROM hours_left JOIN device ON device.id = hours_left.device ORDER BY day`,
    )
  }

  /** Means of ten minutes, the oldest first. */
  history(device: string, metric: MetricName, fromSlot: number): { slot: number; mean: number | null }[] {
    const index = METRIC_NAMES.indexOf(metric)
    const sql = `SELECT slot, average FROM history WHERE device = ${DEVICE} AND slot >= ? ORDER BY slot`
    return this.#all<{ slot: number; average: Buffer }>(sql, device, fromSlot).map(({ slot, average }) => ({
      slot,
      mean: meanIn(average, index)?.mean ?? null,
    }))
  }

  notices(): KeptNotice[] {
    return this.#all('SELECT id, target, body, grave FROM notice ORDER BY id')
  }

  close(): void {
    this.#db.close()
  }

  #all<Row>(sql: string, ...values: unknown[]): Row[] {
    let statement = this.#statements.get(sql)
    if (!statement) {
      statement = this.#db.prepare(sql)
      this.#statements.set(sql, statement)
    }
    return statement.all(...values) as Row[]
  }
}
