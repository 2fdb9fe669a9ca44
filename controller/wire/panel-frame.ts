/** The panel's own messages in Firmata's stream of bytes: found, checked, and taken out of it. */

export const PANEL_SYSEX = 0x0f
const START = 0xf0
const END = 0xf7
const CHECK_BYTES = 2
const LONGEST = 64

/** A number from its bytes of 7 bits, the lowest first. */
export const numberAt = (bytes: Uint8Array, at: number, count: number): number => {
  let value = 0
  for (let i = at + count - 1; i >= at; i--) value = value * 128 + bytes[i]!
  return value
}

const bytesOf = (value: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => (value >>> (7 * i)) & 0x7f)

/** CRC-16/XMODEM, the lower 14 bits of it. */
const checkOf = (body: Iterable<number>): number => {
  let crc = 0
  for (const byte of body) {
    crc ^= byte << 8
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1
  }
  return crc & 0x3fff
}

/** @param fields values and how many bytes each has */
export const encodePanel = (kind: number, fields: readonly (readonly [value: number, bytes: number])[]): Uint8Array => {
  const body = [kind, ...fields.flatMap(([value, count]) => bytesOf(value, count))]
  return Uint8Array.from([START, PANEL_SYSEX, ...body, ...bytesOf(checkOf(body), CHECK_BYTES), END])
}

/** Kind and fields, or null when the check is wrong. */
const bodyOf = (bytes: Uint8Array): Uint8Array | null => {
  const body = bytes.subarray(0, -CHECK_BYTES)
  if (body.length === 0) return null
  return checkOf(body) === numberAt(bytes, body.length, CHECK_BYTES) ? body : null
}

export interface Split {
  /** Bodies of the panel's messages: kind and fields. */
  bodies: Uint8Array[]
  /** Everything else, in order: Firmata's. */
  firmata: Uint8Array
}

/** Parts the stream, however it was cut into pieces. Whatever is broken is dropped and counted. */
export class PanelSplitter {
  /** A sysex that may be the panel's, from its first byte; null between messages. */
  #held: number[] | null = null
  /** Frames that began and were not whole. */
  broken = 0

  push(bytes: Iterable<number>): Split {
    const bodies: Uint8Array[] = []
    const firmata: number[] = []
    for (const byte of bytes) {
      const body = this.#take(byte, firmata)
      if (body) bodies.push(body)
    }
    return { bodies, firmata: Uint8Array.from(firmata) }
  }

  /** A line that comes back begins between messages. */
  clear(): void {
    this.#held = null
  }

  #take(byte: number, firmata: number[]): Uint8Array | null {
    const held = this.#held
    if (byte === START) {
      if (held) this.#drop(held, firmata)
      this.#held = [byte]
      return null
    }
    if (!held) {
      firmata.push(byte)
      return null
    }
    held.push(byte)
    if (held[1] !== PANEL_SYSEX) this.#drop(held, firmata)
    else if (byte === END) return this.#finish(held)
    else if (byte & 0x80 || held.length > LONGEST) this.#drop(held, firmata)
    return null
  }

  #finish(held: number[]): Uint8Array | null {
    this.#held = null
    const body = bodyOf(Uint8Array.from(held.slice(2, -1)))
    if (!body) this.broken++
    return body
  }

  /** It is Firmata's, or nobody's. */
  #drop(held: number[], firmata: number[]): void {
    this.#held = null
    if (held[1] === PANEL_SYSEX) this.broken++
    else firmata.push(...held)
  }
}
