import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { VerbatimError } from '../../controller/base/error.ts'
import { panelsOf, parseConfig, tracksOf } from '../../controller/wire/config.ts'

type Json = Record<string, unknown>

const camera = (over: Json = {}): Json => ({ kind: 'rtsp', name: 'judge-camera', url: 'rtsp://192.0.2.1/1', ...over })
const microphones = (over: Json = {}): Json => ({
  kind: 'alsa',
  name: 'microphones',
  device: 'hw:CARD=Interface',
  channels: 6,
  tracks: [{ name: 'judge-mic', channel: 1 }],
  ...over,
})
const network = (over: Json = {}): Json => ({
  kind: 'rtp',
  name: 'microphones',
  address: '239.0.0.1',
  port: 5004,
  channels: 1,
  tracks: [{ name: 'judge-mic', channel: 1 }],
  ...over,
})
const room = (over: Json = {}): Json => ({
  court: 'Court',
  room: 'Room',
  runtimeDir: '/run/verbatim',
  stateDir: '/var/lib/verbatim',
  stores: [{ name: 'store', path: '/srv/1' }],
  sources: [camera()],
  ...over,
})
const withSource = (source: unknown): Json => room({ sources: [source] })

/** The mistakes that are told, one a line, without their indentation. */
const mistakesIn = (json: unknown): string[] => {
  try {
    parseConfig(json)
    return []
  } catch (thrown) {
    assert.instance(thrown, VerbatimError)
    assert.is((thrown as VerbatimError).code, 'CONFIG_INVALID')
    const [head, ...lines] = (thrown as VerbatimError).message.split('\n')
    assert.match(head!, new RegExp(`^${lines.length} mistakes?$`))
    return lines.map((line) => line.trim())
  }
}

test('defaults are those of the requirements', () => {
  const config = parseConfig(room({ sources: [camera(), microphones()] }))
  assert.equal(config.limits, {
    silentDbfs: -45,
    silentSeconds: 120,
    clippingDbfs: -0.1,
    stalledSeconds: 3,
    pictureSeconds: 5,
  })
  assert.is(config.segmentSeconds, 300)
  assert.equal(config.hearing, {
    expectedHours: 4,
    afterInterruption: 'resume',
    resumeWithinMinutes: 60,
    onLowBattery: 'close',
    stopNeedsLongPress: true,
  })
  const [first, second] = config.sources
  assert.ok(first?.kind === 'rtsp' && first.required && first.transport === 'tcp')
  assert.ok(second?.kind === 'alsa' && second.codec === 'opus')
})

test('a camera is one track, an interface one for each microphone', () => {
  const sources = parseConfig(room({ sources: [camera({ label: 'Judge' }), microphones()] })).sources
  assert.equal(sources.flatMap(tracksOf), [
    { name: 'judge-camera', label: 'Judge', media: 'video', source: 'judge-camera', channel: 0 },
    { name: 'judge-mic', label: 'judge-mic', media: 'audio', source: 'microphones', channel: 1 },
  ])
})

test('panels are called by their roles', () => {
  const panels = [{ path: '/dev/a' }, { path: '/dev/b', role: 'judge' }, { path: '/dev/c', role: 'judge' }]
  assert.equal(panelsOf(parseConfig(room({ panels }))), [
    { name: 'clerk', role: 'clerk', path: '/dev/a' },
    { name: 'judge', role: 'judge', path: '/dev/b' },
    { name: 'judge-2', role: 'judge', path: '/dev/c' },
  ])
  assert.equal(parseConfig(room({})).panels, [])
})

const withPanels = (...paths: string[]) => room({ panels: paths.map((path) => ({ path })) })

