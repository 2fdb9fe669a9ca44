import { LineCutter } from './cut.ts'
import type { Entry } from './entry.ts'
import { JournalFault } from './fault.ts'
import { FIRST_PREV, parseLine } from './line.ts'

/** No line is longer; a writer keeps far below it. */
export const MAX_LINE_BYTES = 4 * 1024 * 1024

/**
 * What a reader finds: an entry with the hash of its line, or something wrong. A line out of place gives its fault
 * first, then its entry.
 */
export type JournalItem =
  | { is: 'entry'; entry: Entry; offset: number; bytes: number; head: string }
  | { is: 'fault'; fault: JournalFault; offset: number; bytes: number }

/**
 * Reads a journal chunk by chunk, checks numbers and chain, and goes on after a fault. Never throws, and holds one
 * line at most. What it cannot see: a last line changed or cut off, for no later line carries its hash; only a
 * signature, a witness or the other store's copy shows that.
 */
export class JournalReader {
  readonly #cutter: LineCutter
  #head = FIRST_PREV
  #next = 0
  #count = 0
  #faults = 0
  #lastGoodOffset = -1

  /**
   * @param sha256 lower-case hex SHA-256 of bytes
   * @param maxLineBytes a longer line is a fault, and is not kept in memory
   */
  constructor(
    private readonly sha256: (bytes: Uint8Array) => string,
    maxLineBytes = MAX_LINE_BYTES,
  ) {
    this.#cutter = new LineCutter(maxLineBytes)
  }

  /** What the lines completed by `chunk` hold. */
  push(chunk: Uint8Array): JournalItem[] {
    return this.#cutter.push(chunk).flatMap(({ offset, length, bytes }) => {
      const items: JournalItem[] = []
      const report = (fault: JournalFault) => {
        this.#faults++
        items.push({ is: 'fault', fault, offset, bytes: length })
      }
      if (bytes) this.#line(bytes, offset, items, report)
      else {
        report(new JournalFault('too-long', `a line of ${length} bytes`))
        this.#head = ''
        this.#next++
      }
      return items
    })
  }

  #line(bytes: Uint8Array, offset: number, items: JournalItem[], report: (fault: JournalFault) => void): void {
    const before = this.#faults
    const expected = this.#next
    const head = this.#head
    this.#head = this.sha256(bytes)
    this.#next = expected + 1
    let entry: Entry
    try {
      entry = parseLine(bytes)
    } catch (thrown) {
      report(thrown instanceof JournalFault ? thrown : new JournalFault('malformed', String(thrown), { cause: thrown }))
      return
    }
    if (entry.n !== expected)
      report(new JournalFault('number', `line ${entry.n} stands where line ${expected} belongs`))
    if (entry.prev !== head)
      report(
        new JournalFault('chain', `line ${entry.n} does not follow from the line before it, or that line was changed`),
      )
    this.#next = entry.n + 1
    this.#count++
    if (this.#faults === before) this.#lastGoodOffset = offset
    items.push({ is: 'entry', entry, offset, bytes: bytes.length, head: this.#head })
  }

  /** Call once after the last chunk: reports a torn tail. */
  end(): JournalItem[] {
    const bytes = this.#cutter.rest
    if (bytes === 0) return []
    this.#faults++
    const fault = new JournalFault('torn', `the last ${bytes} bytes are the beginning of a line that was not finished`)
    return [{ is: 'fault', fault, offset: this.#cutter.offset, bytes }]
  }

  /** Where a writer goes on: the next number, and the hash of the last whole line (empty after one too long). */
  get place(): { n: number; prev: string } {
    return { n: this.#next, prev: this.#head }
  }

  /** Lower-case hex SHA-256 of the last whole line; 64 zeros before the first. */
  get head(): string {
    return this.#head
  }

  /** Entries read, lines out of place included. */
  get count(): number {
    return this.#count
  }

  get faults(): number {
    return this.#faults
  }

  /** Bytes after the last line feed. */
  get tornBytes(): number {
    return this.#cutter.rest
  }

  /** Bytes up to and including the last line feed: cut the file here before going on. */
  get wholeBytes(): number {
    return this.#cutter.offset
  }

  /** Where the last line without a fault begins; -1 before the first. */
  get lastGoodOffset(): number {
    return this.#lastGoodOffset
  }
}
