// Every launch line is given to the real GStreamer, in a child: the binding cannot end its process in order.
import { spawnSync } from 'node:child_process'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { z } from 'zod'
import { type Encoder, launchLine } from '../../controller/capture/launch.ts'
import { SourceConfig, tracksOf } from '../../controller/wire/config.ts'

const test = suite('launch lines')

const lineOf = (config: z.input<typeof SourceConfig>, encoder: Encoder = 'x264enc'): string =>
  lineOfParsed(SourceConfig.parse(config), encoder)

const lineOfParsed = (source: SourceConfig, encoder: Encoder = 'x264enc'): string => {
  const fds = Object.fromEntries(tracksOf(source).map(({ name }, i) => [name, 10 + i]))
  return launchLine({ source, fds, stalledMs: 3_000, encoder, speechFile: '/tmp/speech of today.wav' })
}

/** Builds the line without playing it; tells which of `names` exist and the asked property of `camera`. */
const build = (line: string, names: string[] = [], property = '') => {
  const program = `
    const { Pipeline } = require('gstreamer-superficial')
    const { line, names, property } = JSON.parse(require('fs').readFileSync(0, 'utf8'))
    let said
    try {
      const pipeline = new Pipeline(line)
      const value = property ? pipeline.findChild(property.split('.')[0])[property.split('.')[1]] : null
      said = { built: true, found: names.map((name) => Boolean(pipeline.findChild(name))), value }
    } catch (fault) {
      said = { built: false, why: String(fault) }
    }
    require('fs').writeSync(1, JSON.stringify(said))
    process.kill(process.pid, 'SIGKILL')`
  const { stdout, stderr } = spawnSync(process.execPath, ['-e', program], {
    input: JSON.stringify({ line, names, property }),
    encoding: 'utf8',
    timeout: 20_000,
  })
  assert.ok(stdout, `GStreamer said nothing: ${stderr}`)
  return JSON.parse(stdout) as { built: boolean; why?: string; found: boolean[]; value: unknown }
}

const tracks = [1, 2].map((channel) => ({ name: `mic-${channel}`, channel }))
const named = { name: 'hall', label: 'Зал "большой" \\ 1! ' }
const video = { ...named, width: 320, height: 180 }
const CONFIGS: Record<string, z.input<typeof SourceConfig>> = {
  rtsp: { kind: 'rtsp', ...named, url: 'rtsp://10.0.0.2:554/stream?channel=1&subtype=0' },
  'rtsp over udp': { kind: 'rtsp', ...named, url: 'rtsp://camera/1', transport: 'udp' },
  'v4l2 raw': { kind: 'v4l2', ...video, device: '/dev/video0' },
  'v4l2 mjpeg': { kind: 'v4l2', ...video, device: '/dev/v4l/by-id/usb-0.1', format: 'mjpeg' },
  'v4l2 h264': { kind: 'v4l2', ...video, device: '/dev/video0', format: 'h264' },
  alsa: { kind: 'alsa', name: 'desk', device: 'hw:CARD=Interface,DEV=0', channels: 6, tracks },
  'alsa flac': { kind: 'alsa', name: 'desk', device: 'hw:1', channels: 2, tracks, codec: 'flac' },
  'rtp L24': { kind: 'rtp', name: 'desk', address: '239.1.2.3', port: 5004, channels: 2, tracks },
  'rtp L16': {
    kind: 'rtp',
    name: 'desk',
    address: '::1',
    port: 5004,
    channels: 8,
    tracks,
    encoding: 'L16',
    rate: 96_000,
  },
  'file video': { kind: 'file', media: 'video', ...named, path: "/srv/old hearings/o'clock.mp4" },
  'file audio': { kind: 'file', media: 'audio', name: 'desk', path: '/srv/суд.wav', channels: 2, tracks },
  'test speech': { kind: 'test', media: 'audio', name: 'desk', tracks, pattern: 'speech' },
}
for (const pattern of ['bars', 'ball', 'black', 'frozen', 'flash'] as const)
  CONFIGS[`test ${pattern}`] = { kind: 'test', media: 'video', ...video, pattern }
for (const pattern of ['tones', 'silence', 'ticks'] as const)
  CONFIGS[`test ${pattern}`] = { kind: 'test', media: 'audio', name: 'desk', tracks, pattern }

