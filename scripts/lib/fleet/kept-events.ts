/** What a hub keeps of the events of its devices, read from its store by another process. */
import { join } from 'node:path'
import Database from 'better-sqlite3'

export interface KeptEvents {
  /** With those that contradict another one of the same number. */
  rows: number
  /** Of so many different numbers. */
  numbers: number
  last: number
}

/** By device. @param home of the hub */
export const keptEvents = (home: string): Map<string, KeptEvents> => {
  const db = new Database(join(home, 'store', 'fleet.sqlite'), { readonly: true })
  try {
    const rows = db
      .prepare<[], { name: string } & KeptEvents>(
        `WITH kept AS (SELECT device, seq FROM event UNION ALL SELECT device, seq FROM other_event)
         SELECT name, COUNT(*) AS rows, COUNT(DISTINCT seq) AS numbers, MAX(seq) AS last
         FROM kept JOIN device ON device.id = kept.device GROUP BY name`,
      )
      .all()
    return new Map(rows.map(({ name, ...counts }) => [name, counts]))
  } finally {
    db.close()
  }
}
