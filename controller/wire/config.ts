import { bech32 } from '@scure/base'
import { z } from 'zod'
import { VerbatimError } from '../base/error.ts'
import { CourtId, DeviceId } from './fleet/name.ts'
import { PANEL_LONG_MS, PANEL_ROLES, type PanelRole } from './panel.ts'

/** Names become folder names on any file system, and topic levels later: lower case, digits, single hyphens. */
const Name = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'lower-case letters, digits and single hyphens, such as "judge-camera"')
  .max(40)

/** No line of a log, terminal or pipeline is broken by it, and no file name ends early. */
const Text = z.string().regex(/^\P{Cc}*$/u, 'text without control characters')

const Label = Text.min(1).max(80)

const common = {
  name: Name.describe('Name of the source; of its track too when it is a camera'),
  label: Label.optional().describe('What people call it'),
  required: z.boolean().default(true).describe('The REC lamp is steady only while every required source is on disk'),
  delayMs: z
    .number()
    .min(0)
    .max(2_000)
    .default(0)
    .describe('How long the device itself takes from light or sound to delivery; moved off its time stamps'),
}

const microphones = z
  .array(
    z.strictObject({
      name: Name.describe('Name of the track'),
      label: Label.optional().describe('Who speaks here'),
      channel: z.int().min(1).max(64).describe('Channel of the interface, counted from 1'),
    }),
  )
  .min(1)
  .max(16)

const audio = {
  ...common,
  tracks: microphones.describe('The microphones, each a track of its own'),
  codec: z.enum(['opus', 'flac']).default('opus').describe('opus: 64 kbit/s a microphone; flac: lossless, 24 bit'),
}

const channels = z.int().min(1).max(64).describe('Channels that arrive')

const pictureSize = {
  width: z.int().min(160).max(3840).default(1280).describe('Pixels'),
  height: z.int().min(90).max(2160).default(720).describe('Pixels'),
  framerate: z.int().min(1).max(60).default(25).describe('Pictures a second'),
}

