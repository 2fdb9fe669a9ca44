/**
 * The GStreamer pipeline of each kind of source, as a launch line.
 *
 * Every track ends in `valve ! gdppay ! fdsink`: the valve is the gate, gdppay keeps each sample's exact time stamps,
 * and the FIFO behind fdsink lets Node take many samples in one read (a callback a sample costs as much as the rest).
 * `identity single-segment=true` turns time stamps into running time, whatever the source's segment says.
 * A small live `metronome` gives the pipeline's base time (see base-time.ts).
 */
import { FLAC_BLOCK } from '../media/codec.ts'
import type { SourceConfig, TrackConfig } from '../wire/config.ts'
import { tracksOf } from '../wire/config.ts'
import { ORDERED_DEVICE } from './alsa-order.ts'

export interface LaunchOptions {
  source: SourceConfig
  /** Opened FIFO of each track, by track name. */
  fds: Record<string, number>
  /** Nothing for so long is a stall (R7). */
  stalledMs: number
  /** Video encoder element for raw pictures. */
  encoder: Encoder
  /** Played by the `speech` test source, see speech.ts. */
  speechFile: string
}

export type Encoder = 'vah264enc' | 'v4l2h264enc' | 'x264enc'

/** Caps inside a launch line. */
const quoted = (caps: string): string => `"${caps.replace(/["\\]/g, '\\$&')}"`

/**
 * Any text as the value of a string property. The line's parser takes off one layer of quotes and backslashes, and the
 * property's own reader another when the text begins with a quote: every unusual byte goes through both as octal.
 */
const literal = (text: string): string => {
  const bytes = [...Buffer.from(text.replaceAll('\0', ''))]
  const usual = (byte: number) => /[\w./:+-]/.test(String.fromCharCode(byte))
  const octal = (byte: number) => `\\${byte.toString(8).padStart(3, '0')}`
  return quoted(`"${bytes.map((byte) => (usual(byte) ? String.fromCharCode(byte) : octal(byte))).join('')}"`)
}

const METRONOME =
  'audiotestsrc is-live=true wave=silence samplesperbuffer=4800 num-buffers=40 ' +
  '! audio/x-raw,rate=48000,channels=1 ! level name=metronome interval=100000000 ! fakesink sync=false async=false'

const finished = (track: string, fds: Record<string, number>): string =>
  `valve name=valve-${track} drop=true ! gdppay ! fdsink fd=${fds[track]} sync=false async=false`

const watch = (stalledMs: number): string => `watchdog timeout=${stalledMs}`

const LOOK = 'videoanalyse name=look message=true ! fakesink sync=false async=false'

/**
 * Video that arrives finished is recorded as it is; only a key frame now and then is decoded, to be looked at: the
 * `glance` opens for one and rests after it (see Pipeline.rest).
 */
const DELIVERED = {
  h264: { rtp: 'H264', caps: 'video/x-h264,stream-format=avc,alignment=au', decoder: 'avdec_h264 max-threads=1' },
  h265: { rtp: 'H265', caps: 'video/x-h265,stream-format=hvc1,alignment=au', decoder: 'avdec_h265 max-threads=1' },
} as const
type Delivered = keyof typeof DELIVERED

/**
 * Where finished video of either codec comes together. Both codecs have a branch, for a camera's is known only once it
 * speaks, and asking it (`parsebin`, `decodebin`) costs a third more than naming both.
 */
const gathered = ({ source, fds, stalledMs }: LaunchOptions): string =>
  `funnel name=picture ! ${watch(stalledMs)} ! identity single-segment=true ! ${finished(source.name, fds)}`

const branch = (from: string, codec: Delivered, place: number): string => {
  const { caps, decoder } = DELIVERED[codec]
  const look = LOOK.replace('name=look', `name=look-${codec}`)
  return (
    `${from} ! ${codec}parse ! ${caps} ! tee name=seen-${codec} seen-${codec}. ! picture.sink_${place} ` +
    `seen-${codec}. ! valve name=glance-${codec} ! identity drop-buffer-flags=delta-unit ! ${decoder} ! ${look}`
  )
}

/** Encoders are told to make a key frame a second, so that a recording starts, cuts and seeks within one. */
const ENCODERS: Record<Encoder, (kbps: number, framerate: number) => string> = {
  x264enc: (kbps, framerate) =>
    `x264enc tune=zerolatency speed-preset=ultrafast threads=1 bitrate=${kbps} key-int-max=${framerate}`,
  vah264enc: (kbps, framerate) => `vah264enc bitrate=${kbps} key-int-max=${framerate} b-frames=0`,
  v4l2h264enc: (kbps, framerate) =>
    `v4l2h264enc extra-controls="controls,video_bitrate=${kbps * 1_000},video_gop_size=${framerate}"`,
}

