/** Who a device is: said at every connection, retained. */
import { z } from 'zod'
import { METRIC_NAMES } from './metrics.ts'
import { FleetText, Sha256, Utc } from './name.ts'

export const Birth = z.object({
  at: Utc,
  court: FleetText.describe('name of the court, for people'),
  room: FleetText.describe('name of the room, for people; it stands in no topic'),
  model: FleetText,
  serial: FleetText.describe('of the machine; empty when it tells none'),
  version: FleetText.describe('of the software'),
  softwareSha256: Sha256.describe('of the programs as installed'),
  node: FleetText,
  gstreamer: FleetText,
  slot: FleetText.describe('of the system image; empty where there are none'),
  schema: z.literal(1).describe('version of these messages'),
  evidenceKey: Sha256.nullable().describe('id of the key that signs journals; null while it does not answer'),
  docketKey: z.string().max(4_000).describe('public key (age) that a docket is encrypted to'),
  certificateSha256: Sha256.nullable().describe('of the certificate that it connects with; null without TLS'),
  certificateExpires: Utc.nullable(),
  cameras: z.int().min(0),
  microphones: z.int().min(0),
  disks: z.int().min(0),
  capabilities: z.array(z.string().max(40)).max(40).describe('operations that it carries out'),
  metrics: z.array(z.enum(METRIC_NAMES)).max(100).describe('metrics that it sends; units are in their names'),
})
export type Birth = z.output<typeof Birth>
