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

/**
 * Samples by which the Opus encoder's output lags what went in (its look-ahead at 48 kHz, RFC 7845's usual pre-skip).
 * The track's time stamps are moved back by it instead of asking every player to skip.
 */
export const OPUS_LOOKAHEAD = 312

const field = (caps: string, name: string): string | undefined =>
  new RegExp(`[ ,]${name}=\\((?:int|fraction|buffer|string)\\)"?([^,;" ]+)`).exec(caps)?.[1]

const wholeNumber = (caps: string, name: string): number => {
  const value = Number(field(caps, name))
  if (!Number.isInteger(value) || value < 1)
    throw new VerbatimError('CODEC_UNSUPPORTED', `caps without ${name}: ${caps}`)
  return value
}

const framerateOf = (caps: string): number => {
  const [over, under] = (field(caps, 'framerate') ?? '25/1').split('/').map(Number)
  // Cameras that do not tell their rate say 0/1.
  return over && under ? over / under : 25
}

const video = (name: 'h264' | 'h265', caps: string): Codec => {
  const hex = field(caps, 'codec_data')
  if (!hex) throw new VerbatimError('CODEC_UNSUPPORTED', `${name} without codec_data: ${caps}`)
  return {
    name,
    width: wholeNumber(caps, 'width'),
    height: wholeNumber(caps, 'height'),
    config: fromHex(hex),
    framerate: framerateOf(caps),
  }
}

/** dOps of "Encapsulation of Opus in ISOBMFF" 0.8.2; PreSkip 0, see OPUS_LOOKAHEAD. */
const opus = (caps: string): Codec => {
  const channels = wholeNumber(caps, 'channels')
  return { name: 'opus', rate: 48_000, channels, config: join([u8(0, channels), u16(0), u32(48_000), u16(0), u8(0)]) }
}

/** STREAMINFO of the FLAC format, RFC 9639 section 8.2, of a stream whose end is not known. */
const flac = (caps: string): Codec => {
  const rate = wholeNumber(caps, 'rate')
  const channels = wholeNumber(caps, 'channels')
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
