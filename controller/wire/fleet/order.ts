/**
 * Orders to a device: a fixed list. Nothing in it starts, stops, pauses or erases a recording, and nothing will (R33).
 * An order is signed by the operator's key, carried out once by its id, and refused after its time.
 */
import { z } from 'zod'
import { Bytes64, DeviceId, FleetText, Utc } from './name.ts'

/** Every operation, and what it does. */
export const ORDERS = {
  identify:
    'light every lamp of the panels for some seconds: which room is this? Refused while a hearing is open: lamps tell the truth then',
  'self-test': 'test everything, with a trial recording; refused while a hearing is open',
  'send-logs': "the recorder's latest log lines, as the result",
  reboot: 'start the machine again; refused while a hearing is open',
  update: 'install a signed update. This version has no updater: always refused, with `UPDATE_NOT_SUPPORTED`',
} as const
export type OrderOp = keyof typeof ORDERS
export const ORDER_OPS = Object.keys(ORDERS) as [OrderOp, ...OrderOp[]]

/** Why an order was refused or failed, for programs. More may come. */
export const ORDER_FAULTS = {
  HEARING_OPEN: 'a hearing is open; nothing was done',
  UPDATE_NOT_SUPPORTED: 'there is no updater on this machine',
  NO_PANEL: 'no panel answers',
  NOT_YET: 'it is of a time to come: a clock is wrong, here or there',
  SHUTTING_DOWN: 'the recorder is being switched off',
  INTERRUPTED: 'the recorder ended before it was done; order it again',
} as const
export type OrderFault = keyof typeof ORDER_FAULTS

export const OrderId = z.string().regex(/^[A-Za-z0-9_-]{8,40}$/, '8 to 40 letters, digits, hyphens or underscores')

export const Order = z.object({
  device: DeviceId.describe('nobody can show it to another one'),
  id: OrderId.describe('an order with the same id is carried out once'),
  op: z.enum(ORDER_OPS),
  args: z.record(z.string().max(40), z.union([FleetText, z.number(), z.boolean()])).default({}),
  issued: Utc,
  expires: Utc.describe('refused from then on'),
  sig: Bytes64.describe("the operator's, over the payload of `signing.ts`"),
})
export type Order = z.output<typeof Order>

export const OrderResult = z.object({
  id: OrderId,
  op: z.string().max(40),
  at: Utc,
  ok: z.boolean(),
  code: z
    .enum(['done', 'under-way', 'refused', 'expired', 'unsigned', 'unknown', 'malformed', 'failed'])
    .describe('refused: it may not be done now'),
  text: FleetText.describe('for people'),
  fault: z.string().max(40).optional().describe('why it was refused or failed, for programs: see Orders'),
  data: z
    .string()
    .max(48 << 10)
    .optional()
    .describe('what was asked for, such as log lines'),
})
export type OrderResult = z.output<typeof OrderResult>
