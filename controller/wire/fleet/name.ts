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

/** The device and its court in one word: stands in its certificate, and is its user at a broker that goes by that. */
export const memberUri = (court: CourtId, device: DeviceId): string => `verbatim:${court}/${device}`

/** Moments, as everywhere in Verbatim. No month 13, no hour 24: nobody behind has to ask whether it is a time. */
export const Utc = z
  .string()
  .regex(
    /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/,
    'YYYY-MM-DDTHH:MM:SS.mmmZ',
  )

export const Sha256 = z.string().regex(/^[0-9a-f]{64}$/, '64 lower-case hex digits')

/** Base64 of exactly so many bytes: its length alone would let one or two more or fewer pass. */
const base64Of = (bytes: 32 | 64) =>
  bytes === 32
    ? z.string().regex(/^[A-Za-z0-9+/]{43}=$/, 'base64 of 32 bytes')
    : z.string().regex(/^[A-Za-z0-9+/]{86}==$/, 'base64 of 64 bytes')

/** An Ed25519 public key, raw; or an HMAC-SHA-256. */
export const Bytes32 = base64Of(32)
/** An Ed25519 signature. */
export const Bytes64 = base64Of(64)

/** Text for people. Bounded, for a hub keeps what thousands of rooms say. */
export const FleetText = z.string().max(1_000)
