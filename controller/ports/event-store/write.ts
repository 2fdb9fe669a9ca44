/** Everything that is written but events: one statement each. */

const DEVICE = '(SELECT id FROM device WHERE name = ?)'

export const WRITES = {
  addDevice: `INSERT INTO device (name, court, room) VALUES (?, ?, ?)
    ON CONFLICT (name) DO UPDATE SET court = excluded.court`,
  keepBirth: 'UPDATE device SET birth = ?, room = ? WHERE name = ?',
  keepReported: 'UPDATE device SET reported = ? WHERE name = ?',
  keepSeen: 'UPDATE device SET seen_ms = ? WHERE name = ?',
  keepAlarm: `INSERT OR REPLACE INTO alarm (device, id, held) VALUES (${DEVICE}, ?, ?)`,
  dropAlarm: `DELETE FROM alarm WHERE device = ${DEVICE} AND id = ?`,
  dropDay: `DELETE FROM scheduled WHERE device = ${DEVICE} AND day = ?`,
  schedule: `INSERT OR REPLACE INTO scheduled (device, starts_ms, ends_ms, day, must, recorded, audible)
    VALUES (${DEVICE}, ?, ?, ?, ?, ?, ?)`,
  cover: `UPDATE scheduled SET recorded = ?, audible = ? WHERE device = ${DEVICE} AND starts_ms = ?`,
  giveDocket: `INSERT OR REPLACE INTO docket (device, rev, sealed, given_by, at_ms) VALUES (${DEVICE}, ?, ?, ?, ?)`,
  want: `INSERT OR REPLACE INTO wanted (device, rev, desired, wanted_by, at_ms) VALUES (${DEVICE}, ?, ?, ?, ?)`,
  sendOrder: `INSERT INTO sent_order (device, id, op, sent_by, at_ms, expires_ms, signed) VALUES (${DEVICE}, ?, ?, ?, ?, ?, ?)`,
  keepResult: `UPDATE sent_order SET result = ? WHERE id = ? AND device = ${DEVICE}`,
  keepHoursLeft: `INSERT OR REPLACE INTO hours_left (device, day, hours) VALUES (${DEVICE}, ?, ?)`,
  keepNotice: 'INSERT INTO notice (id, target, body, grave, at_ms) VALUES (?, ?, ?, ?, ?)',
  dropNotice: 'DELETE FROM notice WHERE id = ?',
} as const
export type WriteName = keyof typeof WRITES

export interface Write {
  name: WriteName
  /** In the order of the question marks. */
  values: (string | number | null)[]
}
