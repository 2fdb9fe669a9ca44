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
import { spkiOf } from './ed25519.ts'

/** Made when the clock may not be set yet, and nobody renews it: it promises nothing that could end (as IEEE 802.1AR). */
const FROM = new Date('2000-01-01T00:00:00Z')
const TO = new Date('9999-12-31T23:59:59Z')
/** X.509's own limit (RFC 5280, ub-common-name). */
const NAME_LENGTH = 64
const COMMON_NAME = '2.5.4.3'
/** RFC 8410. */
const ED25519 = new AlgorithmIdentifier({ algorithm: '1.3.101.112' })

const nameOf = (text: string): Name => {
  const value = new AttributeValue({ utf8String: [...text].slice(0, NAME_LENGTH).join('') })
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

/** Raw Ed25519 public key, and what signs with the private half. */
export interface KeyHolder {
  readonly publicKey: Uint8Array
  sign(bytes: Uint8Array): Uint8Array | Promise<Uint8Array>
}

/** The certificate in DER. Throws what the signer throws. */
export const selfSigned = async (name: string, signer: KeyHolder): Promise<Buffer> => {
  const subject = nameOf(name)
  const tbsCertificate = new TBSCertificate({
    version: Version.v3,
    serialNumber: serialNumber(),
    signature: ED25519,
    issuer: subject,
    validity: new Validity({ notBefore: FROM, notAfter: TO }),
    subject,
    subjectPublicKeyInfo: AsnConvert.parse(spkiOf(signer.publicKey), SubjectPublicKeyInfo),
    // No key usage: one that forbids signing certificates would forbid this one too.
    extensions: new Extensions([critical(id_ce_basicConstraints, new BasicConstraints({ cA: false }))]),
  })
  const signature = await signer.sign(new Uint8Array(AsnConvert.serialize(tbsCertificate)))
  const signatureValue = new Uint8Array(signature).buffer
  return Buffer.from(
    AsnConvert.serialize(new Certificate({ tbsCertificate, signatureAlgorithm: ED25519, signatureValue })),
  )
}

/** What a certificate in DER calls its owner; null when it has no common name. */
export const commonNameOf = (der: Uint8Array): string | null => {
  const { subject } = AsnConvert.parse(der, Certificate).tbsCertificate
  const named = subject.flatMap((part) => [...part]).find(({ type }) => type === COMMON_NAME)
  return named?.value.toString() ?? null
}
