/**
 * The tree of topics: `verbatim/v1/COURT/DEVICE/{up,down}/...`, and what each message is. Rights, the AsyncAPI document
 * and the parsers of both sides are all made from this one table.
 */
import type { z } from 'zod'
import { FromWitness, ShownPlace } from '../witness.ts'
import { Alarm } from './alarm.ts'
import { Birth } from './birth.ts'
import { CertificateRequest, IssuedCertificates } from './certificate.ts'
import { DesiredConfig, ReportedConfig } from './desired.ts'
import { SealedDocket } from './docket.ts'
import { EventAck, FleetEvent } from './fleet-event.ts'
import { Metrics } from './metrics.ts'
import type { CourtId, DeviceId } from './name.ts'
import { Order, OrderResult } from './order.ts'
import { Presence } from './presence.ts'
import { RoomState } from './room-state.ts'

export const TREE = 'verbatim/v1'
/** Where Home Assistant looks for what there is; the hub alone writes there, when it is asked to. */
export const DISCOVERY = 'homeassistant'

export interface Topic {
  /** Below the device; `+` stands for one level that differs: an alarm's id, an order's. */
  path: string
  qos: 0 | 1
  retain: boolean
  schema: z.ZodType
  what: string
  /** The longest payload, in bytes. */
  maxBytes: number
}

const KIB = 1 << 10

export const TOPICS = {
  presence: {
    ...{ path: 'up/status', qos: 1, retain: true, schema: Presence, maxBytes: KIB },
    what: 'whether it is there; also its will',
  },
  birth: {
    ...{ path: 'up/birth', qos: 1, retain: true, schema: Birth, maxBytes: 16 * KIB },
    what: 'who it is, at each connection',
  },
  state: {
    ...{ path: 'up/state', qos: 1, retain: true, schema: RoomState, maxBytes: 32 * KIB },
    what: 'what goes on in the room, on change and every minute',
  },
  metrics: {
    ...{ path: 'up/metrics', qos: 0, retain: false, schema: Metrics, maxBytes: 4 * KIB },
    what: 'numbers, every half minute',
  },
  alarm: {
    ...{ path: 'up/alarm/+', qos: 1, retain: true, schema: Alarm, maxBytes: 16 * KIB },
    what: 'what is wrong now, by its id; empty when it is no longer',
  },
  event: {
    ...{ path: 'up/event', qos: 1, retain: false, schema: FleetEvent, maxBytes: 16 * KIB },
    what: 'what happened, sent until it is acknowledged',
  },
  place: {
    ...{ path: 'up/witness', qos: 1, retain: true, schema: ShownPlace, maxBytes: 64 * KIB },
    what: 'the latest signed place of a journal, for the witness',
  },
  reported: {
    ...{ path: 'up/config/reported', qos: 1, retain: true, schema: ReportedConfig, maxBytes: 32 * KIB },
    what: 'which configuration is in force',
  },
  result: {
    ...{ path: 'up/cmd/res/+', qos: 1, retain: false, schema: OrderResult, maxBytes: 64 * KIB },
    what: 'what became of an order, by its id',
  },
  renewal: {
    ...{ path: 'up/certificate', qos: 1, retain: false, schema: CertificateRequest, maxBytes: 16 * KIB },
    what: 'asks for a new certificate',
  },
  ack: {
    ...{ path: 'down/event-ack', qos: 1, retain: true, schema: EventAck, maxBytes: 4 * KIB },
    what: 'which events the hub has durably',
  },
  receipt: {
    ...{ path: 'down/witness', qos: 1, retain: true, schema: FromWitness, maxBytes: 64 * KIB },
    what: "the witness' receipt, or why there is none",
  },
  desired: {
    ...{ path: 'down/config/desired', qos: 1, retain: true, schema: DesiredConfig, maxBytes: 32 * KIB },
    what: 'which configuration it should have',
  },
  order: {
    ...{ path: 'down/cmd', qos: 1, retain: false, schema: Order, maxBytes: 8 * KIB },
    what: 'an order of the fixed list',
  },
  docket: {
    ...{ path: 'down/docket', qos: 1, retain: true, schema: SealedDocket, maxBytes: 96 * KIB },
    what: "the day's hearings, encrypted to the device",
  },
  certificate: {
    ...{ path: 'down/certificate', qos: 1, retain: false, schema: IssuedCertificates, maxBytes: 64 * KIB },
    what: 'its new certificates',
  },
} as const satisfies Record<string, Topic>

export type TopicName = keyof typeof TOPICS
export const TOPIC_NAMES = Object.keys(TOPICS) as TopicName[]
export type MessageOf<Name extends TopicName> = z.output<(typeof TOPICS)[Name]['schema']>

/** Nothing longer is taken from anybody: the longest of all topics, and some room for its packet. */
export const MAX_PACKET_BYTES = 128 * KIB

/** @param last the level that stands for `+`, where the topic has one */
export const topicOf = (court: CourtId, device: DeviceId, name: TopicName, last?: string): string => {
  const path: string = TOPICS[name].path
  return `${TREE}/${court}/${device}/${path.endsWith('/+') ? `${path.slice(0, -1)}${last ?? '+'}` : path}`
}

export interface ParsedTopic {
  court: string
  device: string
  name: TopicName
  /** The level that stands for `+`; empty where there is none. */
  last: string
}

/** Of a message there is none with a wildcard, and none with a level that is empty. */
const IS_ODD = /[+#\0]|\/\/|\/$/

/** What a topic says; null when it is none of ours. Whether court and device are known is not asked here. */
export const parseTopic = (topic: string): ParsedTopic | null => {
  const [one, two, court = '', device = '', ...rest] = topic.split('/')
  if (`${one}/${two}` !== TREE || IS_ODD.test(topic)) return null
  const path = rest.join('/')
  const parent = `${rest.slice(0, -1).join('/')}/+`
  const name = TOPIC_NAMES.find((known) => TOPICS[known].path === path || TOPICS[known].path === parent)
  if (!name) return null
  return { court, device, name, last: TOPICS[name].path.endsWith('/+') ? (rest.at(-1) ?? '') : '' }
}

/**
 * Not for tools of IT: what the witness is shown and says names the hearing, and so the case. It cannot be left out, for
 * the signatures in the journal speak for it. The docket is encrypted, and nobody else's all the same.
 */
export const PRIVATE: ReadonlySet<TopicName> = new Set(['place', 'receipt', 'docket'])

/** The trees that a tool of IT may ask for; what is `PRIVATE` is not handed on to it. */
export const READABLE_TREES = [TREE, DISCOVERY] as const

/** What a tool of IT may hear, topic by topic: filters as MQTT writes them. */
export const READABLE_TOPICS: readonly string[] = [
  ...TOPIC_NAMES.filter((name) => !PRIVATE.has(name)).map((name) => topicOf('+', '+', name)),
  `${DISCOVERY}/#`,
]

export const isUp = (name: TopicName): boolean => TOPICS[name].path.startsWith('up/')