/** What is wrong, the configuration, and the line that says where it is and what was expected. */
const BROKEN: [string, unknown, RegExp][] = [
  ['nothing', null, /^\(top\): .*expected object, received null/],
  ['a list', [], /^\(top\): .*expected object, received array/],
  ['a word', 'room', /^\(top\): .*expected object, received string/],
  ['no court', room({ court: undefined }), /^court: .*expected string/],
  ['an empty room', room({ room: '' }), /^room: .*>=1/],
  ['a long court', room({ court: 'x'.repeat(81) }), /^court: .*<=80/],
  ['a number for a folder', room({ stateDir: 7 }), /^stateDir: .*expected string, received number/],
  ['a folder with quotes', room({ stateDir: '/a"b' }), /^stateDir: an absolute path, .* without quotes/],
  ['a folder that depends on where one stands', room({ stateDir: 'state' }), /^stateDir: an absolute path/],
  ['sockets beneath a dot', room({ runtimeDir: './run' }), /^runtimeDir: an absolute path/],
  ['a store at home', room({ stores: [{ name: 'a', path: '~/a' }] }), /^stores\.0\.path: an absolute path/],
  ['no folder', room({ stores: [{ name: 'a', path: '' }] }), /^stores\.0\.path: an absolute path/],
  ['a folder that ends early', room({ runtimeDir: '/run\0/verbatim' }), /^runtimeDir: .* control characters/],
  ['a folder of two lines', room({ runtimeDir: '/run\n' }), /^runtimeDir: .* control characters/],
  [
    'a recording that depends on where one stands',
    withSource({ kind: 'file', media: 'video', name: 'a', path: 'a.mp4' }),
    /^sources\.0\.path: an absolute path/,
  ],
  ['a room that clears the screen', room({ room: 'Room\u001b[2J' }), /^room: text without control characters/],
  ['a court that ends early', room({ court: 'Court\0' }), /^court: text without control characters/],
  ['a label of two lines', withSource(camera({ label: 'a\nb' })), /^sources\.0\.label: text without control/],
  ['a URL that ends early', withSource(camera({ url: 'rtsp://h/\0' })), /^sources\.0\.url: rtsp:\/\/host/],
  ['a URL with a hidden character', withSource(camera({ url: 'rtsp://h/\u009b' })), /^sources\.0\.url: rtsp:\/\/host/],
  ['an account of two lines', withSource(camera({ user: 'a\r' })), /^sources\.0\.user: text without control/],
  [
    'a password that ends early',
    withSource(camera({ user: 'a', password: 'a\0b' })),
    /^sources\.0\.password: text without control characters$/,
  ],
  ['no stores', room({ stores: [] }), /^stores: .*>=1/],
  ['three stores', room({ stores: [1, 2, 3].map((n) => ({ name: `s${n}`, path: `/${n}` })) }), /^stores: .*<=2/],
  ['a store without a folder', room({ stores: [{ name: 'a' }] }), /^stores\.0\.path: .*expected string/],
  ['no sources', room({ sources: [] }), /^sources: .*>=1/],
  ['sources by name', room({ sources: { a: camera() } }), /^sources: .*expected array, received object/],
  ['too many sources', room({ sources: Array.from({ length: 5_000 }, () => camera()) }), /^sources: .*<=16/],
  ['a source that is nothing', withSource(null), /^sources\.0: .*expected object, received null/],
  ['no kind', withSource({ name: 'a' }), /^sources\.0\.kind: .*'rtsp' \| 'v4l2' \| 'alsa'/],
  ['a kind there is not', withSource(camera({ kind: 'webcam' })), /^sources\.0\.kind: .*'rtsp' \| 'v4l2' \| 'alsa'/],
  [
    'a file of nothing',
    withSource({ kind: 'file', name: 'a', path: '/a' }),
    /^sources\.0\.media: .*'video' \| 'audio'/,
  ],
  ['a name with spaces', withSource(camera({ name: 'Judge 1' })), /^sources\.0\.name: lower-case letters/],
  ['a name that climbs', withSource(camera({ name: '../../etc' })), /^sources\.0\.name: lower-case letters/],
  ['a name too long', withSource(camera({ name: 'a'.repeat(41) })), /^sources\.0\.name: .*<=40/],
  ['another protocol', withSource(camera({ url: 'http://192.0.2.1/' })), /^sources\.0\.url: rtsp:\/\/host/],
  ['a URL that would end its quotes', withSource(camera({ url: 'rtsp://h/" ! filesink' })), /^sources\.0\.url: rtsp:/],
  ['a transport there is not', withSource(camera({ transport: 'smoke' })), /^sources\.0\.transport: .*"tcp"\|"udp"/],
  [
    'a number as text',
    withSource(camera({ latencyMs: '100' })),
    /^sources\.0\.latencyMs: .*expected number, received string/,
  ],
  ['a delay backward', withSource(camera({ delayMs: -1 })), /^sources\.0\.delayMs: .*>=0/],
  [
    'half a picture a second',
    withSource({ kind: 'v4l2', name: 'a', device: '/dev/video0', framerate: 0.5 }),
    /^sources\.0\.framerate: .*int/,
  ],
  [
    'a device elsewhere',
    withSource({ kind: 'v4l2', name: 'a', device: '/etc/passwd' }),
    /^sources\.0\.device: a device, such as/,
  ],
  ...['/dev/../etc/passwd', '/dev/v4l/../../etc/passwd', '/dev/..', '/dev/./video0'].map(
    (device): [string, unknown, RegExp] => [
      `a device that climbs: ${device}`,
      withSource({ kind: 'v4l2', name: 'a', device }),
      /^sources\.0\.device: a device, such as .* without "\.\."/,
    ],
  ),
  ...['....', '1.2.3', '239.0.0.256', 'abc', ':::', '1:2', 'example.org', '', 7, '::1]@[::1', '::1\0'].map(
    (address): [string, unknown, RegExp] => [
      `an address that is none: ${JSON.stringify(address)}`,
      withSource(network({ address })),
      /^sources\.0\.address: an IP address; multicast groups are joined$/,
    ],
  ),
  ['five channels', withSource(microphones({ channels: 5 })), /^sources\.0\.channels: .*1\|2\|3\|4\|6\|8/],
  ['no microphones', withSource(microphones({ tracks: [] })), /^sources\.0\.tracks: .*>=1/],
  [
    'channel 0',
    withSource(microphones({ tracks: [{ name: 'a', channel: 0 }] })),
    /^sources\.0\.tracks\.0\.channel: .*>=1/,
  ],
  [
    'a channel too many',
    withSource(microphones({ tracks: [{ name: 'a', channel: 7 }] })),
    /^sources\.0\.tracks\.0\.channel: channel 7 of an interface with 6/,
  ],
  ['a codec there is not', withSource(microphones({ codec: 'mp3' })), /^sources\.0\.codec: .*"opus"\|"flac"/],
  ['a port there is not', withSource(network({ port: 70_000 })), /^sources\.0\.port: .*<=65535/],
  ['segments over five minutes', room({ segmentSeconds: 301 }), /^segmentSeconds: .*<=300/],
  ['no number', room({ segmentSeconds: Number.NaN }), /^segmentSeconds: .*received NaN/],
  ['five panels', withPanels('/a', '/b', '/c', '/d', '/e'), /^panels: .*<=4/],
  ['a panel by its bare name', withPanels('ttyUSB0'), /^panels\.0\.path: an absolute path/],
  [
    'two panels on one port',
    withPanels('/dev/a', '/dev//a'),
    /^panels\.1\.path: "\/dev\/a" is already used at panels\.0\.path/,
  ],
  ['a panel without a port', room({ panels: [{ role: 'clerk' }] }), /^panels\.0\.path: .*expected string/],
  [
    'a panel of nobody',
    room({ panels: [{ path: '/dev/a', role: 'jury' }] }),
    /^panels\.0\.role: .*"clerk"\|"judge"\|"second"/,
  ],
  ['a way there is not', room({ workers: 'docker' }), /^workers: .*"spawn"\|"systemd"/],
  ['louder than loud', room({ limits: { silentDbfs: 1 } }), /^limits\.silentDbfs: .*<=0/],
  ['a hearing without length', room({ hearing: { expectedHours: 0 } }), /^hearing\.expectedHours: .*>=0\.01/],
]

