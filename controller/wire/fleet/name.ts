/** Names that stand in topics. None holds a separator or a wildcard, so no name reaches beyond its own level. */
import { z } from 'zod'

/** A court: one level of the tree, so that `verbatim/v1/COURT/#` is one court. */
export const CourtId = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'lower-case letters, digits and single hyphens, such as "almaty-district"')
  .max(60)
export type CourtId = z.output<typeof CourtId>

/** An appliance: its client id, and the common name of its certificate. It says nothing of the room. */
export const DeviceId = z.string().regex(/^vb-[a-z2-7]{16}$/, '"vb-" and sixteen letters or digits of base32')
export type DeviceId = z.output<typeof DeviceId>

/** Moments, as everywhere in Verbatim. */
export const Utc = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/, 'YYYY-MM-DDTHH:MM:SS.mmmZ')

export const Sha256 = z.string().regex(/^[0-9a-f]{64}$/, '64 lower-case hex digits')

/** Text for people. Bounded, for a hub keeps what thousands of rooms say. */
export const FleetText = z.string().max(1_000)
