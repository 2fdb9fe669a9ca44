/**
 * How a device stands with the hub, asked over HTTP when the broker does not let it in any more: POST /standing. It is
 * answered with a new certificate where the old one has expired, or with the word that the device was taken out.
 *
 * The device signs with the key of its certificate, expired or not; the answer is signed by the operator's key, which the
 * device knows: so neither a network nor a stranger takes a device out of its fleet.
 */
import { z } from 'zod'
import { CertificateRequest, IssuedCertificates } from './certificate.ts'
import { Bytes32, Bytes64, DeviceId } from './name.ts'

/** What stands before the body in the text that a signature is over. */
export const STANDING_ASKED = 'verbatim standing request\n'
export const STANDING_TOLD = 'verbatim standing answer\n'

export const StandingQuestion = z.object({
  device: DeviceId,
  nonce: Bytes32.describe('comes back with the answer: an old one says nothing'),
  certificate: z.base64().max(8_192).describe('DER: the one it has'),
  renewal: CertificateRequest.nullable().describe('where that one has expired'),
})
export type StandingQuestion = z.output<typeof StandingQuestion>

export const Standing = z.discriminatedUnion('is', [
  z.object({ is: z.literal('good') }).describe('It may connect; whatever is wrong is not its membership'),
  z
    .object({ is: z.literal('renewed'), certificates: IssuedCertificates })
    .describe('It has expired, and here is the next one'),
  z.object({ is: z.literal('expired') }).describe('It has expired too long ago: somebody must see the machine'),
  z.object({ is: z.literal('revoked') }).describe('Somebody took it out of the fleet'),
  z.object({ is: z.literal('unknown') }).describe('It was issued here, and stands in no book: an older copy is in use'),
])
export type Standing = z.output<typeof Standing>

export const StandingTold = z.object({ device: DeviceId, nonce: Bytes32, standing: Standing })
export type StandingTold = z.output<typeof StandingTold>

/** `body` is the JSON of a {@link StandingQuestion}, as text: what is signed is these very bytes. */
export const StandingRequest = z.object({
  body: z.string().max(64 << 10),
  sig: z.base64().max(200).describe("ECDSA P-256 with SHA-256, DER, by the certificate's key"),
})
export type StandingRequest = z.output<typeof StandingRequest>

/** `body` is the JSON of a {@link StandingTold}, as text. */
export const StandingAnswer = z.object({
  body: z.string().max(128 << 10),
  sig: Bytes64.describe("Ed25519, by the operator's key"),
})
export type StandingAnswer = z.output<typeof StandingAnswer>