for (const [what, json, expected] of BROKEN)
  test(`refused: ${what}`, () => {
    const mistakes = mistakesIn(json)
    assert.is(mistakes.length, 1, mistakes.join('\n'))
    assert.match(mistakes[0]!, expected)
  })

test('addresses, devices and folders that there may be', () => {
  for (const address of ['127.0.0.1', '239.1.2.3', '::1', 'ff02::1', 'FD00::a:1', '::ffff:192.0.2.1'])
    assert.equal(mistakesIn(withSource(network({ address }))), [], address)
  for (const device of [
    '/dev/video0',
    '/dev/v4l/by-path/pci-0000:00:14.0-usb-0:1:1.0-video-index0',
    '/dev/..a',
    '/dev/a..b',
  ])
    assert.equal(mistakesIn(withSource({ kind: 'v4l2', name: 'a', device })), [], device)
  for (const stateDir of ['/', '/srv/зал 1/', "/o'clock", '/a$(b)'])
    assert.equal(mistakesIn(room({ stateDir })), [], stateDir)
  const password = 'пароль "!\\ 密码'
  assert.equal(mistakesIn(withSource(camera({ user: 'ü', password }))), [])
})

test('all mistakes are named at once', () => {
  const mistakes = mistakesIn(
    room({ court: 1, colour: 'red', sources: [camera({ url: 'x' }), microphones({ channels: 5 })] }),
  )
  assert.equal(mistakes.map((line) => line.split(':')[0]).sort(), [
    '(top)',
    'court',
    'sources.0.url',
    'sources.1.channels',
  ])
  assert.is(mistakesIn({}).length, 6)
})

test('unknown keys are refused wherever they stand', () => {
  assert.equal(mistakesIn(room({ colour: 'red' })), ['(top): unknown key "colour"'])
  assert.equal(mistakesIn(withSource(camera({ colour: 'red' }))), ['sources.0: unknown key "colour"'])
  assert.equal(mistakesIn(room({ limits: { loud: 1 } })), ['limits: unknown key "loud"'])
  assert.equal(mistakesIn(room({ stores: [{ name: 'a', path: '/a', size: 1 }] })), ['stores.0: unknown key "size"'])
  const tracks = [{ name: 'a', channel: 1, gain: 3 }]
  assert.equal(mistakesIn(withSource(microphones({ tracks }))), ['sources.0.tracks.0: unknown key "gain"'])
})

