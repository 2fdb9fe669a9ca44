/** The disk under a store, as the status tells of it. */
import { z } from 'zod'

export const DiskStatus = z.object({
  verdict: z
    .enum(['good', 'watch', 'replace-soon', 'failing', 'failed'])
    .describe('failing: replace it today; only a failed one is left by the recording. Why stands in `health`'),
  writeP95Ms: z.number().nullable().describe('95 of 100 small writes of the last five minutes took at most so long'),
  devices: z
    .array(
      z.object({
        device: z.string(),
        model: z.string(),
        serial: z.string(),
        temperatureC: z.number().nullable(),
        wornPercent: z.number().nullable(),
        hours: z.number().nullable(),
        why: z.string().nullable().describe('why it tells nothing of its health'),
      }),
    )
    .describe('the disks beneath the store; empty until they have been looked at'),
})
export type DiskStatus = z.output<typeof DiskStatus>
