/** What people changed: lines that are durable before the answer, and never changed. */
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { makeFolders, syncFolder, writeAll } from '../../base/durable.ts'
import { AuditRow } from '../../wire/console.ts'

/** What the console shows; the file has all. */
const SHOWN = 1_000

export class AuditLog {
  #adding: Promise<void> = Promise.resolve()

  private constructor(
    private readonly path: string,
    private readonly rows: AuditRow[],
    private bytes: number,
  ) {}

  /** `audit.ndjson` in `home`; half a line is what a power cut left. Throws what the file system throws. */
  static async open(home: string): Promise<AuditLog> {
    await makeFolders(home)
    const path = join(home, 'audit.ndjson')
    const file = await open(path, 'a+', 0o600)
    try {
      const all = await file.readFile()
      const bytes = all.lastIndexOf(10) + 1
      const lines = all.toString('utf8', 0, bytes).split('\n').slice(0, -1).slice(-SHOWN)
      return new AuditLog(path, lines.flatMap(rowIn), bytes)
    } finally {
      await file.close()
      await syncFolder(home)
    }
  }

  /** The latest first. */
  latest(): AuditRow[] {
    return this.rows.toReversed()
  }

  /** Resolves when it is durable. */
  add(row: AuditRow): Promise<void> {
    const adding = this.#adding.then(() => this.#append(row))
    this.#adding = adding.catch(() => {})
    return adding
  }

  async #append(row: AuditRow): Promise<void> {
    const line = Buffer.from(`${JSON.stringify(row)}\n`)
    const file = await open(this.path, 'r+')
    try {
      await file.truncate(this.bytes)
      await writeAll(file, line, this.bytes)
      await file.datasync()
    } finally {
      await file.close()
    }
    this.bytes += line.length
    this.rows.push(row)
    if (this.rows.length > SHOWN) this.rows.shift()
  }
}

/** A damaged line takes none of the others. */
const rowIn = (line: string): AuditRow[] => {
  try {
    return [AuditRow.parse(JSON.parse(line))]
  } catch {
    return []
  }
}
