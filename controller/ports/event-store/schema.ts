/** The tables. A version that is not known is refused rather than guessed. */
import type Database from 'better-sqlite3'
import { VerbatimError } from '../../base/error.ts'

const VERSION = 1

const TABLES = `
CREATE TABLE device (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, court TEXT NOT NULL, room TEXT NOT NULL,
  upto INTEGER NOT NULL DEFAULT 0, birth TEXT, reported TEXT, seen_ms INTEGER
);
CREATE TABLE event (
  device INTEGER NOT NULL, seq INTEGER NOT NULL, received_ms INTEGER NOT NULL, kind TEXT NOT NULL,
  bytes BLOB NOT NULL, hash BLOB NOT NULL, PRIMARY KEY (device, seq)
) WITHOUT ROWID;
CREATE INDEX event_received ON event (received_ms);
CREATE TABLE other_event (device INTEGER NOT NULL, seq INTEGER NOT NULL, received_ms INTEGER NOT NULL,
  bytes BLOB NOT NULL, hash BLOB NOT NULL, PRIMARY KEY (device, seq, hash)) WITHOUT ROWID;
CREATE TABLE missing (device INTEGER NOT NULL, from_seq INTEGER NOT NULL, to_seq INTEGER NOT NULL,
  noted_ms INTEGER NOT NULL, why TEXT NOT NULL, PRIMARY KEY (device, from_seq)) WITHOUT ROWID;
CREATE TABLE alarm (device INTEGER NOT NULL, id TEXT NOT NULL, held TEXT NOT NULL, PRIMARY KEY (device, id)) WITHOUT ROWID;
CREATE TABLE scheduled (device INTEGER NOT NULL, starts_ms INTEGER NOT NULL, ends_ms INTEGER NOT NULL, day TEXT NOT NULL,
  must INTEGER NOT NULL, recorded INTEGER NOT NULL DEFAULT 0, audible INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (device, starts_ms)) WITHOUT ROWID;
CREATE TABLE docket (device INTEGER PRIMARY KEY, rev INTEGER NOT NULL, sealed TEXT NOT NULL, given_by TEXT NOT NULL, at_ms INTEGER NOT NULL);
CREATE TABLE wanted (device INTEGER PRIMARY KEY, rev INTEGER NOT NULL, desired TEXT NOT NULL, wanted_by TEXT NOT NULL, at_ms INTEGER NOT NULL);
CREATE TABLE sent_order (id TEXT PRIMARY KEY, device INTEGER NOT NULL, op TEXT NOT NULL, sent_by TEXT NOT NULL,
  at_ms INTEGER NOT NULL, expires_ms INTEGER NOT NULL, signed TEXT NOT NULL, result TEXT) WITHOUT ROWID;
CREATE INDEX sent_order_device ON sent_order (device, at_ms);
CREATE TABLE hours_left (device INTEGER NOT NULL, day INTEGER NOT NULL, hours REAL NOT NULL, PRIMARY KEY (device, day)) WITHOUT ROWID;
CREATE TABLE history (device INTEGER NOT NULL, slot INTEGER NOT NULL, average BLOB NOT NULL, PRIMARY KEY (device, slot)) WITHOUT ROWID;
CREATE TABLE notice (id INTEGER PRIMARY KEY, target TEXT NOT NULL, body TEXT NOT NULL, grave INTEGER NOT NULL, at_ms INTEGER NOT NULL);
`

/** Every commit is on the disk before it returns: WAL alone would lose the last ones with the power. */
export const openTables = (db: Database.Database): void => {
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = FULL')
  db.pragma('journal_size_limit = 67108864')
  db.pragma('cache_size = -16000')
  const version = db.pragma('user_version', { simple: true })
  if (version === VERSION) return
  if (version !== 0) throw new VerbatimError('SETTINGS_DAMAGED', `${db.name} is of version ${version}, not ${VERSION}`)
  db.transaction(() => {
    db.exec(TABLES)
    db.pragma(`user_version = ${VERSION}`)
  })()
}
