/**
 * How a device becomes one of the fleet: HTTP, once. The appliance shows a one-time code; it asks with a proof that it
 * knows the code; an administrator types the same code into the console; the answer carries the hub's proof that it
 * was told the code. So neither side believes a stranger on the wire, and the code itself never crosses it.
 *
 * Proofs: key = scrypt(code, salt = SHA-256 of the csr, N 2^15, r 8, p 1, 32 bytes); proof = HMAC-SHA-256(key, text),
 * text = "verbatim enrolment request\n" or "verbatim enrolment answer\n" and the JSON of the message without `proof`,
 * exactly as it is sent.
 */
import { z } from 'zod'
import { IssuedCertificates } from './certificate.ts'
import { Bytes32, Bytes64, CourtId, DeviceId, FleetText, Sha256 } from './name.ts'

/** Crockford's base32 without the letters that people confuse; twelve are 60 bits. Shown as XXXX-XXXX-XXXX. */
export const EnrolmentCode = z.string().regex(/^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){2}$/)

/** What stands before the body in the text that a proof is for. */
export const PROOF_OF_REQUEST = 'verbatim enrolment request\n'
export const PROOF_OF_ANSWER = 'verbatim enrolment answer\n'
/** What stands before the code in the text whose SHA-256 begins with the hint. */
export const HINT_OF_CODE = 'verbatim enrolment code\n'

export const EnrolmentRequest = z.object({
  hint: z
    .string()
    .regex(/^[0-9a-f]{4}$/)
    .describe('of the code: of thousands that a shipment has, few need the costly proof. 44 bits stay unknown'),
  device: DeviceId,
  court: FleetText.describe('as its configuration calls it'),
  room: FleetText,
  csr: z.base64().max(8_192).describe('PKCS#10, DER, P-256'),
  evidenceKey: Bytes32.nullable(),
  evidenceProof: Bytes64.nullable().describe('its signature over the `csr`'),
})
export type EnrolmentRequest = z.output<typeof EnrolmentRequest>

/** `body` is the JSON of the message, as text: what is proved is these very bytes. */
export const Proven = z.object({ body: z.string().max(64 << 10), proof: Bytes32 })
export type Proven = z.output<typeof Proven>

export const EnrolmentAnswer = z.object({
  device: DeviceId,
  court: CourtId.describe('level of the topics'),
  certificates: IssuedCertificates,
  operatorKey: Bytes32.describe('Ed25519, raw: whose orders and configuration count'),
  witness: Sha256.nullable().describe('id of the key that signs receipts'),
  mqtt: z.string().max(300).describe('address of the broker, mqtts://host:port'),
})
export type EnrolmentAnswer = z.output<typeof EnrolmentAnswer>

/** 202 with `waiting` until somebody types the code; 200 with a `Proven` answer; 410 when it was refused. */
export const EnrolmentReply = z.discriminatedUnion('is', [
  z.object({ is: z.literal('waiting') }),
  z.object({ is: z.literal('enrolled'), answer: Proven }),
  z.object({ is: z.literal('refused'), why: FleetText }),
])
export type EnrolmentReply = z.output<typeof EnrolmentReply>
