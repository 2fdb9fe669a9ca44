/** What the console's page and the hub say to each other over HTTP: JSON, and server-sent events for what changes. */
import { z } from 'zod'
import { ConfigPatch } from './config-patch.ts'
import { Alarm, AlarmId } from './fleet/alarm.ts'
import { Birth } from './fleet/birth.ts'
import { ReportedConfig } from './fleet/desired.ts'
import { Docket } from './fleet/docket.ts'
import { METRIC_NAMES } from './fleet/metrics.ts'
import { CourtId, DeviceId, FleetText, Utc } from './fleet/name.ts'
import { ORDER_OPS, OrderResult } from './fleet/order.ts'
import { RoomState } from './fleet/room-state.ts'
import { type Severity, Verdict } from './health.ts'

/** viewer: looks; operator: also orders, acknowledges, configures; administrator: also enrols, revokes, has users. */
export const ROLES = ['viewer', 'operator', 'administrator'] as const
export const Role = z.enum(ROLES)
export type Role = z.output<typeof Role>

/** late: silent for longer than two heartbeats; lost: its will came, or it is silent for longer than three. */
export const PRESENCES = ['online', 'late', 'lost', 'disconnected', 'never'] as const
export const SeenPresence = z.enum(PRESENCES)
export type SeenPresence = z.output<typeof SeenPresence>

/** One room in the list. Short keys would save little: it is compressed. */
export const RoomRow = z.object({
  court: CourtId,
  device: DeviceId,
  room: FleetText,
  need: z.number().describe('how much it needs somebody, 0 to 100; the list is sorted by it'),
  presence: SeenPresence,
  verdict: z.union([Verdict, z.literal('unknown')]),
  hearing: z.union([RoomState.shape.hearing, z.literal('unknown')]),
  lamp: z.union([RoomState.shape.lamp, z.literal('unknown')]),
  scheduled: z.boolean().describe('a hearing that must be recorded is on the docket for now'),
  worst: z.string().max(60).describe('code of the gravest alarm that is not silenced; empty without one'),
  alarms: z.int().min(0),
  unacknowledged: z.int().min(0),
  hoursLeft: z.number().nullable(),
  version: z.string().max(60),
  seenAt: Utc.nullable(),
})
export type RoomRow = z.output<typeof RoomRow>

export const CourtRow = z.object({ id: CourtId, name: FleetText, region: FleetText })
export type CourtRow = z.output<typeof CourtRow>

/** What can be wrong with the hub itself, the gravest first; what each means stands in the words of the console. */
export const HUB_FAULTS = [
  'EVENTS_UNKEPT',
  'BROKER_AWAY',
  'HUB_CLOCK_OFF',
  'CERTIFICATE_UNRENEWED',
  'RIGHTS_UNTOLD',
] as const
export type HubFaultCode = (typeof HUB_FAULTS)[number]

export const HubFault = z.object({
  code: z.enum(HUB_FAULTS),
  detail: FleetText.describe('for the engineer'),
  since: Utc.describe('when the hub noticed, by the clocks of the courts'),
})
export type HubFault = z.output<typeof HubFault>

export const Overview = z.object({
  region: FleetText,
  at: Utc,
  courts: z.array(CourtRow),
  rooms: z.array(RoomRow),
  faults: z.array(HubFault).describe('of the hub itself; empty when it is well'),
})
export type Overview = z.output<typeof Overview>

/** An alarm as the hub has it: the device's own, or one that only the hub can raise (`hub: true`). */
export const AlarmRow = z.object({
  court: CourtId,
  device: DeviceId,
  room: FleetText,
  id: AlarmId,
  hub: z.boolean(),
  alarm: Alarm,
  raisedAt: Utc.describe("by the hub's clock"),
  acknowledged: z.object({ by: FleetText, at: Utc, note: FleetText }).nullable(),
  silencedUntil: Utc.nullable(),
  escalatedAt: Utc.nullable(),
})
export type AlarmRow = z.output<typeof AlarmRow>

