/** How the recorder is: one verdict and its reasons. The command line, lamps, pages and telemetry all say this, and no other. */
import { z } from 'zod'

/** From the mildest on. */
export const SEVERITIES = ['watch', 'degraded', 'failed'] as const
export const Severity = z
  .enum(SEVERITIES)
  .describe('watch: nothing is missing, somebody should look; degraded: not all is as it must be; failed: no recording')
export type Severity = z.output<typeof Severity>

/** `network` is whoever the recorder talks to beyond the room: cameras are sources, wherever they hang. */
export const AREAS = ['disk', 'source', 'proof', 'clock', 'power', 'network', 'panel', 'room'] as const
export const Area = z.enum(AREAS).describe('what it is about')
export type Area = z.output<typeof Area>

export const HealthReason = z.object({
  code: z.string().describe('for a program, such as DISK_FAILED'),
  severity: Severity,
  area: Area,
  about: z.string().describe('name of the store, source, track or hearing; empty when it is about the whole room'),
  clerk: z.string(),
  engineer: z.string(),
  toDo: z.string().describe('what the clerk or the administrator should do'),
})
export type HealthReason = z.output<typeof HealthReason>

export const Verdict = z.enum(['good', ...SEVERITIES]).describe('the gravest severity of all reasons')
export type Verdict = z.output<typeof Verdict>

export const Health = z.object({
  verdict: Verdict,
  reasons: z.array(HealthReason).describe('the gravest first'),
})
export type Health = z.output<typeof Health>
