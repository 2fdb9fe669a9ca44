/** What a recorder and its witness say to each other, one JSON object each way; over HTTP today, over MQTT later. */
import { z } from 'zod'
import { Sha256, Utc } from './fleet/name.ts'

const base64 = (bytes: number) => z.base64().length(4 * Math.ceil(bytes / 3))

/** A question or an answer that is longer is none. */
export const MAX_WITNESS_BYTES = 64 << 10

const Certificates = z.array(z.base64().max(8_192)).max(5).describe('X.509, DER, base64; the own first')

const place = {
  hearing: z.string().min(1).max(250).describe('id of the hearing'),
  upto: z.int().min(0).describe('number of the line'),
  head: Sha256.describe('SHA-256 of that line'),
}

/** Who shows it. */
export const Device = z.object({
  key: Sha256.describe('SHA-256 of the raw public key'),
  publicKey: base64(32).describe('Ed25519, raw, base64'),
  certificates: Certificates,
})
export type Device = z.output<typeof Device>

/** A place in a hearing's journal, as its device shows it to the witness. */
export const ShownPlace = z.object({
  device: Device.describe('who shows it'),
  ...place,
  signature: base64(64).describe("the device's, over the place and both times"),
  utc: Utc.describe("when it was signed, by the device's clock"),
  monoMs: z.number().describe("the same on the device's monotonic clock"),
})
export type ShownPlace = z.output<typeof ShownPlace>

const receipt = {
  device: Sha256.describe('key of the device'),
  ...place,
  receivedUtc: Utc.describe("when the witness was shown it, by the witness' clock"),
  witness: Sha256.describe('its key'),
  publicKey: base64(32).describe('Ed25519, raw, base64'),
  certificates: Certificates,
  signature: base64(64).describe("the witness', over all of this"),
}

export const Receipt = z.object(receipt)
export type Receipt = z.output<typeof Receipt>

export const RefusalCode = z.enum(['malformed', 'signature', 'conflict', 'rollback'])
export type RefusalCode = z.output<typeof RefusalCode>

export const FromWitness = z.discriminatedUnion('is', [
  z.object({ is: z.literal('receipt'), ...receipt }).describe('It was shown this place'),
  z
    .object({
      is: z.literal('refused'),
      hearing: z.string().max(250).optional().describe('id of the hearing, where the question could be read'),
      upto: z.int().min(0).optional(),
      code: RefusalCode,
      why: z.string().max(500).describe('exactly, for the engineer'),
      known: Receipt.optional().describe('what it was shown before and this contradicts'),
    })
    .describe('It gives no receipt: the question breaks its schema, is not signed, or contradicts an earlier one'),
])
export type FromWitness = z.output<typeof FromWitness>
