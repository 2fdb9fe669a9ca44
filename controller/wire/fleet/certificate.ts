/** A new certificate before the old one expires, over the connection that the old one opened. */
import { z } from 'zod'
import { Bytes32, Bytes64, Utc } from './name.ts'

const Der = z.base64().max(8_192)

export const CertificateRequest = z.object({
  at: Utc,
  csr: Der.describe('PKCS#10, DER: a new P-256 key with the same names'),
  evidenceKey: Bytes32.nullable().describe('Ed25519, raw: certified again too'),
  evidenceProof: Bytes64.nullable().describe('its signature over the `csr`'),
})
export type CertificateRequest = z.output<typeof CertificateRequest>

export const IssuedCertificates = z.object({
  tls: z.array(Der).min(1).max(5).describe('to connect with, its issuers after it'),
  evidence: z.array(Der).max(5).describe('for the key that signs journals, its issuers after it; empty without one'),
  authority: z.array(Der).min(1).max(5).describe('whom the device trusts from now on'),
})
export type IssuedCertificates = z.output<typeof IssuedCertificates>
