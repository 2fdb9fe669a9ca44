/** A line cut from a stream of bytes. `bytes` is null when the line was longer than allowed and was let go. */
export interface CutLine {
  /** Place of its first byte in the stream. */
  offset: number
  /** Its length without the line feed. */
  length: number
  bytes: Uint8Array | null
}

const LINE_FEED = 10

const join = (parts: Uint8Array[], length: number): Uint8Array => {
  if (parts.length === 1) return parts[0]!
  const whole = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/** Cuts chunks of any size into lines and holds no more than `maxBytes` of a line that has not ended. */
export class LineCutter {
  #parts: Uint8Array[] = []
  #offset = 0
  #length = 0

  constructor(private readonly maxBytes: number) {}

  /** The lines that `chunk` completes. The chunk's memory may be used again once they have been looked at. */
  push(chunk: Uint8Array): CutLine[] {
    const lines: CutLine[] = []
    let from = 0
    for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, from)) {
      this.#gather(chunk.subarray(from, end))
      const whole = this.#length <= this.maxBytes
      lines.push({ offset: this.#offset, length: this.#length, bytes: whole ? join(this.#parts, this.#length) : null })
      this.#offset += this.#length + 1
      this.#length = 0
      this.#parts = []
      from = end + 1
    }
    // A copy, because the caller may read the next chunk into the same memory. (A Node Buffer's slice copies nothing.)
    if (from < chunk.length) this.#gather(new Uint8Array(chunk.subarray(from)))
    return lines
  }

  #gather(part: Uint8Array): void {
    this.#length += part.length
    if (this.#length <= this.maxBytes) this.#parts.push(part)
    else this.#parts = []
  }

  /** Bytes after the last line feed. */
  get rest(): number {
    return this.#length
  }

  /** Place after the last line feed: where the next whole line would begin. */
  get offset(): number {
    return this.#offset
  }
}
