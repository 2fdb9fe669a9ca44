/** What of a recorder's configuration may be changed from afar: nothing that could lose a recording or hide a fault. */
import { z } from 'zod'

/** Of `limits`, `hearing`, `selfTest`, `disks` and `scrub` in `config.ts`; checked as part of the whole before it counts. */
export const ConfigPatch = z.strictObject({
  room: z.string().min(1).max(80).optional().describe('name of the room'),
  limits: z
    .strictObject({
      silentDbfs: z.number().optional(),
      silentSeconds: z.number().optional(),
      clippingDbfs: z.number().optional(),
      pictureSeconds: z.number().optional(),
    })
    .optional()
    .describe('from where on something is told of'),
  hearing: z
    .strictObject({
      expectedHours: z.number().optional(),
      resumeWithinMinutes: z.number().optional(),
      stopNeedsLongPress: z.boolean().optional(),
    })
    .optional(),
  selfTest: z.strictObject({ dailyAtUtc: z.string().optional(), seconds: z.number().optional() }).optional(),
  disks: z.strictObject({ smartEveryMinutes: z.number().optional(), slowMs: z.number().optional() }).optional(),
  scrub: z.strictObject({ everyMinutes: z.number().optional() }).optional(),
  labels: z
    .record(z.string().max(40), z.string().min(1).max(80))
    .optional()
    .describe('what people call a source or a track, by its name'),
})
export type ConfigPatch = z.output<typeof ConfigPatch>
