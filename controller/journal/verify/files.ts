/** Why bytes could not be had. A value, never thrown: a folder from a stranger may hold anything. */
export interface Fault {
  why: 'absent' | 'forbidden' | 'unreadable'
  /** The system's own word, such as `EIO`. */
  code: string
  /** Exactly, for the engineer. */
  detail: string
}

export const isFault = <Value extends object>(value: Value | Fault): value is Fault => 'why' in value

/** A range of bytes of a file. */
export interface ByteRange {
  offset: number
  bytes: number
}

/** Lower-case hex SHA-256 of a range; `missing` when the file ends within it. */
export type RangeHash = string | 'missing' | Fault

export interface HashedFile {
  /** Length of the file; 0 when it is not there. */
  size: number
  /** In the order asked for. */
  hashes: RangeHash[]
}

/**
 * One hearing's folder, wherever it lies: on a disk, in a browser, in a test's memory. Paths are relative, with `/`.
 * Nothing here rejects; only plain files are opened, and links are not followed.
 */
export interface HearingFiles {
  /** What the folder is called, for the engineer. */
  readonly name: string
  /** How many files it hashes at the same time. */
  readonly atOnce: number
  /** Every file but the recorder's own, with its length. */
  list(): Promise<ReadonlyMap<string, number>>
  /** At most `length` bytes; fewer at the end of the file, none behind it. */
  read(path: string, offset: number, length: number): Promise<Uint8Array | Fault>
  /** Hashes ranges of a file, which is read once and in the order given. */
  sha256(path: string, ranges: readonly ByteRange[]): Promise<HashedFile>
}

/** Name of the journal in every hearing folder; a folder with such a file is a hearing. */
export const JOURNAL_FILE = 'journal.ndjson'

/** Receipts that came when the journal was closed. */
export const RECEIPTS_FILE = 'receipts.ndjson'

/** Of a file that holds more lines that are none, the rest is not read: garbage must not keep a reader for hours. */
export const SPOILED_LINES_MOST = 100_000

const CHUNK_BYTES = 64 * 1024

/** A file chunk by chunk; a fault ends it, and is its last item. */
export async function* chunksOf(files: Pick<HearingFiles, 'read'>, path: string): AsyncGenerator<Uint8Array | Fault> {
  for (let at = 0; ; ) {
    const chunk = await files.read(path, at, CHUNK_BYTES)
    if (isFault(chunk)) {
      yield chunk
      return
    }
    if (chunk.length === 0) return
    yield chunk
    at += chunk.length
  }
}
