/** The configuration of a hub: one JSON file. */
import { z } from 'zod'
import { VerbatimError } from '../base/error.ts'
import { describeIssues } from './config.ts'
import { CourtId } from './fleet/name.ts'

const path = z
  .string()
  .regex(/^\/[^\p{Cc}]*$/u, 'an absolute path')
  .max(400)
const port = z.int().min(0).max(65_535)
const host = z
  .string()
  .regex(/^[A-Za-z0-9.:-]+$/, 'a host name or an IP address')
  .max(253)

const EmbeddedBroker = z
  .strictObject({
    kind: z.literal('embedded'),
    host: host.default('0.0.0.0').describe('Address it listens on'),
    port: port.default(8_883).describe('Port for MQTT over TLS; 0 takes a free one'),
    maxDevices: z.int().min(1).max(100_000).default(12_000).describe('More connections at once are refused'),
    maxPerAddress: z
      .int()
      .min(1)
      .max(100_000)
      .optional()
      .describe('From one address; all may share one behind a VPN, so that it is `maxDevices` when left out'),
    messagesPerSecond: z.number().min(1).max(10_000).default(100).describe('From one device; more are held back'),
  })
  .describe('aedes, in the hub itself')

const OutsideBroker = z
  .strictObject({
    kind: z.literal('outside'),
    urls: z
      .array(z.string().regex(/^mqtts?:\/\/[^\s\p{Cc}"\\@/]+$/u, 'mqtts://host:port, without credentials'))
      .min(1)
      .max(10)
      .describe('Where the hub connects; several for the nodes of a cluster'),
    publicUrl: z
      .string()
      .regex(/^mqtts?:\/\/[^\s\p{Cc}"\\@/]+$/u, 'mqtts://host:port')
      .describe('What devices are told at enrolment; mqtts://one:8883,two:8883 for the nodes of a cluster'),
    ca: path.optional().describe("PEM: whom the hub trusts to be the broker; the region's own authority when left out"),
    cert: path
      .optional()
      .describe('PEM: the certificate of the hub, common name "hub"; made by the authority when left out'),
    key: path.optional().describe('PEM: its key'),
    rights: z
      .enum(['mosquitto', 'nats', 'none'])
      .default('none')
      .describe('Which broker is told at once who may not connect any more: its files are written into `home/broker`'),
    reload: z
      .array(z.string().max(400))
      .max(20)
      .default([])
      .describe('Program and arguments that make the broker read those files again'),
  })
  .describe('Mosquitto, a NATS cluster, or another broker, by address and certificates')

const Mail = z.strictObject({
  smtp: z
    .string()
    .regex(/^smtps?:\/\/[^\s\p{Cc}"\\@]+$/u, 'smtp://host:port, without credentials')
    .describe('Where e-mail goes out'),
  user: z.string().max(200).optional(),
  passwordFile: path.optional().describe('File that holds the password and nothing else'),
  from: z.email(),
  to: z.array(z.email()).min(1).max(50),
  from_severity: z.enum(['watch', 'degraded', 'failed']).default('failed').describe('The mildest that is mailed'),
})

const Webhook = z.strictObject({
  url: z.string().regex(/^https?:\/\/[^\s\p{Cc}"\\@]+$/u, 'http(s)://host[:port]/path, without credentials'),
  secretFile: path.optional().describe('File with the key of the HMAC-SHA-256 in `verbatim-signature`'),
  from_severity: z.enum(['watch', 'degraded', 'failed']).default('degraded').describe('The mildest that is told'),
})

export const HubConfig = z.strictObject({
  region: z.string().min(1).max(80).describe('Name of the region, for people'),
  home: path.describe('Keys, certificates, events, settings'),
  web: z
    .strictObject({
      host: host.default('0.0.0.0').describe('Address it listens on'),
      port: port.default(8_443).describe('Console, enrolment, receipts, /metrics; 0 takes a free one'),
      tls: z.boolean().default(true).describe('Off only behind a proxy, or on loopback'),
      names: z.array(host).max(20).default(['localhost']).describe('Names in the certificate of the hub'),
    })
    .prefault({}),
  broker: z.discriminatedUnion('kind', [EmbeddedBroker, OutsideBroker]).prefault({ kind: 'embedded' }),
  courts: z
    .array(z.strictObject({ id: CourtId, name: z.string().min(1).max(120), region: z.string().max(80).default('') }))
    .max(5_000)
    .default([])
    .describe('Courts that rooms can be enrolled in; the console adds others'),
  keep: z
    .strictObject({
      eventDays: z.number().min(1).max(10_000).default(400).describe('Older events are removed'),
      eventGigabytes: z.number().min(0.01).max(10_000).default(50).describe('Beyond it the oldest are removed'),
      historyDays: z.number().min(0.1).max(1_000).default(30).describe('Of metrics, in averages of ten minutes'),
    })
    .prefault({}),
  certificates: z
    .strictObject({
      days: z.number().min(0.01).max(3_650).default(365).describe('How long a device may connect with one'),
    })
    .prefault({}),
  escalation: z
    .strictObject({
      afterMinutes: z
        .number()
        .min(0)
        .max(10_000)
        .default(15)
        .describe('An alarm that nobody acknowledges is told again'),
      lateMinutes: z
        .number()
        .min(0)
        .max(240)
        .default(3)
        .describe('A hearing may begin so much later than the docket says before NOT_RECORDING is raised'),
    })
    .prefault({}),
  mail: Mail.optional(),
  webhooks: z.array(Webhook).max(20).default([]),
  prometheus: z
    .strictObject({
      tokenFile: path.optional().describe('File with the bearer token; without it loopback alone may ask'),
    })
    .prefault({}),
  homeAssistant: z.boolean().default(false).describe('Publish MQTT discovery for Home Assistant'),
})
export type HubConfig = z.output<typeof HubConfig>

/** Reads a configuration that was JSON; throws CONFIG_INVALID with a line for each mistake. */
export const parseHubConfig = (json: unknown): HubConfig => {
  const result = HubConfig.safeParse(json)
  if (result.success) return result.data
  throw new VerbatimError('CONFIG_INVALID', `of the hub\n  ${describeIssues(result.error).join('\n  ')}`)
}
