/**
 * Reads what GStreamer's `gdppay` writes (GStreamer Data Protocol 1.0): every sample with its exact time stamps, and the
 * caps when they change. Header of 62 bytes: type at 4, payload length at 6, PTS at 10, duration at 18, flags at 42,
 * DTS at 44; all big endian.
 */
import { VerbatimError } from '../base/error.ts'
import { join } from './bytes.ts'

export type GdpItem =
  | { is: 'caps'; text: string }
  | {
      is: 'sample'
      ptsNs: number
      durationNs: number | null
      key: boolean
      discont: boolean
      header: boolean
      data: Uint8Array
    }

const HEADER_BYTES = 62
const TYPE_BUFFER = 1
const TYPE_CAPS = 2
const TYPE_EVENT_FIRST = 64
const FLAG_DISCONT = 0x40
const FLAG_HEADER = 0x400
const FLAG_DELTA_UNIT = 0x2000
const NONE = 0xffff_ffff_ffff_ffffn
/** A raw 4K frame is 12 MB; no compressed one comes near. */
const MAX_PAYLOAD_BYTES = 32 << 20

const decoder = new TextDecoder()

/** Feed it bytes as they come; it gives whole items. A malformed stream throws SAMPLE_INVALID: the source must restart. */
export class GdpReader {
  #parts: Uint8Array[] = []
  #length = 0
  #wanted = HEADER_BYTES

  push(bytes: Uint8Array): GdpItem[] {
    this.#parts.push(bytes)
    this.#length += bytes.length
    if (this.#length < this.#wanted) return []
    const all = this.#parts.length === 1 ? bytes : join(this.#parts)
    const items: GdpItem[] = []
    let at = 0
    this.#wanted = HEADER_BYTES
    while (all.length - at >= HEADER_BYTES) {
      const view = new DataView(all.buffer, all.byteOffset + at, HEADER_BYTES)
      const payload = checkedPayload(view)
      if (all.length - at < HEADER_BYTES + payload) {
        this.#wanted = HEADER_BYTES + payload
        break
      }
      const item = itemOf(view, all.subarray(at + HEADER_BYTES, at + HEADER_BYTES + payload))
      if (item) items.push(item)
      at += HEADER_BYTES + payload
    }
    this.#parts = at < all.length ? [all.slice(at)] : []
    this.#length = all.length - at
    return items
  }
}

const checkedPayload = (view: DataView): number => {
  const type = view.getUint16(4)
  const payload = view.getUint32(6)
  const known = type === TYPE_BUFFER || type === TYPE_CAPS || type >= TYPE_EVENT_FIRST
  if (view.getUint8(0) !== 1 || !known || payload > MAX_PAYLOAD_BYTES)
    throw new VerbatimError('SAMPLE_INVALID', `version ${view.getUint8(0)}, type ${type}, ${payload} bytes`)
  return payload
}

const itemOf = (view: DataView, payload: Uint8Array): GdpItem | null => {
  const type = view.getUint16(4)
  if (type === TYPE_CAPS) return { is: 'caps', text: decoder.decode(payload).replace(/\0.*$/s, '') }
  if (type !== TYPE_BUFFER) return null
  const pts = view.getBigUint64(10)
  const duration = view.getBigUint64(18)
  const flags = view.getUint16(42)
  return {
    is: 'sample',
    ptsNs: pts === NONE ? Number.NaN : Number(pts),
    durationNs: duration === NONE ? null : Number(duration),
    key: (flags & FLAG_DELTA_UNIT) === 0,
    discont: (flags & FLAG_DISCONT) !== 0,
    header: (flags & FLAG_HEADER) !== 0,
    data: payload,
  }
}