for (const [name, config] of Object.entries(CONFIGS))
  test(`${name}: GStreamer builds it, with a valve for each track and a metronome`, () => {
    const valves = tracksOf(SourceConfig.parse(config)).map((track) => `valve-${track.name}`)
    const { built, why, found } = build(lineOf(config), [...valves, 'metronome'])
    assert.ok(built, why)
    assert.equal(
      found,
      [...valves, 'metronome'].map(() => true),
    )
  })

test('credentials reach the camera letter for letter', () => {
  const hostile = [
    'pass word',
    '"',
    '\\',
    '\\"',
    '" ! filesink location=/tmp/x "',
    "it's",
    '$(id)',
    'пароль',
    '!',
    ' x ',
    '\\\\"',
    '{}[]()<>=;,&#%',
    'NULL',
  ]
  for (const password of hostile) {
    const line = lineOf({ kind: 'rtsp', name: 'hall', url: 'rtsp://camera/1', user: `u${password}`, password })
    const { built, why, value } = build(line, [], 'camera.user-pw')
    assert.ok(built, `${password}: ${why}`)
    assert.is(value, password)
    assert.is(build(line, [], 'camera.user-id').value, `u${password}`)
  }
})

test('paths and labels too', () => {
  const path = "/srv/суд 1/o'clock"
  const file = lineOf({ kind: 'file', media: 'video', name: 'hall', path })
  assert.is(build(file, [], 'filesrc0.location').value, path)
  assert.is(build(lineOf({ kind: 'test', media: 'video', ...video }), [], 'textoverlay0.text').value, named.label)
})

test('a sound card keeps two seconds for a computer that is busy', () => {
  const { built, value } = build(lineOf(CONFIGS.alsa!), [], 'interface.buffer-time')
  assert.ok(built)
  assert.is(Number(value), 2_000_000)
})

test('a zero byte does not cut the line short', () => {
  // The configuration refuses it too.
  const source = SourceConfig.parse({ kind: 'rtsp', name: 'hall', url: 'rtsp://camera/1', user: 'u' })
  const line = lineOfParsed({ ...source, password: 'a\0b' } as SourceConfig)
  assert.not.match(line, '\0')
  assert.equal(build(line, ['metronome']).found, [true])
})

test('the configuration refuses what would steer the line', () => {
  const rtsp = { kind: 'rtsp', name: 'hall', url: 'rtsp://camera/1' }
  const alsa = { kind: 'alsa', name: 'desk', device: 'hw:0', channels: 2, tracks }
  const rtp = { kind: 'rtp', name: 'desk', address: '239.1.2.3', port: 5004, channels: 2, tracks }
  const file = { kind: 'file', media: 'video', name: 'hall', path: '/x.mp4' }
  const hostile: [object, string, unknown[]][] = [
    [rtsp, 'name', ['Hall', 'hall ! fakesink', '../etc', 'a--b', '', 'x'.repeat(41), 'a.b', '-a', 7, null]],
    [
      rtsp,
      'url',
      ['http://x/', 'rtsp://a b', 'rtsp://a"', 'rtsp://a\\', 'rtsp://a ! b', 'rtsp://u:p@h/', 'rtsp://', 'rtsp://a\n'],
    ],
    [rtsp, 'latencyMs', [-1, 1e9, '100', Number.NaN]],
    [rtsp, 'transport', ['http', 'tcp ! x']],
    [rtsp, 'extra', [1]],
    [
      { kind: 'v4l2', name: 'hall', device: '/dev/video0' },
      'device',
      ['/dev/video0 ! x', '/etc/passwd', '/dev/a"', '/dev/'],
    ],
    [alsa, 'device', ['hw:0 ! x', 'hw:"0"', 'hw:0}', '', '`id`']],
    [alsa, 'channels', [0, 5, 65, 1.5]],
    [alsa, 'tracks', [[], [{ name: 'A', channel: 1 }], [{ name: 'a', channel: 0 }], [{ name: 'a', channel: 65 }]]],
    [rtp, 'address', ['239.1.2.3 ! x', 'example.org', '']],
    [rtp, 'port', [0, 65_536, '5004']],
    [file, 'path', ['/x"', '/x\\', '/x ! y', '/x\ny', '']],
    [{ kind: 'test', media: 'video', name: 'hall' }, 'pattern', ['smpte', 'ball ! x']],
    [{ kind: 'test', media: 'video', name: 'hall' }, 'width', [0, 1e9, 320.5, '320']],
  ]
  for (const [config, key, values] of hostile)
    for (const value of values)
      assert.is(SourceConfig.safeParse({ ...config, [key]: value }).success, false, `${key} ${JSON.stringify(value)}`)
})

test.run()
