/**
 * `ftyp` and `moov`: the head of every segment file, so that each plays on its own, from 0, in any player.
 * Where the segment stands in the hearing is said in a `uuid` box beside them, so that a file can be placed on the
 * hearing's time line even when everything else is lost.
 */
import { box, fullBox } from './box.ts'
import { join, u8, u16, u32, u64, utf8 } from './bytes.ts'
import { type Codec, timescaleOf } from './codec.ts'

export interface HeadOptions {
  codec: Codec
  /** Name a player shows for the track. */
  label: string
  /** Wall time of the first sample. */
  utcMs: number
  /** By how much the samples' composition offsets are written late; 0 for frames in the order they are shown. */
  delayTicks: number
  place: SegmentPlace
}

/** Content of the `uuid` box, as JSON. */
export interface SegmentPlace {
  format: 'verbatim-segment/1'
  hearing: string
  track: string
  /** Start of the segment on the hearing's media time line, in ticks of the track's time scale. */
  startTicks: number
  utc: string
}

/** Sixteen letters are a UUID too. */
export const SEGMENT_UUID = utf8('verbatim-segment')

/** MP4 counts seconds from 1904-01-01. */
const EPOCH_1904_S = 2_082_844_800
const MATRIX = u32(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
const DATA_IN_THIS_FILE = box('dinf', fullBox('dref', 0, 0, u32(1), fullBox('url ', 0, 1)))

const sampleEntry = (codec: Codec): Uint8Array => {
  if ('rate' in codec) {
    const [type, config] = codec.name === 'opus' ? ['Opus', 'dOps'] : ['fLaC', 'dfLa']
    const body = codec.name === 'opus' ? box(config, codec.config) : fullBox(config, 0, 0, codec.config)
    const bits = codec.name === 'opus' ? 16 : codec.bits
    return box(type, u32(0), u16(0, 1), u32(0, 0), u16(codec.channels, bits, 0, 0), u32(codec.rate * 65_536), body)
  }
  const [type, config] = codec.name === 'h264' ? ['avc1', 'avcC'] : ['hvc1', 'hvcC']
  const compressor = new Uint8Array(32)
  return box(
    type,
    u32(0),
    u16(0, 1),
    u32(0, 0, 0, 0),
    u16(codec.width, codec.height),
    u32(0x480000, 0x480000, 0),
    u16(1),
    compressor,
    u16(24, 0xffff),
    box(config, codec.config),
  )
}

const sampleTable = (codec: Codec): Uint8Array =>
  box(
    'stbl',
    fullBox('stsd', 0, 0, u32(1), sampleEntry(codec)),
    fullBox('stts', 0, 0, u32(0)),
    fullBox('stsc', 0, 0, u32(0)),
    fullBox('stsz', 0, 0, u32(0, 0)),
    fullBox('stco', 0, 0, u32(0)),
  )

/**
 * Takes the delay back (ISO/IEC 14496-12, 8.6.6): the track begins there, and lasts as long as there are fragments.
 * Negative offsets instead would be legal, but FFmpeg, and Chromium with it, then shows the track late.
 */
const editList = (delayTicks: number): Uint8Array[] =>
  delayTicks ? [box('edts', fullBox('elst', 0, 0, u32(1, 0, delayTicks), u16(1, 0)))] : []

export const segmentHead = ({ codec, label, utcMs, delayTicks, place }: HeadOptions): Uint8Array => {
  const audio = 'rate' in codec
  const created = u64(Math.floor(utcMs / 1_000) + EPOCH_1904_S)
  const size = audio ? u32(0, 0) : u32(codec.width * 65_536, codec.height * 65_536)
  const mediaHeader = audio ? fullBox('smhd', 0, 0, u16(0, 0)) : fullBox('vmhd', 0, 1, u16(0, 0, 0, 0))
  return join([
    box('ftyp', utf8('iso6'), u32(1), utf8('iso6mp41dash')),
    box('uuid', SEGMENT_UUID, utf8(JSON.stringify(place))),
    box(
      'moov',
      fullBox(
        'mvhd',
        1,
        0,
        created,
        created,
        u32(1_000),
        u64(0),
        u32(0x10000),
        u16(0x100, 0),
        u32(0, 0),
        MATRIX,
        new Uint8Array(24),
        u32(2),
      ),
      box(
        'trak',
        fullBox(
          'tkhd',
          1,
          3,
          created,
          created,
          u32(1, 0),
          u64(0),
          u32(0, 0),
          u16(0, 0, audio ? 0x100 : 0, 0),
          MATRIX,
          size,
        ),
        ...editList(delayTicks),
        box(
          'mdia',
          fullBox('mdhd', 1, 0, created, created, u32(timescaleOf(codec)), u64(0), u16(0x55c4, 0)),
          fullBox('hdlr', 0, 0, u32(0), utf8(audio ? 'soun' : 'vide'), u32(0, 0, 0), utf8(label), u8(0)),
          box('minf', mediaHeader, DATA_IN_THIS_FILE, sampleTable(codec)),
        ),
      ),
      box('mvex', fullBox('trex', 0, 0, u32(1, 1, 0, 0, 0))),
    ),
  ])
}
