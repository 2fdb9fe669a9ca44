/**
 * Watches the lengths of the MQTT packets in a stream, without keeping a byte of them: a parser keeps a packet until it
 * is whole, and its length may be called 256 MB.
 */

/** Of the remaining length: four digits of seven bits (MQTT 3.1.1, 2.2.3). */
const MOST_DIGITS = 4

export class PacketMeter {
  /** Bytes of the present packet that have not come. */
  #left = 0
  #digits = 0
  #length = 0
  #isInLength = false

  constructor(private readonly maxBytes: number) {}

  /** Why the stream is not gone on with; null when all is well. */
  push(bytes: Uint8Array): string | null {
    for (let at = 0; at < bytes.length; ) {
      if (this.#left > 0) {
        const taken = Math.min(this.#left, bytes.length - at)
        this.#left -= taken
        at += taken
        continue
      }
      const byte = bytes[at++]!
      if (!this.#isInLength) {
        this.#isInLength = true
        this.#length = 0
        this.#digits = 0
        continue
      }
      if (this.#digits >= MOST_DIGITS) return 'a packet whose length is none'
      this.#length += (byte & 0x7f) * 128 ** this.#digits++
      if (this.#length > this.maxBytes) return `a packet of ${this.#length} bytes or more`
      if (byte & 0x80) continue
      this.#isInLength = false
      this.#left = this.#length
    }
    return null
  }
}