const raw = (from: string, options: LaunchOptions, kbps: number, framerate: number): string => {
  const { source, fds, stalledMs, encoder } = options
  return (
    `${from} ! ${watch(stalledMs)} ! identity single-segment=true ! tee name=seen ` +
    // The valve stands before the encoder: an idle camera costs no encoding.
    `seen. ! valve name=valve-${source.name} drop=true ! videoconvert ! video/x-raw,format=${encoder === 'x264enc' ? 'I420' : 'NV12'} ` +
    `! ${ENCODERS[encoder](kbps, framerate)} ! h264parse name=key-${source.name} ! video/x-h264,stream-format=avc,alignment=au ` +
    `! identity single-segment=true ! gdppay ! fdsink fd=${fds[source.name]} sync=false async=false ` +
    `seen. ! videorate drop-only=true max-rate=2 ! videoconvert ! ${LOOK}`
  )
}

const soundTrack = (track: TrackConfig, codec: 'opus' | 'flac', fds: Record<string, number>): string => {
  const encode =
    codec === 'opus'
      ? 'opusenc bitrate=64000 frame-size=20'
      : `audioconvert ! audio/x-raw,format=S24_32LE ! flacenc blocksize=${FLAC_BLOCK} streamable-subset=false`
  // Voice detection filters nothing that is recorded: it listens beside.
  const voice =
    'audioconvert ! audio/x-raw,format=S16LE ! audioresample quality=0 ! audio/x-raw,rate=8000 ' +
    `! webrtcdsp name=voice-${track.name} probe=none echo-cancel=false noise-suppression=false gain-control=false ` +
    'high-pass-filter=false limiter=false voice-detection=true ! fakesink sync=false async=false'
  return (
    `channels.src_${track.channel - 1} ! tee name=tee-${track.name} ` +
    `tee-${track.name}. ! ${encode} ! identity single-segment=true ! ${finished(track.name, fds)} tee-${track.name}. ! ${voice}`
  )
}

const sound = (from: string, options: LaunchOptions): string => {
  const { source, fds, stalledMs } = options
  if (!('tracks' in source)) throw new TypeError(`${source.name} is no audio source`)
  const format = source.codec === 'opus' ? 'S16LE' : 'S32LE'
  return (
    `${from} ! ${watch(stalledMs)} ! audioconvert ! audioresample ! audio/x-raw,format=${format},rate=48000 ` +
    // One meter for all channels: a message each would wake the worker six times as often.
    `! identity single-segment=true ! level name=levels interval=500000000 ! deinterleave name=channels ` +
    tracksOf(source)
      .map((track) => soundTrack(track, source.codec, fds))
      .join(' ')
  )
}

const rtsp = (source: Extract<SourceConfig, { kind: 'rtsp' }>, options: LaunchOptions): string => {
  const credentials = source.user ? ` user-id=${literal(source.user)} user-pw=${literal(source.password ?? '')}` : ''
  const camera =
    `rtspsrc name=camera location=${literal(source.url)}${credentials} protocols=${source.transport} ` +
    `latency=${source.latencyMs} tcp-timeout=5000000 timeout=3000000`
  const branches = (['h264', 'h265'] as const).map((codec, i) => {
    const { rtp } = DELIVERED[codec]
    return branch(`camera. ! application/x-rtp,media=video,encoding-name=${rtp} ! rtp${codec}depay`, codec, i)
  })
  return [camera, gathered(options), ...branches].join(' ')
}

const v4l2 = (source: Extract<SourceConfig, { kind: 'v4l2' }>, options: LaunchOptions): string => {
  const size = `width=${source.width},height=${source.height},framerate=${source.framerate}/1`
  const from = `v4l2src device=${literal(source.device)}`
  if (source.format === 'h264') return `${gathered(options)} ${branch(`${from} ! video/x-h264,${size}`, 'h264', 0)}`
  const picture = source.format === 'mjpeg' ? `image/jpeg,${size} ! jpegdec` : `video/x-raw,${size}`
  return raw(`${from} ! ${picture}`, options, source.bitrateKbps, source.framerate)
}

/** `smpte` has a corner of snow, which no frozen picture has; `smpte75` has none. */
const PATTERNS = { bars: 'smpte', ball: 'ball', black: 'black', frozen: 'smpte75', flash: 'black' } as const