test('credentials in a URL are refused, and the message says where they belong', () => {
  for (const url of ['rtsp://user:secret@192.0.2.1/1', 'rtsp://user@192.0.2.1/1', 'rtsps://u:p@h/x']) {
    const [mistake = ''] = mistakesIn(withSource(camera({ url })))
    assert.match(mistake, /^sources\.0\.url: .*credentials in user and password$/)
    assert.not.match(mistake, 'secret')
  }
})

test('names are used once: tracks, sources and stores', () => {
  const twice = mistakesIn(room({ sources: [camera(), camera()] }))
  assert.ok(twice.length > 0)
  for (const mistake of twice) assert.match(mistake, /^sources\.1\.name: "judge-camera" is (already used|used twice)/)
  const tracks = [{ name: 'judge-camera', channel: 1 }]
  assert.equal(mistakesIn(room({ sources: [camera(), microphones({ tracks })] })), [
    'sources.1.tracks.0.name: "judge-camera" is already used at sources.0.name',
  ])
  const same = [
    { name: 'a', path: '/1' },
    { name: 'a', path: '/2' },
  ]
  assert.equal(mistakesIn(room({ stores: same })), ['stores.1: two stores need two names and two folders'])
  const folder = same.map(({ name }, i) => ({ name: `${name}${i}`, path: '/1' }))
  assert.equal(mistakesIn(room({ stores: folder })), ['stores.1: two stores need two names and two folders'])
})

test('what each part allows and the whole does not is named', () => {
  assert.equal(mistakesIn(withSource(camera({ name: 'recorder' }))), [
    'sources.0.name: "recorder" is a name that the recorder itself uses',
  ])
  assert.equal(mistakesIn(withSource(camera({ name: 'index' }))), [
    'sources.0.name: "index" is a name that the recorder itself uses',
  ])
  const onOneChannel = [
    { name: 'judge-mic', channel: 2 },
    { name: 'witness-mic', channel: 2 },
  ]
  assert.equal(mistakesIn(withSource(microphones({ tracks: onOneChannel }))), [
    'sources.0.tracks.1.channel: 2 is already used at sources.0.tracks.0.channel',
  ])
  assert.equal(mistakesIn(withSource(camera({ password: 'secret' }))), ['sources.0.user: a password needs a user'])
  for (const path of ['/srv/1/', '/srv//1', '/srv/./1'])
    assert.equal(
      mistakesIn(
        room({
          stores: [
            { name: 'a', path: '/srv/1' },
            { name: 'b', path },
          ],
        }),
      ),
      ['stores.1: two stores need two names and two folders'],
    )
})

test('a prototype is a key like any other, and changes none', () => {
  const text = JSON.stringify(room()).replace('{', '{"__proto__":{"court":"polluted"},')
  assert.equal(mistakesIn(JSON.parse(text)), ['(top): unknown key "__proto__"'])
  const source = JSON.stringify(room()).replace('"kind"', '"__proto__":{"required":false},"kind"')
  assert.equal(mistakesIn(JSON.parse(source)), ['sources.0: unknown key "__proto__"'])
  assert.equal(mistakesIn(room({ constructor: 1 })), ['(top): unknown key "constructor"'])
  assert.is(({} as Json).court, undefined)
})

test('deep and huge input is refused in a moment', () => {
  let deep: unknown = 1
  for (let i = 0; i < 100_000; i++) deep = [deep]
  const began = performance.now()
  assert.equal(mistakesIn(room({ colour: deep })), ['(top): unknown key "colour"'])
  assert.is(mistakesIn(room({ sources: deep })).length, 1)
  assert.is(mistakesIn(room({ room: 'x'.repeat(10_000_000) })).length, 1)
  assert.is(mistakesIn(withSource(camera({ url: `rtsp://${'a'.repeat(1_000_000)}@` }))).length, 1)
  assert.is(mistakesIn(withSource(camera({ name: `${'a-'.repeat(500_000)}!` }))).length > 0, true)
  assert.ok(performance.now() - began < 5_000)
})

test('the key lies in a file, unless a token is named whole', () => {
  assert.equal(parseConfig(room()).identity, { kind: 'file' })
  const token = {
    kind: 'pkcs11',
    module: '/usr/lib/token.so',
    tokenLabel: 'court',
    keyLabel: 'device',
    pinFile: '/etc/pin',
  }
  assert.equal(parseConfig(room({ identity: token })).identity, token)
  assert.is(mistakesIn(room({ identity: { ...token, pinFile: 'pin' } })).length, 1)
  assert.is(mistakesIn(room({ identity: { kind: 'pkcs11' } })).length, 4)
  assert.is(mistakesIn(room({ identity: { kind: 'file', pin: '1' } })).length, 1)
})

test.run()