/** Codes of alarms that the hub raises itself, and what each means. */
export const HUB_ALARMS = {
  DEVICE_LOST: { severity: 'failed', area: 'network', text: 'The room is silent: nobody knows whether it records' },
  NOT_RECORDING: { severity: 'failed', area: 'source', text: 'A hearing is scheduled and nothing is recorded' },
  ROOM_SILENT: { severity: 'degraded', area: 'source', text: 'It records, and no microphone has heard anything' },
  CLOCK_OFF: { severity: 'watch', area: 'clock', text: 'The clock of the room follows no time server, or is wrong' },
  DISK_FULL_SOON: { severity: 'watch', area: 'disk', text: 'The disks will be full soon' },
  CERTIFICATE_EXPIRES: { severity: 'watch', area: 'network', text: 'The certificate of the device expires soon' },
  FIRMWARE_BEHIND: { severity: 'watch', area: 'room', text: 'The software is older than that of most rooms' },
  EVENTS_MISSING: { severity: 'watch', area: 'proof', text: 'Events of the device are missing' },
  WITNESS_CONTRADICTED: { severity: 'failed', area: 'proof', text: 'The device shows another record than before' },
  DEVICE_DOUBLED: { severity: 'degraded', area: 'network', text: 'Two machines speak as this device' },
} as const satisfies Record<string, { severity: z.output<typeof Severity>; area: string; text: string }>
export type HubAlarmCode = keyof typeof HUB_ALARMS

export const EventRow = z.object({
  seq: z.int(),
  kind: z.string(),
  time: Utc,
  receivedAt: Utc,
  data: z.record(z.string(), z.unknown()),
})
export type EventRow = z.output<typeof EventRow>

export const SentOrder = z.object({
  id: z.string(),
  op: z.string(),
  by: FleetText,
  at: Utc,
  result: OrderResult.nullable(),
})
export type SentOrder = z.output<typeof SentOrder>

export const RoomDetail = z.object({
  row: RoomRow,
  birth: Birth.nullable(),
  state: RoomState.nullable(),
  metrics: z.record(z.string(), z.number()).describe('the latest of each'),
  alarms: z.array(AlarmRow),
  events: z.array(EventRow).describe('the latest first, at most 100'),
  reported: ReportedConfig.nullable(),
  wanted: z.object({ rev: z.int(), cfg: ConfigPatch, by: FleetText, at: Utc }).nullable(),
  orders: z.array(SentOrder),
  coverage: z.object({ scheduled: z.int(), recorded: z.int(), audible: z.int() }).describe('hearings, last 30 days'),
  enrolledAt: Utc,
})
export type RoomDetail = z.output<typeof RoomDetail>

/** Averages of ten minutes, the oldest first. */
export const History = z.object({
  metric: z.enum(METRIC_NAMES),
  points: z.array(z.tuple([z.number().describe('Unix seconds'), z.number().nullable()])),
})
export type History = z.output<typeof History>

const NewPassword = z.string().min(10).max(200)
export const Login = z.strictObject({ name: z.string().min(1).max(80), password: z.string().min(1).max(200) })
/** Somebody's own, who knows the present one. */
export const OwnPassword = z.strictObject({
  password: z.string().min(1).max(200),
  newPassword: NewPassword,
})
export const Me = z.object({ name: FleetText, role: Role })
export type Me = z.output<typeof Me>

export const AlarmOrder = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('acknowledge'), note: z.string().max(500).default('') }),
  z.strictObject({
    do: z.literal('silence'),
    minutes: z.number().min(1).max(20_160),
    note: z.string().max(500).default(''),
  }),
  z.strictObject({ do: z.literal('unsilence') }),
])
export type AlarmOrder = z.output<typeof AlarmOrder>

export const NewOrder = z.strictObject({
  op: z.enum(ORDER_OPS),
  args: z.record(z.string().max(40), z.union([FleetText, z.number(), z.boolean()])).default({}),
})
export type NewOrder = z.output<typeof NewOrder>

export const NewConfig = z.strictObject({ cfg: ConfigPatch })
export const NewDocket = z.strictObject({ docket: Docket })

/** Somebody types the code that the appliance shows; `court` may be a new one, with its name. */
export const Enrol = z.strictObject({
  code: z.string().min(12).max(20),
  court: CourtId,
  courtName: z.string().max(120).default(''),
})
export type Enrol = z.output<typeof Enrol>

/** For a shipment: codes that were put into the machines before they left. */
export const EnrolBatch = z.strictObject({ rooms: z.array(Enrol).min(1).max(2_000) })

export const WaitingDevice = z.object({ device: DeviceId, court: FleetText, room: FleetText, askedAt: Utc })
export const EnrolledDevice = z.object({
  device: DeviceId,
  court: CourtId,
  room: FleetText,
  enrolledAt: Utc,
  expires: Utc,
  revokedAt: Utc.nullable(),
})
export type EnrolledDevice = z.output<typeof EnrolledDevice>
export const Enrolment = z.object({
  waiting: z.array(WaitingDevice),
  expected: z.int().describe('codes of shipments that no device has used yet'),
  devices: z.array(EnrolledDevice),
})
export type Enrolment = z.output<typeof Enrolment>

