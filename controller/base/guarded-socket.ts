/**
 * What comes from a broker is cut into packets before MQTT.js sees it: none that is too long, none that a client does not
 * expect, not too many. MQTT.js gathers whatever length a packet claims, and parses a whole chunk across turns, where an
 * exception would end the program: here it gets one packet at a time, and an exception ends the connection alone.
 */
import type { Socket } from 'node:net'
import type { Writable } from 'node:stream'
import { messageOf, VerbatimError } from './error.ts'

export interface Allowance {
  /** Of one packet. */
  maxBytes: number
  /** Within each ten seconds. */
  maxBytesPerTen: number
  maxPacketsPerTen: number
  /** How much may wait for MQTT.js; 1 MiB when left out. */
  maxStuckBytes?: number
}

const TEN_MS = 10_000
/** Packets that a client may be sent: CONNACK, PUBLISH, PUBACK, SUBACK, UNSUBACK, PINGRESP, DISCONNECT. */
const EXPECTED = new Set([2, 3, 4, 9, 11, 13, 14])
const PUBLISH = 3
const MAX_LENGTH_BYTES = 4
/** Nobody reads what MQTT.js answers: it stops taking packets. */
const MAX_STUCK_BYTES = 1 << 20

/** Instead of `pipe`. A fault destroys the socket with a VerbatimError of MESSAGE_INVALID. */
export const guardPackets = <S extends Socket>(socket: S, allowance: Allowance): S => {
  const framer = new Framer(allowance)
  const pipe = (target: Writable): Writable => {
    socket.on('data', (chunk: Buffer) => {
      try {
        for (const packet of framer.push(chunk)) {
          if (socket.destroyed) return
          target.write(packet)
        }
        if (target.writableLength > (allowance.maxStuckBytes ?? MAX_STUCK_BYTES)) throw new Error('packets pile up')
      } catch (fault) {
        socket.destroy(
          fault instanceof VerbatimError
            ? fault
            : new VerbatimError('MESSAGE_INVALID', messageOf(fault), { cause: fault }),
        )
      }
    })
    return target
  }
  return Object.assign(socket, { pipe })
}

/** Cuts bytes into whole packets. Throws MESSAGE_INVALID. */
export class Framer {
  #rest: Buffer = Buffer.alloc(0)
  #parts: Buffer[] = []
  /** Of the packet that is being gathered; 0 before its length is known. */
  #wanted = 0
  #gathered = 0
  #since = 0
  #bytes = 0
  #packets = 0

  constructor(
    private readonly allowance: Allowance,
    private readonly nowMs: () => number = () => performance.now(),
  ) {}

  *push(chunk: Buffer): Generator<Buffer> {
    this.#count(chunk.length)
    let bytes = this.#rest.length ? Buffer.concat([this.#rest, chunk]) : chunk
    this.#rest = Buffer.alloc(0)
    while (bytes.length) {
      if (!this.#wanted) this.#wanted = this.#lengthOf(bytes)
      if (!this.#wanted) {
        this.#rest = bytes
        return
      }
      const part = bytes.subarray(0, this.#wanted - this.#gathered)
      bytes = bytes.subarray(part.length)
      this.#parts.push(part)
      this.#gathered += part.length
      if (this.#gathered < this.#wanted) return
      const packet = this.#parts.length === 1 ? part : Buffer.concat(this.#parts)
      this.#parts = []
      this.#wanted = this.#gathered = 0
      this.#packets++
      yield packet
    }
  }

  /** Of the whole packet; 0 when more bytes are needed to know it. */
  #lengthOf(bytes: Buffer): number {
    const kind = bytes[0]! >> 4
    if (!EXPECTED.has(kind)) throw invalid(`a packet of kind ${kind}`)
    // Nothing was subscribed to with QoS 2: what is sent so would be stored without an end.
    if (kind === PUBLISH && ((bytes[0]! >> 1) & 3) > 1) throw invalid('a message of QoS 2')
    let length = 0
    for (let i = 1; i <= MAX_LENGTH_BYTES; i++) {
      const byte = bytes[i]
      if (byte === undefined) return 0
      length += (byte & 0x7f) * 128 ** (i - 1)
      if (byte & 0x80) continue
      const whole = 1 + i + length
      if (whole > this.allowance.maxBytes) throw invalid(`a packet of ${whole} bytes`)
      return whole
    }
    throw invalid('a packet of impossible length')
  }

  #count(bytes: number): void {
    const nowMs = this.nowMs()
    if (nowMs - this.#since > TEN_MS) {
      this.#since = nowMs
      this.#bytes = this.#packets = 0
    }
    this.#bytes += bytes
    const { maxBytesPerTen, maxPacketsPerTen } = this.allowance
    if (this.#bytes > maxBytesPerTen || this.#packets > maxPacketsPerTen)
      throw invalid(`${this.#packets} packets with ${this.#bytes} bytes within ten seconds`)
  }
}

const invalid = (what: string) => new VerbatimError('MESSAGE_INVALID', `the broker sends ${what}`)
