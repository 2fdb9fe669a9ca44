/**
 * What the operator's key signs: text that is the same however a tool spelled the JSON around it. It holds every field
 * that the schema knows, defaults filled in. Where the hub signs a field that an older device does not know, the device
 * finds no valid signature: it does nothing rather than half of what was ordered.
 */
import { canonicalJson } from './canonical-json.ts'
import type { DesiredConfig } from './desired.ts'
import type { SealedDocket } from './docket.ts'
import type { Order } from './order.ts'

type Unsigned<T> = Omit<T, 'sig'>

const payload = (what: string, value: object): string => {
  const { sig: _, ...unsigned } = value as { sig?: string }
  return `verbatim fleet ${what} v1\n${canonicalJson(unsigned)}`
}

export const desiredPayload = (desired: Unsigned<DesiredConfig>): string => payload('configuration', desired)
export const orderPayload = (order: Unsigned<Order>): string => payload('order', order)
export const docketPayload = (docket: Unsigned<SealedDocket>): string => payload('docket', docket)
