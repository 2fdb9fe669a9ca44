/**
 * What of a recorder's configuration may be changed from afar: nothing that could lose a recording or hide a fault.
 * Fields marked `live` are harmless: they are taken at once, also while a hearing is open, and nothing starts anew for
 * them. They say how something is called, and when it is looked at or told of; what is recorded depends on none. All
 * others are policy for a whole hearing: they wait for its end and come with a new start of the recorder.
 */
import { z } from 'zod'

/** The keyword of a harmless field, in the schemas made from this one too. */
export const LIVE = 'x-live'

const live = <T extends z.ZodType>(schema: T, description?: string) =>
  schema.optional().meta({ ...(description ? { description } : {}), [LIVE]: true })

/** Of `limits`, `hearing`, `selfTest`, `disks` and `scrub` in `config.ts`; checked as part of the whole before it counts. */
export const ConfigPatch = z.strictObject({
  room: live(z.string().min(1).max(80), 'name of the room; a hearing that is open keeps the one it began with'),
  limits: z
    .strictObject({
      silentDbfs: live(z.number()),
      silentSeconds: live(z.number()),
      clippingDbfs: live(z.number()),
      pictureSeconds: live(z.number()),
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
  selfTest: z.strictObject({ dailyAtUtc: live(z.string()), seconds: live(z.number()) }).optional(),
  disks: z.strictObject({ smartEveryMinutes: live(z.number()), slowMs: live(z.number()) }).optional(),
  scrub: z.strictObject({ everyMinutes: live(z.number()) }).optional(),
  labels: live(
    z.record(z.string().max(40), z.string().min(1).max(80)),
    'what people call a source or a track, by its name; files of a hearing that is open keep the ones they began with',
  ),
})
export type ConfigPatch = z.output<typeof ConfigPatch>

const isLive = (schema: z.ZodType): boolean => schema.meta()?.[LIVE] === true

const partsOf = (schema: z.ZodType): [string, z.ZodType][] => {
  const inner = schema instanceof z.ZodOptional ? schema.unwrap() : schema
  return inner instanceof z.ZodObject ? (Object.entries(inner.shape) as [string, z.ZodType][]) : []
}

const fields = partsOf(ConfigPatch).flatMap(([name, schema]) => {
  const parts = partsOf(schema)
  return parts.length
    ? parts.map(([part, inner]) => ({ field: `${name}.${part}`, isLive: isLive(inner) }))
    : [{ field: name, isLive: isLive(schema) }]
})

/** Every field, such as `limits.silentDbfs`, and whether it is taken live. */
export const PATCH_FIELDS: ReadonlyMap<string, boolean> = new Map(
  fields.map(({ field, isLive: marked }) => [field, marked]),
)