const RtspSource = z.strictObject({
  kind: z.literal('rtsp'),
  ...common,
  url: z
    .string()
    .regex(/^rtsps?:\/\/[^\s\p{Cc}"\\!@]+$/u, 'rtsp://host[:port]/path, credentials in user and password')
    .describe('rtsp://host[:port]/path, without credentials'),
  user: Text.max(100).optional().describe('Account on the camera'),
  password: Text.max(100).optional().describe('Its password'),
  transport: z.enum(['tcp', 'udp']).default('tcp').describe('How RTP travels'),
  latencyMs: z.int().min(0).max(5_000).default(100).describe('Jitter buffer'),
})

const V4l2Source = z.strictObject({
  kind: z.literal('v4l2'),
  ...common,
  device: z
    .string()
    .regex(/^\/dev(\/(?!\.\.?(\/|$))[\w.:-]+)+$/, 'a device, such as /dev/video0, without ".."')
    .describe('Such as /dev/video0'),
  format: z.enum(['raw', 'mjpeg', 'h264']).default('raw').describe('What the camera delivers'),
  ...pictureSize,
  bitrateKbps: z.int().min(100).max(50_000).default(3_000).describe('Of the encoder, unless the camera delivers h264'),
})

const AlsaSource = z.strictObject({
  kind: z.literal('alsa'),
  ...audio,
  device: z
    .string()
    .regex(/^[\w:=,./-]+$/, 'an ALSA device, such as hw:CARD=Interface')
    .describe('ALSA device, such as hw:CARD=Interface'),
  channels: z
    .literal([1, 2, 3, 4, 6, 8])
    .describe('Channels the interface is opened with; GStreamer offers no other counts for ALSA'),
})

const RtpSource = z.strictObject({
  kind: z.literal('rtp'),
  ...audio,
  address: z
    .union([z.ipv4(), z.ipv6()], 'an IP address; multicast groups are joined')
    .describe('IP address to receive on; a multicast group is joined'),
  port: z.int().min(1).max(65_535).describe('UDP port'),
  encoding: z.enum(['L16', 'L24']).default('L24').describe('AES67 is L24 or L16'),
  rate: z.literal([48_000, 96_000]).default(48_000).describe('Samples a second that arrive; recorded at 48000'),
  channels,
  payloadType: z.int().min(96).max(127).default(97).describe('As the sender announces it'),
  latencyMs: z
    .int()
    .min(0)
    .max(1_000)
    .default(200)
    .describe('Jitter buffer; nobody listens live, so patience costs nothing'),
})

/** Absolute: recorder and workers may run in different folders. */
const path = z
  .string()
  .regex(
    /^\/[^"\\!\p{Cc}]*$/u,
    'an absolute path, such as /srv/verbatim, without quotes, backslashes, exclamation marks and control characters',
  )

const FileVideoSource = z.strictObject({
  kind: z.literal('file'),
  media: z.literal('video'),
  ...common,
  path: path.describe('MP4 or Matroska with H.264 or H.265, played in real time and looped'),
})

const FileAudioSource = z.strictObject({
  kind: z.literal('file'),
  media: z.literal('audio'),
  ...audio,
  path: path.describe('WAV, FLAC, Ogg or MP4, played in real time and looped'),
  channels,
})

const TestVideoSource = z.strictObject({
  kind: z.literal('test'),
  media: z.literal('video'),
  ...common,
  ...pictureSize,
  pattern: z.enum(['bars', 'ball', 'black', 'frozen', 'flash']).default('ball').describe('What is drawn'),
  bitrateKbps: z.int().min(100).max(50_000).default(1_000).describe('Of the encoder'),
})

const TestAudioSource = z.strictObject({
  kind: z.literal('test'),
  media: z.literal('audio'),
  ...audio,
  pattern: z
    .enum(['tones', 'speech', 'silence', 'ticks'])
    .default('tones')
    .describe('tones: each channel its own, 400 Hz upward in steps of 100'),
})

export const SourceConfig = z.discriminatedUnion('kind', [
  RtspSource,
  V4l2Source,
  AlsaSource,
  RtpSource,
  z.discriminatedUnion('media', [FileVideoSource, FileAudioSource]),
  z.discriminatedUnion('media', [TestVideoSource, TestAudioSource]),
])
export type SourceConfig = z.output<typeof SourceConfig>

/** One separately recorded camera or microphone. */
export interface TrackConfig {
  name: string
  label: string
  media: 'video' | 'audio'
  /** Name of the source that delivers it. */
  source: string
  /** Channel of the interface, counted from 1; 0 for a camera. */
  channel: number
}

/** The tracks a source delivers: one for a camera, one a microphone for an audio interface. */
export const tracksOf = (source: SourceConfig): TrackConfig[] =>
  'tracks' in source
    ? source.tracks.map((track) => ({
        name: track.name,
        label: track.label ?? track.name,
        media: 'audio' as const,
        source: source.name,
        channel: track.channel,
      }))
    : [{ name: source.name, label: source.label ?? source.name, media: 'video', source: source.name, channel: 0 }]

export const Limits = z.strictObject({
  silentDbfs: z.number().min(-100).max(0).default(-45).describe('A microphone below this is silent'),
  silentSeconds: z.number().min(1).max(3_600).default(120).describe('Silence for so long is reported'),
  clippingDbfs: z.number().min(-20).max(0).default(-0.1).describe('Peaks above this are clipping'),
  stalledSeconds: z
    .number()
    .min(1)
    .max(30)
    .default(3)
    .describe('A source that delivers nothing for so long is stalled'),
  pictureSeconds: z.number().min(1).max(60).default(5).describe('A picture black or frozen for so long is reported'),
})
export type Limits = z.output<typeof Limits>

const HearingPolicy = z.strictObject({
  expectedHours: z.number().min(0.01).max(24).default(4).describe('REC is refused when less than this fits'),
  afterInterruption: z
    .enum(['resume', 'close'])
    .default('resume')
    .describe('What becomes of an open hearing after a crash or power cut'),
  onLowBattery: z
    .enum(['close', 'keep'])
    .default('close')
    .describe(
      'What becomes of an open hearing when the battery ends: closed in order; or left open in order, and then as after an interruption',
    ),
  resumeWithinMinutes: z.number().min(0).max(1_440).default(60).describe('Older interruptions are closed, not resumed'),
  stopNeedsLongPress: z
    .boolean()
    .default(true)
    .describe(`STOP on a panel counts when it is held for ${PANEL_LONG_MS / 1_000} s; a shorter one ends nothing`),
})

const FileIdentity = z
  .strictObject({ kind: z.literal('file') })
  .describe('In the file `device/key.pem` of the state folder; made on the first start')

const TokenIdentity = z.strictObject({
  kind: z.literal('pkcs11'),
  module: path.describe('PKCS#11 library of the token, such as /usr/lib/x86_64-linux-gnu/pkcs11/libtpm2_pkcs11.so'),
  tokenLabel: Label.describe('Label of the token'),
  keyLabel: Label.describe('Label of its Ed25519 key pair'),
  pinFile: path.describe('File that holds the PIN and nothing else, for the recorder alone to read'),
})

export const IdentityConfig = z.discriminatedUnion('kind', [FileIdentity, TokenIdentity])
export type IdentityConfig = z.output<typeof IdentityConfig>

const Store = z.strictObject({
  name: Name.describe('Name of the store, as the journal tells it'),
  path: path.describe('Folder on a disk of its own'),
  device: z
    .string()
    .regex(/^\/dev(\/(?!\.\.?(\/|$))[\w.:+@-]+)+$/, 'a device, such as /dev/disk/by-id/ata-MODEL_SERIAL, without ".."')
    .max(200)
    .optional()
    .describe('Its disk, whole; told of when another is mounted. Found from the mount when left out'),
  bay: z
    .literal([1, 2])
    .optional()
    .describe('Bay that the disk sits in: its fault line speaks for this store. The place in this list when left out'),
})

/** Credentials stand in no address: it is told in logs. */
const httpAddress = z
  .string()
  .max(300)
  .regex(/^https?:\/\/[^\s\p{Cc}"\\@]+$/u, 'http://host[:port]/path or https://..., without credentials')

const Witness = z.strictObject({
  url: httpAddress.describe('Where signed places are shown to the witness, by POST'),
  trust: z
    .string()
    .regex(/^[0-9a-f]{64}$/, '64 lower-case hex digits')
    .optional()
    .describe("Id of the witness' key; without it the first key that answers is kept"),
})

const Timestamps = z.strictObject({
  url: httpAddress.describe('The time-stamping authority (RFC 3161 over HTTP)'),
  everyMinutes: z.int().min(1).max(1_440).default(60).describe('Between two stamps, beside opening and closing'),
})

const SelfTest = z.strictObject({
  atStart: z.boolean().default(true).describe('A whole self-test, with a trial recording, soon after the start'),
  dailyAtUtc: z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day such as "01:00"')
    .default('01:00')
    .describe('And each day at this time (UTC), or as soon after it as no hearing is open'),
  seconds: z.number().min(2).max(30).default(4).describe('Length of the trial recording'),
})

/** Best a link that udev makes: the kernel's own names change from start to start. */
const PanelConfig = z.strictObject({
  path: path.describe('Serial port, such as /dev/verbatim/panel-clerk'),
  role: z
    .enum(PANEL_ROLES)
    .default('clerk')
    .describe("As the panel's straps say: the clerk's, the judge's lamp, or a second one"),
})

const Disks = z.strictObject({
  smartEveryMinutes: z
    .number()
    .min(0)
    .max(100_000)
    .default(30)
    .describe('Between two looks at what each disk says of its health; 0 for never'),
  slowMs: z
    .number()
    .min(1)
    .max(60_000)
    .default(500)
    .describe('A disk is slow when 95 of 100 small writes of the last five minutes take longer'),
})

const BoardConfig = z.strictObject({
  profile: path.describe('Board profile: which line is where; `hardware/profiles` has some'),
})

const Ups = z.strictObject({
  host: z
    .string()
    .regex(/^[A-Za-z0-9.:-]+$/, 'a host name or an IP address')
    .max(253)
    .default('127.0.0.1')
    .describe('Where `upsd` of Network UPS Tools listens'),
  port: z.int().min(1).max(65_535).default(3_493).describe('Its TCP port'),
  name: z
    .string()
    .regex(/^[A-Za-z0-9_.-]+$/, 'letters, digits, dots, hyphens and underscores')
    .max(80)
    .describe('Name of the UPS there, as `upsc -l` prints it'),
})

const Power = z.strictObject({
  batteryMinutes: z
    .number()
    .min(1)
    .max(1_440)
    .optional()
    .describe('How long the battery carries everything, for the forecast, where no UPS tells it'),
  reserveMinutes: z
    .number()
    .min(0)
    .max(60)
    .default(3)
    .describe(
      'On battery the hearing is ended in order when the forecast is so short, or the battery says that it is low',
    ),
  camerasOnBattery: z
    .boolean()
    .default(true)
    .describe('Whether the cameras keep their power while there is no mains; off makes the battery last for the sound'),
  powerOff: z
    .array(Text.min(1).max(400))
    .min(1)
    .max(20)
    .default(['systemctl', 'poweroff'])
    .describe('Program and arguments that switch the machine off when everything is closed'),
})

const OwnMqtt = z
  .strictObject({
    url: z
      .string()
      .max(300)
      .regex(/^mqtts?:\/\/[^\s\p{Cc}"\\@/]+$/u, 'mqtts://host:port, without credentials')
      .describe('Address of the broker'),
    court: CourtId.describe('Level of the topics'),
    device: DeviceId.describe('Level of the topics, client id, and common name of the certificate'),
    ca: path.optional().describe('PEM: whose certificate the broker must have'),
    cert: path.optional().describe('PEM: the certificate to connect with'),
    key: path.optional().describe('PEM: its key'),
    operatorKey: z
      .base64()
      .length(44)
      .optional()
      .describe('Ed25519, raw: whose orders and configuration count; none without it'),
  })
  .describe('Where the court has certificates of its own: nothing is enrolled then')

const Fleet = z.strictObject({
  hub: httpAddress
    .optional()
    .describe('Where the hub takes devices into the fleet, such as https://hub.court.example:8443'),
  codeFile: path
    .optional()
    .describe('File with the one-time code that a shipment has; without it the recorder makes one and shows it'),
  mqtt: OwnMqtt.optional(),
  outbox: z
    .strictObject({
      events: z.int().min(100).max(10_000_000).default(1_000_000).describe('More that wait for the hub are not taken'),
      diskPercent: z
        .number()
        .min(0.01)
        .max(50)
        .default(5)
        .describe('Nor beyond this share of the disk that holds `stateDir`'),
    })
    .prefault({})
    .describe('How much is kept for a hub that is away'),
  metricsSeconds: z.number().min(1).max(3_600).default(30).describe('Between two sets of numbers'),
  reboot: z
    .array(Text.min(1).max(400))
    .min(1)
    .max(20)
    .default(['systemctl', 'reboot'])
    .describe('Program and arguments that start the machine again'),
})
export type FleetConfig = z.output<typeof Fleet>

interface Contradiction {
  at: (string | number)[]
  message: string
}

interface Whole {
  fleet?: FleetConfig | undefined
  stores: z.output<typeof Store>[]
  sources: SourceConfig[]
  panels: z.output<typeof PanelConfig>[]
}

/** Names that files beside those of sources and tracks have. */
const TAKEN_SOURCES = ['recorder']
/** Folders beside the tracks' own. */
const TAKEN_TRACKS = ['index', 'sealed']

/** What each part allows and the whole does not. */
const contradictions = ({ sources, stores, panels, fleet }: Whole): Contradiction[] => [
  ...(fleet && !fleet.hub === !fleet.mqtt
    ? [{ at: ['fleet'], message: 'either the address of a hub, or of a broker with certificates' }]
    : []),
  ...(fleet?.mqtt?.url.startsWith('mqtts:') && !(fleet.mqtt.ca && fleet.mqtt.cert && fleet.mqtt.key)
    ? [{ at: ['fleet', 'mqtt'], message: 'mqtts needs ca, cert and key' }]
    : []),
  ...sources.flatMap((source, i) => [
    ...taken(source.name, TAKEN_SOURCES, ['sources', i, 'name']),
    ...twice(sources.slice(0, i), source, 'name', ['sources', i, 'name']),
    ...('tracks' in source ? ofTracks(source, i) : taken(source.name, TAKEN_TRACKS, ['sources', i, 'name'])),
    ...(source.kind === 'rtsp' && source.password !== undefined && source.user === undefined
      ? [{ at: ['sources', i, 'user'], message: 'a password needs a user' }]
      : []),
  ]),
  ...trackNames(sources),
  ...onOnePort(panels),
  ...stores
    .slice(1)
    .flatMap((store, i) =>
      store.name === stores[0]!.name || tidy(store.path) === tidy(stores[0]!.path)
        ? [{ at: ['stores', i + 1], message: 'two stores need two names and two folders' }]
        : [],
    ),
  ...stores
    .slice(1)
    .flatMap((store, i) => [
      ...((stores[0]!.bay ?? 1) === (store.bay ?? 2)
        ? [{ at: ['stores', i + 1, 'bay'], message: 'two stores need two bays' }]
        : []),
      ...(store.device === undefined ? [] : twice(stores.slice(0, 1), store, 'device', ['stores', i + 1, 'device'])),
    ]),
]

const taken = (name: string, by: readonly string[], at: Contradiction['at']): Contradiction[] =>
  by.includes(name) ? [{ at, message: `"${name}" is a name that the recorder itself uses` }] : []

const onOnePort = (panels: Whole['panels']): Contradiction[] => {
  const paths = panels.map(({ path }) => ({ path: tidy(path) }))
  return paths.flatMap((one, i) => twice(paths.slice(0, i), one, 'path', ['panels', i, 'path']))
}

/** `at` ends with the place of `one` in its list and the key. */
const twice = <T, K extends keyof T>(before: T[], one: T, key: K, at: Contradiction['at']): Contradiction[] => {
  const earlier = before.findIndex((other) => other[key] === one[key])
  if (earlier < 0) return []
  const place = [...at.slice(0, -2), earlier, ...at.slice(-1)].join('.')
  return [{ at, message: `${JSON.stringify(one[key])} is already used at ${place}` }]
}

const ofTracks = (source: Extract<SourceConfig, { tracks: unknown }>, i: number): Contradiction[] =>
  source.tracks.flatMap((track, j) => {
    const at = ['sources', i, 'tracks', j]
    const beyond = 'channels' in source && track.channel > source.channels
    return [
      ...taken(track.name, TAKEN_TRACKS, [...at, 'name']),
      ...twice(source.tracks.slice(0, j), track, 'channel', [...at, 'channel']),
      ...(beyond
        ? [{ at: [...at, 'channel'], message: `channel ${track.channel} of an interface with ${source.channels}` }]
        : []),
    ]
  })

/** Tracks need names of their own across all sources: each has a folder in the hearing. */
const trackNames = (sources: SourceConfig[]): Contradiction[] => {
  const named = sources.flatMap((source, i) =>
    'tracks' in source
      ? source.tracks.map(({ name }, j) => ({ name, camera: false, at: ['sources', i, 'tracks', j, 'name'] }))
      : [{ name: source.name, camera: true, at: ['sources', i, 'name'] }],
  )
  return named.flatMap(({ name, camera, at }, i) => {
    const earlier = named.slice(0, i).find((other) => other.name === name)
    // Two cameras of one name are told of as sources already.
    if (!earlier || (camera && earlier.camera)) return []
    return [{ at, message: `"${name}" is already used at ${earlier.at.join('.')}` }]
  })
}

const Scrub = z.strictObject({
  everyMinutes: z
    .number()
    .min(0)
    .max(100_000)
    .default(10)
    .describe('Pause between two hearings that are read again; 0 for never'),
})

/** A panel as everything but its port calls it: by its role, and a number where there are several of one role. */
export const panelsOf = ({ panels }: Pick<Config, 'panels'>): { name: string; role: PanelRole; path: string }[] =>
  panels.map(({ role, path }, i) => {
    const earlier = panels.slice(0, i).filter((other) => other.role === role).length
    return { name: earlier ? `${role}-${earlier + 1}` : role, role, path }
  })

/** An X25519 recipient, or a post-quantum one (age's specification); Bech32 has a checksum, so no slip of the pen passes. */
const isCourtKey = (key: string): boolean => {
  const { prefix, words } = bech32.decodeUnsafe(key, false) ?? { prefix: '', words: [] }
  const bytes = bech32.fromWordsUnsafe(words)?.length ?? 0
  return (prefix === 'age' && bytes === 32) || (prefix === 'age1pq' && bytes > 32)
}

const Seals = z.strictObject({
  courtKey: z
    .string()
    .max(4_000)
    .refine(isCourtKey, 'a public key of age, such as age1... as age-keygen prints it')
    .optional()
    .describe(
      "The court's public key (age): once a hearing is closed, what is sealed is encrypted to it and taken out of the media. Whoever loses the private key loses what is sealed",
    ),
})

/** One spelling for one folder. */
const tidy = (path: string): string => path.replaceAll(/\/+(\.?\/)*/g, '/').replace(/\/$/, '')

export const Config = z
  .strictObject({
    court: Label.describe('Name of the court, as it stands in the journal'),
    room: Label.describe('Name of the room; part of the name of each hearing folder'),
    runtimeDir: path.describe(
      'Sockets and worker files; gone after a reboot, such as /run/verbatim. The systemd units know that one only',
    ),
    stateDir: path.describe('Settings and the register of hearings, such as /var/lib/verbatim'),
    stores: z.array(Store).min(1).max(2).describe('Folders on two different disks; the first is read first'),
    sources: z.array(SourceConfig).min(1).max(16).describe('Cameras and audio interfaces'),
    segmentSeconds: z.int().min(4).max(300).default(300).describe('Longest segment file; the requirement is 5 minutes'),
    workers: z.enum(['spawn', 'systemd']).default('spawn').describe('systemd: every worker is a unit of its own'),
    limits: Limits.prefault({}).describe('From where on something is told of'),
    hearing: HearingPolicy.prefault({}).describe('Policy of the court'),
    identity: IdentityConfig.prefault({ kind: 'file' }).describe('Where the key lies that signs the journals'),
    selfTest: SelfTest.prefault({}).describe('When the recorder tests itself'),
    disks: Disks.prefault({}).describe('How the disks are watched'),
    scrub: Scrub.prefault({}).describe('Earlier hearings are read again in the calm between hearings'),
    panels: z.array(PanelConfig).max(4).default([]).describe('Front panels and lamps, each on a serial port'),
    seals: Seals.prefault({}).describe('What is sealed by order'),
    witness: Witness.optional().describe('Who is shown every signed place of the journal'),
    timestamps: Timestamps.optional().describe('Who stamps the journal with the time'),
    board: BoardConfig.optional().describe('Lines for mains, battery, disk bays, case and temperature'),
    ups: Ups.optional().describe('A UPS that Network UPS Tools (NUT) watches'),
    power: Power.prefault({}).describe('What is done without mains'),
    fleet: Fleet.optional().describe('The hub that IT sees this recorder through; off when left out'),
  })
  .superRefine((config, context) => {
    for (const { at, message } of contradictions(config)) context.addIssue({ code: 'custom', path: at, message })
  })
export type Config = z.output<typeof Config>

/** One line for each mistake: `sources.2.url: expected ...`. */
export const describeIssues = (error: z.ZodError): string[] =>
  error.issues.map((issue) => {
    const where = issue.path.map(String).join('.') || '(top)'
    const unknown =
      issue.code === 'unrecognized_keys' ? `unknown key ${issue.keys.map((k) => `"${k}"`).join(', ')}` : ''
    return `${where}: ${unknown || issue.message}`
  })

/** Reads a configuration that was JSON; throws CONFIG_INVALID with a line for each mistake. */
export const parseConfig = (json: unknown): Config => {
  const result = Config.safeParse(json)
  if (result.success) return result.data
  const lines = describeIssues(result.error)
  throw new VerbatimError(
    'CONFIG_INVALID',
    `${lines.length} mistake${lines.length > 1 ? 's' : ''}\n  ${lines.join('\n  ')}`,
  )
}
