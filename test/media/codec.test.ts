import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { VerbatimError } from '../../controller/base/error.ts'
import { codecFromCaps, nominalTicks, timescaleOf } from '../../controller/media/codec.ts'

const test = suite('codec')

const PARSED =
  'level=(string)1.3, profile=(string)main, width=(int)320, height=(int)180, pixel-aspect-ratio=(fraction)1/1, framerate=(fraction)25/1, interlace-mode=(string)progressive, parsed=(boolean)true'
const H264 = `video/x-h264, codec_data=(buffer)014d400dffe1001e67, stream-format=(string)avc, alignment=(string)au, ${PARSED}`
const H265 = `video/x-h265, stream-format=(string)hvc1, alignment=(string)au, ${PARSED}, codec_data=(buffer)0104080000009808`
const OPUS =
  'audio/x-opus, rate=(int)48000, channels=(int)1, channel-mapping-family=(int)0, stream-count=(int)1, coupled-count=(int)0, streamheader=(buffer)< 4f707573486561640101380180bb0000000000 >'
const FLAC =
  'audio/x-flac, channels=(int)1, rate=(int)48000, streamheader=(buffer)< 7f464c414301000002664c6143, 84000046200000007265 >'

test('reads what GStreamer prints', () => {
  const h264 = codecFromCaps(H264)
  assert.equal([h264.name, timescaleOf(h264), nominalTicks(h264)], ['h264', 90_000, 3_600])
  assert.equal(h264.config, Uint8Array.from(Buffer.from('014d400dffe1001e67', 'hex')))
  assert.ok('width' in h264 && h264.width === 320 && h264.height === 180 && h264.framerate === 25)
  const h265 = codecFromCaps(H265)
  assert.equal([h265.name, h265.config.length], ['h265', 8])
  const opus = codecFromCaps(OPUS)
  assert.equal([opus.name, timescaleOf(opus), nominalTicks(opus), opus.config.length], ['opus', 48_000, 960, 11])
  const flac = codecFromCaps(FLAC)
  assert.equal([flac.name, timescaleOf(flac), nominalTicks(flac), flac.config.length], ['flac', 48_000, 1_152, 38])
})

test('a camera that does not tell its rate counts as one of 25 frames a second', () => {
  for (const rate of ['0/1', '25/0', '-30/1', '1000000/1', 'NaN/1']) {
    const codec = codecFromCaps(H264.replace('25/1', rate))
    assert.is(nominalTicks(codec), 3_600, rate)
  }
  assert.is(nominalTicks(codecFromCaps(H264.replace('25/1', '30000/1001'))), 3_003)
})

test('what cannot be recorded is CODEC_UNSUPPORTED', () => {
  const hostile = [
    '',
    'video/x-h264',
    'video/x-vp8, width=(int)320, height=(int)180',
    'audio/x-raw, rate=(int)48000',
    H264.replace('014d400dffe1001e67', 'zz'),
    H264.replace('014d400dffe1001e67', '014'),
    H264.replace('width=(int)320', 'width=(int)-1'),
    H264.replace('width=(int)320', 'width=(int)70000'),
    H264.replace('width=(int)320', 'width=(int)[ 1, 2147483647 ]'),
    H264.replace('height=(int)180', 'height=(int)1e300'),
    OPUS.replace('channels=(int)1', 'channels=(int)0'),
    OPUS.replace('channels=(int)1', 'channels=(int)300'),
    FLAC.replace('channels=(int)1', 'channels=(int)9'),
    FLAC.replace('rate=(int)48000', 'rate=(int)99999999'),
    `video/x-h264, ${'width=(int)1, '.repeat(100_000)}`,
    'video/x-h264\0\u001b[2J',
  ]
  for (const caps of hostile)
    assert.throws(
      () => codecFromCaps(caps),
      (fault: unknown) => fault instanceof VerbatimError && fault.code === 'CODEC_UNSUPPORTED',
      caps.slice(0, 100),
    )
})

test.run()
