/** What a track holds, as told by GStreamer's caps, and what MP4 needs to know of it. */
import { VerbatimError } from '../base/error.ts'
import { fromHex, join, u8, u16, u32 } from './bytes.ts'

export type Codec =
  | { name: 'h264' | 'h265'; width: number; height: number; config: Uint8Array; framerate: number }
  | { name: 'opus'; rate: number; channels: number; config: Uint8Array }
  | { name: 'flac'; rate: number; channels: number; bits: number; config: Uint8Array }

/** Ticks a second: 90 kHz for pictures as everywhere in MPEG, the sample rate for sound. */
export const timescaleOf = (codec: Codec): number => ('rate' in codec ? codec.rate : 90_000)

/**
 * How long one sample lasts when nothing follows that would tell: a frame of video, a packet of sound; in ticks.
 * Opus packets are 20 ms here, and FLAC blocks FLAC_BLOCK samples.
 */
export const nominalTicks = (codec: Codec): number => {
  if (codec.name === 'opus') return codec.rate / 50
  if (codec.name === 'flac') return FLAC_BLOCK
  return Math.round(90_000 / codec.framerate)
}

/** Samples in a FLAC block: 24 ms at 48 kHz, so that units stay short. */
export const FLAC_BLOCK = 1_152

const field = (caps: string, name: string): string | undefined =>
  new RegExp(`[ ,]${name}=\\((?:int|fraction|buffer|string)\\)"?([^,;" ]+)`).exec(caps)?.[1]

const wholeNumber = (caps: string, name: string, most: number): number => {
  const value = Number(field(caps, name))
  if (!Number.isInteger(value) || value < 1 || value > most)
    throw new VerbatimError('CODEC_UNSUPPORTED', `caps without a ${name} up to ${most}: ${caps.slice(0, 400)}`)
  return value
}

const framerateOf = (caps: string): number => {
  const [over, under] = (field(caps, 'framerate') ?? '25/1').split('/').map(Number)
  const rate = (over ?? 0) / (under ?? 0)
  // Cameras that do not tell their rate say 0/1.
  return rate > 0 && rate <= MAX_FRAMERATE ? rate : 25
}

const configOf = (caps: string): Uint8Array => {
  try {
    return fromHex(field(caps, 'codec_data') || 'none')
  } catch (cause) {
    throw new VerbatimError('CODEC_UNSUPPORTED', `caps without codec_data: ${caps.slice(0, 400)}`, { cause })
  }
}

/** MP4 has 16 bits for the side of a picture. */
const MAX_SIDE = 16_384
const MAX_FRAMERATE = 1_000

const video = (name: 'h264' | 'h265', caps: string): Codec => {
  return {
    name,
    width: wholeNumber(caps, 'width', MAX_SIDE),
    height: wholeNumber(caps, 'height', MAX_SIDE),
    config: configOf(caps),
    framerate: framerateOf(caps),
  }
}

/**
 * dOps of "Encapsulation of Opus in ISOBMFF" 0.8.2. PreSkip 0: the encoder started long before the press, and opusenc has
 * counted its look-ahead in the time stamps already. Mapping family 0 has one or two channels.
 */
const opus = (caps: string): Codec => {
  const channels = wholeNumber(caps, 'channels', 2)
  return { name: 'opus', rate: 48_000, channels, config: join([u8(0, channels), u16(0), u32(48_000), u16(0), u8(0)]) }
}

/** STREAMINFO of the FLAC format, RFC 9639 section 8.2, of a stream whose end is not known. */
const flac = (caps: string): Codec => {
  // MP4 has 16 bits for the rate, FLAC 3 for the channels.
  const rate = wholeNumber(caps, 'rate', 65_535)
  const channels = wholeNumber(caps, 'channels', 8)
  const bits = 24
  const packed = (BigInt(rate) << 44n) | (BigInt(channels - 1) << 41n) | (BigInt(bits - 1) << 36n) // total samples 0: unknown
  const streamInfo = new Uint8Array(34)
  const view = new DataView(streamInfo.buffer)
  view.setUint16(0, FLAC_BLOCK)
  view.setUint16(2, FLAC_BLOCK)
  view.setBigUint64(10, packed)
  return { name: 'flac', rate, channels, bits, config: join([u8(0x80, 0, 0, 34), streamInfo]) }
}

/** Reads the text of GStreamer caps; throws CODEC_UNSUPPORTED. */
export const codecFromCaps = (caps: string): Codec => {
  if (caps.startsWith('video/x-h264')) return video('h264', caps)
  if (caps.startsWith('video/x-h265')) return video('h265', caps)
  if (caps.startsWith('audio/x-opus')) return opus(caps)
  if (caps.startsWith('audio/x-flac')) return flac(caps)
  throw new VerbatimError('CODEC_UNSUPPORTED', `cannot record ${caps.slice(0, 80)}`)
}
