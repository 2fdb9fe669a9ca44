/** An X.509 certificate that a key makes for itself: it says which key signs, and not whose key that is. */
import { randomBytes } from 'node:crypto'
import { AsnConvert, OctetString } from '@peculiar/asn1-schema'
import {
  AlgorithmIdentifier,
  AttributeTypeAndValue,
  AttributeValue,
  BasicConstraints,
  Certificate,
  Extension,
  Extensions,
  id_ce_basicConstraints,
  Name,
  RelativeDistinguishedName,
  SubjectPublicKeyInfo,
  TBSCertificate,
  Validity,
  Version,
} from '@peculiar/asn1-x509'

/** The clock may not be set yet, and nobody renews it: it promises nothing that could end (as IEEE 802.1AR). */
const FROM = new Date('2000-01-01T00:00:00Z')
const TO = new Date('9999-12-31T23:59:59Z')
const COMMON_NAME = '2.5.4.3'
/** RFC 8410. */
const ED25519 = new AlgorithmIdentifier({ algorithm: '1.3.101.112' })

/**
 * In DER.
 * @param publicKey Ed25519, raw
 * @param sign with the private half
 */
export const selfSigned = (
  name: string,
  publicKey: Uint8Array,
  sign: (bytes: Uint8Array) => Uint8Array,
): Uint8Array => {
  const subject = nameOf(name)
  const tbsCertificate = new TBSCertificate({
    version: Version.v3,
    serialNumber: serialNumber(),
    signature: ED25519,
    issuer: subject,
    validity: new Validity({ notBefore: FROM, notAfter: TO }),
    subject,
    subjectPublicKeyInfo: new SubjectPublicKeyInfo({ algorithm: ED25519, subjectPublicKey: bufferOf(publicKey) }),
    extensions: new Extensions([critical(id_ce_basicConstraints, new BasicConstraints({ cA: false }))]),
  })
  const signatureValue = bufferOf(sign(new Uint8Array(AsnConvert.serialize(tbsCertificate))))
  const certificate = new Certificate({ tbsCertificate, signatureAlgorithm: ED25519, signatureValue })
  return new Uint8Array(AsnConvert.serialize(certificate))
}

const nameOf = (text: string): Name => {
  const value = new AttributeValue({ utf8String: text })
  return new Name([new RelativeDistinguishedName([new AttributeTypeAndValue({ type: COMMON_NAME, value })])])
}

const critical = (extnID: string, value: unknown): Extension =>
  new Extension({ extnID, critical: true, extnValue: new OctetString(AsnConvert.serialize(value)) })

/** A positive whole number of 16 bytes without a leading zero, as DER wants it. */
const serialNumber = (): ArrayBuffer => {
  const bytes = new Uint8Array(randomBytes(16))
  bytes[0] = (bytes[0]! & 0x3f) | 0x40
  return bytes.buffer
}

/** A buffer of these bytes alone. */
const bufferOf = (bytes: Uint8Array): ArrayBuffer => new Uint8Array(bytes).buffer
