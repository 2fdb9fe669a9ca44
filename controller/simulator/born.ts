/** Who a simulated appliance says it is. */
import { utcText } from '../base/units.ts'
import type { Birth } from '../wire/fleet/birth.ts'
import { METRIC_NAMES } from '../wire/fleet/metrics.ts'
import { ORDER_OPS } from '../wire/fleet/order.ts'
import type { SimulatedRoom } from './room.ts'

export interface Papers {
  /** Public key (age). */
  docketKey: string
  certificateSha256: string | null
  certificateExpires: string | null
}

export const birthOf = (room: SimulatedRoom, papers: Papers, utcMs: number): Birth => ({
  at: utcText(utcMs),
  court: room.court.name,
  room: room.name,
  model: 'Simulated appliance',
  serial: room.serial,
  version: room.version,
  softwareSha256: '0'.repeat(64),
  node: process.versions.node,
  gstreamer: 'none',
  slot: '',
  schema: 1,
  evidenceKey: null,
  ...papers,
  cameras: room.cameras.length,
  microphones: room.microphones.length,
  disks: 2,
  capabilities: [...ORDER_OPS],
  metrics: [...METRIC_NAMES],
})
