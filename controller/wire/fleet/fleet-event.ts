/**
 * What happened, kept on the device until the hub has it durably: CloudEvents 1.0, structured JSON. Delivery is
 * guaranteed by device and hub, not by a broker: own sequence for life, chained by hash, sent again until acknowledged,
 * duplicates removed by (device, seq).
 */
import { z } from 'zod'
import { FleetText, Sha256, Utc } from './name.ts'

/** Every kind of event, and when it is raised. */
export const FLEET_EVENTS = {
  'recorder-started': 'the recorder was started',
  'recorder-ended': 'the recorder was ended in order',
  'hearing-opened': 'REC began a hearing',
  'went-off-record': 'OFF RECORD',
  'went-on-record': 'REC after OFF RECORD, or a hearing that went on after an interruption',
  'hearing-closed': 'the hearing is closed and its files are whole',
  'alarm-raised': 'something is wrong; `data` is the alarm',
  'alarm-cleared': 'it is no longer',
  'self-tested': 'a whole self-test has ended',
  'config-applied': 'a configuration from the hub is in force',
  'config-refused': 'a configuration from the hub is not in force, and why',
  'order-done': 'an order of the hub was carried out, or refused',
  'docket-received': 'a docket was decrypted and kept',
  'certificate-renewed': 'the device has a new certificate',
  'witness-refused': 'the witness refuses a place of a journal, and why',
  'events-lost':
    'events are missing for good: `why` damaged, with `fromSeq` and `toSeq`, which never come; or refused, with their `count`',
} as const
export type FleetEventKind = keyof typeof FLEET_EVENTS

export const MAX_EVENT_BYTES = 16 << 10

export const FleetEvent = z.object({
  specversion: z.literal('1.0'),
  id: z.string().max(80).describe('DEVICE/SEQ'),
  source: z.string().max(200).describe('/verbatim/COURT/DEVICE'),
  type: z
    .string()
    .regex(/^verbatim\.[a-z-]+\.v1$/)
    .describe('`verbatim.KIND.v1`'),
  time: Utc,
  datacontenttype: z.literal('application/json'),
  seq: z.int().min(1).describe("the device's own number, for life"),
  prev: Sha256.nullable().describe('SHA-256 of the event before, byte for byte as it was sent; null for the first'),
  boot: z.string().max(64),
  urgent: z.boolean().describe('sent before what waits'),
  data: z
    .record(z.string().max(40), z.union([FleetText, z.number(), z.boolean(), z.null()]))
    .describe('flat; never a case, a hearing or the name of a person'),
})
export type FleetEvent = z.output<typeof FleetEvent>

/** What the hub has, durably. The device forgets it then. */
export const EventAck = z.object({
  upto: z.int().min(0).describe('this and all before'),
  ahead: z
    .array(z.int().min(1))
    .max(200)
    .default([])
    .describe('later ones that it has too: those that came last, where there are more'),
  hash: Sha256.optional().describe(
    'SHA-256 of event `upto`, where it has that one: another hash is of another machine',
  ),
})
export type EventAck = z.output<typeof EventAck>
