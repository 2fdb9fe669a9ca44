/**
 * Whether a device is there: a retained message that its will replaces. A will alone is wrong both ways where brokers
 * form a cluster (none comes, or a false one for a device that is connected elsewhere): so a device that sees itself
 * called lost says `ready` again, and the hub also counts the age of the heartbeat.
 */
import { z } from 'zod'
import { Utc } from './name.ts'

export const Presence = z.object({
  state: z
    .enum(['ready', 'disconnected', 'lost'])
    .describe('ready: connected; disconnected: left in order; lost: the will, by the broker'),
  boot: z.string().max(64).describe('id of the start of the machine'),
  bd: z.int().min(0).describe('counts the connections of this device for life; a will with an older one is stale'),
  heartbeatSeconds: z.int().min(1).max(3_600).describe('something comes at least so often while it is ready'),
  at: Utc.describe("when it was said, or the will was left, by the device's clock"),
})
export type Presence = z.output<typeof Presence>
