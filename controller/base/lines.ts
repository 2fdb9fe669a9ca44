/**
 * Cuts a stream of bytes into lines, with a bound on a line's length, so that a peer that never sends a line feed
 * cannot eat the memory.
 */
export class LineSplitter {
  #rest = Buffer.alloc(0)

  /** @param maxBytes a longer line makes `push` throw a RangeError and drops what was gathered */
  constructor(private readonly maxBytes = 1 << 20) {}

  /** The lines that `bytes` completes, without their line feeds. */
  push(bytes: Buffer): Buffer[] {
    const all = this.#rest.length ? Buffer.concat([this.#rest, bytes]) : bytes
    const lines: Buffer[] = []
    let from = 0
    for (let end = all.indexOf(10, from); end >= 0; end = all.indexOf(10, from)) {
      lines.push(all.subarray(from, end))
      from = end + 1
    }
    this.#rest = Buffer.from(all.subarray(from))
    if (this.#rest.length > this.maxBytes || lines.some((line) => line.length > this.maxBytes)) {
      this.#rest = Buffer.alloc(0)
      throw new RangeError(`line longer than ${this.maxBytes} bytes`)
    }
    return lines
  }

  /** Bytes after the last line feed: a torn line at the end of a file. */
  get rest(): Buffer {
    return this.#rest
  }
}
