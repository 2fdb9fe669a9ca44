/** What the operator's key signs: text that is the same however a tool spelled the JSON around it. */
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
