/** The day's list of hearings of a room. Cases are on MQTT only here, encrypted (age) to the device's own key. */
import { z } from 'zod'
import { Bytes64, DeviceId, Utc } from './name.ts'

const MAX_SEALED_BASE64 = 64 << 10

export const SealedDocket = z.object({
  device: DeviceId,
  rev: z.int().min(1).describe('counts up; an older one is ignored'),
  age: z.base64().max(MAX_SEALED_BASE64).describe('the docket, encrypted by age to `docketKey` of the birth'),
  sig: Bytes64.describe("the operator's, over the payload of `signing.ts`"),
})
export type SealedDocket = z.output<typeof SealedDocket>

export const DocketHearing = z
  .object({
    case: z.string().min(1).max(80),
    startsAt: Utc,
    endsAt: Utc.describe('later than it starts'),
    mustRecord: z.boolean().default(true).describe('policy of the court for this category of cases'),
    title: z.string().max(200).default(''),
  })
  .refine(({ startsAt, endsAt }) => startsAt < endsAt, { path: ['endsAt'], message: 'it ends before it starts' })

/**
 * As JSON, in bytes: what age (its header and tags have less than 512) and base64 make of it must fit into
 * `SealedDocket`. A letter of Cyrillic has two: 200 hearings fit with titles of some 55.
 */
export const MAX_DOCKET_BYTES = (MAX_SEALED_BASE64 / 4) * 3 - 512
const utf8 = new TextEncoder()

/** What is inside. */
export const Docket = z
  .object({
    day: z.string().regex(/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, 'YYYY-MM-DD'),
    hearings: z.array(DocketHearing).max(200),
  })
  .superRefine((docket, { addIssue }) => {
    const bytes = utf8.encode(JSON.stringify(docket)).length
    if (bytes <= MAX_DOCKET_BYTES) return
    const message = `${bytes} bytes in all, and at most ${MAX_DOCKET_BYTES} fit: shorter titles, or fewer hearings`
    addIssue({ code: 'custom', path: ['hearings'], message })
  })
export type Docket = z.output<typeof Docket>
