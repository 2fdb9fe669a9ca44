import { randomBytes } from 'node:crypto'
import { AsnConvert, OctetString } from '@peculiar/asn1-schema'
import { MessageImprint, TimeStampReq, TimeStampReqVersion } from '@peculiar/asn1-tsp'
import { AlgorithmIdentifier } from '@peculiar/asn1-x509'

/** id-sha256 (RFC 8017). */
export const SHA256 = '2.16.840.1.101.3.4.2.1'

export interface StampRequest {
  /** Lower-case hex SHA-256 of the line that is stamped. */
  head: string
  /** A number that nobody can know before, so that no old answer fits. */
  nonce: Buffer
}

export const newRequest = (head: string): StampRequest => {
  const nonce = randomBytes(16)
  // A positive INTEGER that has one encoding only (X.690, 8.3.2).
  nonce[0] = (nonce[0]! & 0x3f) | 0x40
  return { head, nonce }
}

/** TimeStampReq in DER (RFC 3161, 2.4.1); the authority's certificate is asked for, so that the token proves itself. */
export const encodeRequest = ({ head, nonce }: StampRequest): Buffer => {
  const messageImprint = new MessageImprint({
    hashAlgorithm: new AlgorithmIdentifier({ algorithm: SHA256, parameters: null }),
    hashedMessage: new OctetString(bufferOf(Buffer.from(head, 'hex'))),
  })
  const version = TimeStampReqVersion.v1
  const request = new TimeStampReq({ version, messageImprint, nonce: bufferOf(nonce), certReq: true })
  return Buffer.from(AsnConvert.serialize(request))
}

/** A buffer of these bytes alone. */
const bufferOf = (bytes: Uint8Array): ArrayBuffer => new Uint8Array(bytes).buffer
