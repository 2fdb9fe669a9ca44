/**
 * Finds the whole fragments in a segment file, of which a power cut may have torn the end: reads lengths and types of
 * boxes, and of `moof` only what tells its place in time.
 */
import { VerbatimError } from '../base/error.ts'
import { SEGMENT_UUID, type SegmentPlace } from './head.ts'

/** A whole `[ftyp uuid moov] prft moof mdat` run in a file. */
export interface FoundFragment {
  offset: number
  bytes: number
  seq: number
  /** Decode time of its first sample, in ticks of the track, from the start of the segment. */
  startTicks: number
  durationTicks: number
  samples: number
}

/** Reads `length` bytes at `offset`, fewer at the end of the file. */
export type ReadAt = (offset: number, length: number) => Promise<Uint8Array>

/** `moof` and `moov` are read into memory; ours have a few kilobytes. */
const MAX_PARSED_BYTES = 4 << 20
const text = new TextDecoder('latin1')

interface Box {
  type: string
  /** Whole length, header included. */
  bytes: number
}

/** Length and type of the box that starts at `at`; null when fewer than 8 bytes are left. Throws BOX_INVALID. */
export const boxAt = (bytes: Uint8Array, at: number): Box | null => {
  if (bytes.length - at < 8) return null
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, 8)
  const length = view.getUint32(0)
  const type = text.decode(bytes.subarray(at + 4, at + 8))
  // 64-bit and to-the-end lengths are legal in MP4; Verbatim never writes them.
  if (length < 8 || !/^[\x20-\x7e]{4}$/.test(type))
    throw new VerbatimError('BOX_INVALID', `box of ${length} bytes at ${at}`)
  return { type, bytes: length }
}

/** The boxes inside `bytes`; throws BOX_INVALID when they do not tile it. */
export const boxesIn = (bytes: Uint8Array, from = 0): { type: string; body: Uint8Array }[] => {
  const found: { type: string; body: Uint8Array }[] = []
  let at = from
  while (at < bytes.length) {
    const box = boxAt(bytes, at)
    if (!box || at + box.bytes > bytes.length)
      throw new VerbatimError('BOX_INVALID', `box reaches past its parent at ${at}`)
    found.push({ type: box.type, body: bytes.subarray(at + 8, at + box.bytes) })
    at += box.bytes
  }
  return found
}

const child = (boxes: { type: string; body: Uint8Array }[], type: string): DataView => {
  const body = boxes.find((box) => box.type === type)?.body
  if (!body) throw new VerbatimError('BOX_INVALID', `no ${type}`)
  return new DataView(body.buffer, body.byteOffset, body.byteLength)
}

const readMoof = (moof: Uint8Array): Omit<FoundFragment, 'offset' | 'bytes'> => {
  try {
    const top = boxesIn(moof, 8)
    const traf = boxesIn(top.find((box) => box.type === 'traf')?.body ?? new Uint8Array(0))
    const trun = child(traf, 'trun')
    const samples = trun.getUint32(4)
    let durationTicks = 0
    for (let i = 0; i < samples; i++) durationTicks += trun.getUint32(12 + i * 16)
    return {
      seq: child(top, 'mfhd').getUint32(4),
      startTicks: Number(child(traf, 'tfdt').getBigUint64(4)),
      durationTicks,
      samples,
    }
  } catch (cause) {
    if (cause instanceof RangeError) throw new VerbatimError('BOX_INVALID', 'moof too short', { cause })
    throw cause
  }
}

const inside = (bytes: Uint8Array, ...path: string[]): Uint8Array =>
  path.reduce((parent, type) => {
    const found = boxesIn(parent).find((box) => box.type === type)?.body
    if (!found) throw new VerbatimError('BOX_INVALID', `no ${type}`)
    return found
  }, bytes)

const SAMPLE_ENTRIES: Record<string, string> = { avc1: 'h264', hvc1: 'h265', Opus: 'opus', fLaC: 'flac' }

/** Time scale and codec of a segment file. */
const readMoov = (moov: Uint8Array): { timescale: number; codec: string } => {
  const mdia = inside(moov.subarray(8), 'trak', 'mdia')
  const mdhd = inside(mdia, 'mdhd')
  const stsd = inside(mdia, 'minf', 'stbl', 'stsd')
  if (mdhd.length < 24 || stsd.length < 16) throw new VerbatimError('BOX_INVALID', 'moov too short')
  const timescale = new DataView(mdhd.buffer, mdhd.byteOffset).getUint32(20)
  return { timescale, codec: SAMPLE_ENTRIES[text.decode(stsd.subarray(12, 16))] ?? 'unknown' }
}

/** Other people's `uuid` boxes are none of ours. */
const readPlace = (uuid: Uint8Array): SegmentPlace | null => {
  if (text.decode(uuid.subarray(8, 24)) !== text.decode(SEGMENT_UUID)) return null
  try {
    return JSON.parse(new TextDecoder().decode(uuid.subarray(24))) as SegmentPlace
  } catch (cause) {
    throw new VerbatimError('BOX_INVALID', 'the place of the segment cannot be read', { cause })
  }
}

export interface Scan {
  fragments: FoundFragment[]
  /** Ticks a second and place in the hearing; null when the scan did not start at the file's head. */
  timescale: number | null
  place: SegmentPlace | null
  codec: string
  /** First byte that belongs to no whole fragment. */
  end: number
  /** Why the scan stopped before the end of the file; null when every byte is in a whole fragment. */
  stoppedBy: string | null
}

/** Scans from `from`, a fragment boundary, to the end of the file. Damage ends the scan, it never throws. */
export const scanFragments = async (readAt: ReadAt, size: number, from = 0): Promise<Scan> => {
  const scan: Scan = { fragments: [], timescale: null, place: null, codec: '', end: from, stoppedBy: null }
  let at = from
  let moof: Omit<FoundFragment, 'offset' | 'bytes'> | null = null
  try {
    while (at < size) {
      const box = boxAt(await readAt(at, 8), 0)
      if (!box || at + box.bytes > size) {
        scan.stoppedBy = 'the last box is cut short'
        return scan
      }
      if (box.type === 'moof' || box.type === 'moov' || box.type === 'uuid') {
        if (box.bytes > MAX_PARSED_BYTES) throw new VerbatimError('BOX_INVALID', `${box.type} of ${box.bytes} bytes`)
        const bytes = await readAt(at, box.bytes)
        if (box.type === 'moov') Object.assign(scan, readMoov(bytes))
        else if (box.type === 'uuid') scan.place = readPlace(bytes)
        else moof = readMoof(bytes)
      }
      at += box.bytes
      if (box.type !== 'mdat') continue
      if (!moof) throw new VerbatimError('BOX_INVALID', 'mdat without moof')
      scan.fragments.push({ ...moof, offset: scan.end, bytes: at - scan.end })
      scan.end = at
      moof = null
    }
    if (at > scan.end) scan.stoppedBy = 'the last fragment is cut short'
  } catch (fault) {
    scan.stoppedBy = fault instanceof Error ? fault.message : String(fault)
  }
  return scan
}
