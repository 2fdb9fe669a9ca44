import type { EntryBody } from './entry.ts'
import { FIRST_PREV, formatLine, type Stamp } from './line.ts'

/** Where a journal stands: the number its next line will have, and the hash of its last line. */
export interface ChainPlace {
  n: number
  prev: string
}

/** A line ready to be written: append `line` and a line feed in one write. */
export interface ChainedLine {
  line: string
  n: number
  /** Lower-case hex SHA-256 of the line: the head of the journal once it is written. */
  head: string
}

const encoder = new TextEncoder()

/** Gives lines their numbers and chains each to the one before. Does no input or output. */
export class ChainWriter {
  #n: number
  #head: string

  /**
   * @param sha256 lower-case hex SHA-256 of bytes
   * @param at where to go on in a journal that has lines already (a reader's `place`); a new journal without it
   */
  constructor(
    private readonly sha256: (bytes: Uint8Array) => string,
    at: ChainPlace = { n: 0, prev: FIRST_PREV },
  ) {
    this.#n = at.n
    this.#head = at.prev
  }

  /** The next line. It counts as written: a line that then fails to reach any disk needs a new writer. */
  append(stamp: Stamp, body: EntryBody): ChainedLine {
    const n = this.#n
    const line = formatLine(n, this.#head, stamp, body)
    this.#head = this.sha256(encoder.encode(line))
    this.#n = n + 1
    return { line, n, head: this.#head }
  }

  /** Where the journal stands after what was appended so far. */
  get place(): ChainPlace {
    return { n: this.#n, prev: this.#head }
  }
}