const testPicture = (
  source: Extract<SourceConfig, { kind: 'test'; media: 'video' }>,
  options: LaunchOptions,
): string => {
  const clock =
    source.pattern === 'black' || source.pattern === 'frozen'
      ? ''
      : ` ! clockoverlay time-format="%F %T" ! textoverlay valignment=top text=${literal(source.label ?? source.name)}`
  const caps = `video/x-raw,format=I420,width=${source.width},height=${source.height},framerate=${source.framerate}/1`
  return raw(
    `videotestsrc is-live=true pattern=${PATTERNS[source.pattern]} ! ${caps}${clock}`,
    options,
    source.bitrateKbps,
    source.framerate,
  )
}

/** One tone a channel, 400 Hz upward in steps of 100 Hz, so that a wrong order is heard and measured at once. */
export const toneHz = (channel: number): number => 300 + channel * 100

const testSound = (source: Extract<SourceConfig, { kind: 'test'; media: 'audio' }>, options: LaunchOptions): string => {
  if (source.pattern === 'speech') return playedSound(options.speechFile, options)
  const wave = { tones: 'sine', silence: 'silence', ticks: 'ticks' }[source.pattern]
  const count = Math.max(...source.tracks.map((track) => track.channel))
  const channels = Array.from(
    { length: count },
    (_, i) =>
      `audiotestsrc is-live=true wave=${wave} freq=${toneHz(i + 1)} volume=0.3 samplesperbuffer=480 ` +
      '! audio/x-raw,format=S16LE,rate=48000,channels=1 ! mix.',
  )
  return `${sound('interleave name=mix channel-positions-from-input=false', options)} ${channels.join(' ')}`
}

/** `identity sync=true` plays the file at the speed of life; capture.ts seeks back at its end. */
const playedSound = (file: string, options: LaunchOptions): string =>
  sound(`filesrc location=${literal(file)} ! decodebin ! identity sync=true`, options)

const playedPicture = (file: string, options: LaunchOptions): string => {
  const { source, fds, stalledMs } = options
  const either = Object.values(DELIVERED)
    .map(({ caps }) => caps)
    .join(';')
  return (
    `filesrc location=${literal(file)} ! parsebin ! identity sync=true ! capsfilter caps=${quoted(either)} ! ${watch(stalledMs)} ` +
    `! identity single-segment=true ! tee name=seen seen. ! ${finished(source.name, fds)} ` +
    `seen. ! identity drop-buffer-flags=delta-unit ! decodebin ! videoconvert ! ${LOOK}`
  )
}

const rtp = (source: Extract<SourceConfig, { kind: 'rtp' }>, options: LaunchOptions): string => {
  const caps =
    `application/x-rtp,media=audio,encoding-name=${source.encoding},clock-rate=${source.rate},` +
    `channels=${source.channels},payload=${source.payloadType}`
  return sound(
    `udpsrc address=${source.address} port=${source.port} caps=${quoted(caps)} ` +
      `! rtpjitterbuffer latency=${source.latencyMs} ! rtp${source.encoding}depay`,
    options,
  )
}

/**
 * The card itself keeps sound for so long, or as long as it can, when this computer is too busy to fetch it. With the
 * usual 200 ms a REC that came in the middle of a self-test cost every microphone half a second on a slow computer.
 * Nothing is heard later for it: sound is fetched every 10 ms, and its time stamps are the driver's own.
 */
const KEPT_BY_CARD_US = 2_000_000

/** An interface with so many channels, each where the interface has it. */
export const alsaInterface = (channels: number): string =>
  // The sound card must not become the clock: every track follows the system's (R8).
  `alsasrc name=interface device=${ORDERED_DEVICE} provide-clock=false slave-method=skew buffer-time=${KEPT_BY_CARD_US} ` +
  // The device takes any number, so it must be said: unasked, alsasrc takes two, and the others are nowhere.
  `! audio/x-raw,channels=${channels} ! queue max-size-time=5000000000 max-size-buffers=0 max-size-bytes=0`

/** The whole launch line of a source. */
export const launchLine = (options: LaunchOptions): string => {
  const { source } = options
  const line = () => {
    switch (source.kind) {
      case 'rtsp':
        return rtsp(source, options)
      case 'v4l2':
        return v4l2(source, options)
      case 'alsa':
        return sound(alsaInterface(source.channels), options)
      case 'rtp':
        return rtp(source, options)
      case 'file':
        return source.media === 'video' ? playedPicture(source.path, options) : playedSound(source.path, options)
      case 'test':
        return source.media === 'video' ? testPicture(source, options) : testSound(source, options)
    }
  }
  return `${line()} ${METRONOME}`
}