export const AuditRow = z.object({ at: Utc, by: FleetText, what: FleetText, about: FleetText, from: FleetText })
export type AuditRow = z.output<typeof AuditRow>

export const UserRow = z.object({ name: FleetText, role: Role, since: Utc })
export const NewUser = z.strictObject({
  name: z.string().regex(/^[\p{L}\p{N}._-]{1,40}$/u),
  password: NewPassword,
  role: Role,
})

/** Server-sent events of GET /api/live, one JSON object each; several changes of a room within half a second are one. */
export const Live = z.discriminatedUnion('is', [
  z.object({ is: z.literal('rooms'), rooms: z.array(RoomRow) }),
  z.object({ is: z.literal('gone'), devices: z.array(DeviceId) }).describe('revoked: no longer in the list'),
  z.object({ is: z.literal('courts'), courts: z.array(CourtRow) }),
  z.object({ is: z.literal('alarms'), alarms: z.array(AlarmRow) }).describe('raised or changed'),
  z.object({ is: z.literal('cleared'), alarms: z.array(z.object({ device: DeviceId, id: AlarmId })) }),
  z
    .object({ is: z.literal('hub'), faults: z.array(HubFault) })
    .describe('of the hub itself: all; empty when it is well'),
])
export type Live = z.output<typeof Live>

export const ApiError = z.object({ code: z.string(), text: FleetText })
export type ApiError = z.output<typeof ApiError>

/** Every address of the console's API: who may, what goes in, what comes out. */
export const API = {
  login: { method: 'POST', path: '/api/login', role: null, body: Login, answer: Me },
  logout: { method: 'POST', path: '/api/logout', role: 'viewer', body: null, answer: null },
  me: { method: 'GET', path: '/api/me', role: 'viewer', body: null, answer: Me },
  password: { method: 'PUT', path: '/api/me/password', role: 'viewer', body: OwnPassword, answer: null },
  overview: { method: 'GET', path: '/api/overview', role: 'viewer', body: null, answer: Overview },
  room: { method: 'GET', path: '/api/rooms/:court/:device', role: 'viewer', body: null, answer: RoomDetail },
  history: {
    method: 'GET',
    path: '/api/rooms/:court/:device/history/:metric',
    role: 'viewer',
    body: null,
    answer: History,
  },
  alarms: { method: 'GET', path: '/api/alarms', role: 'viewer', body: null, answer: z.array(AlarmRow) },
  alarm: {
    method: 'POST',
    path: '/api/rooms/:court/:device/alarms/:id',
    role: 'operator',
    body: AlarmOrder,
    answer: null,
  },
  order: {
    method: 'POST',
    path: '/api/rooms/:court/:device/orders',
    role: 'operator',
    body: NewOrder,
    answer: SentOrder,
  },
  config: { method: 'PUT', path: '/api/rooms/:court/:device/config', role: 'operator', body: NewConfig, answer: null },
  docket: { method: 'PUT', path: '/api/rooms/:court/:device/docket', role: 'operator', body: NewDocket, answer: null },
  enrolment: { method: 'GET', path: '/api/enrolment', role: 'administrator', body: null, answer: Enrolment },
  enrol: { method: 'POST', path: '/api/enrolment', role: 'administrator', body: Enrol, answer: null },
  enrolBatch: { method: 'POST', path: '/api/enrolment/batch', role: 'administrator', body: EnrolBatch, answer: null },
  revoke: { method: 'POST', path: '/api/rooms/:court/:device/revoke', role: 'administrator', body: null, answer: null },
  audit: { method: 'GET', path: '/api/audit', role: 'administrator', body: null, answer: z.array(AuditRow) },
  users: { method: 'GET', path: '/api/users', role: 'administrator', body: null, answer: z.array(UserRow) },
  newUser: { method: 'POST', path: '/api/users', role: 'administrator', body: NewUser, answer: null },
  removeUser: { method: 'DELETE', path: '/api/users/:name', role: 'administrator', body: null, answer: null },
} as const satisfies Record<
  string,
  { method: string; path: string; role: Role | null; body: z.ZodType | null; answer: z.ZodType | null }
>
