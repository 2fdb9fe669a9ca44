/** Makes X.509 certificates (RFC 5280) of the fleet: P-256, signed with SHA-256. */
import 'reflect-metadata'
import { randomBytes, type webcrypto } from 'node:crypto'
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PublicKey,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  type X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509'
import { DAY_MS } from '../../base/units.ts'

export const ECDSA = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const

export type Purpose =
  | { is: 'authority' }
  /** Connects to the broker; `uri` is the name by which a broker finds a device among thousands. */
  | { is: 'client'; uri: string | null }
  /** Signs journals. */
  | { is: 'evidence' }
  | { is: 'server'; names: readonly string[] }

export interface Making {
  /** Such as `CN=vb-..., O=almaty-district`. */
  subject: string
  issuer: { certificate: X509Certificate | null; key: webcrypto.CryptoKey }
  /** SubjectPublicKeyInfo, DER. */
  spki: Uint8Array
  purpose: Purpose
  from: Date
  days: number
}

/** A clock that is a little behind must not refuse what was made just now. */
const BACKDATED_MS = DAY_MS
/** Of its life: one that lasts an hour would else be old from its beginning, and be renewed without end. */
const BACKDATED_SHARE = 0.1

export const makeCertificate = async (making: Making): Promise<X509Certificate> => {
  const { subject, issuer, spki, purpose, from, days } = making
  const publicKey = new PublicKey(Uint8Array.from(spki))
  return X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    ...{ subject, issuer: issuer.certificate?.subject ?? subject, signingAlgorithm: ECDSA, signingKey: issuer.key },
    ...{ publicKey, notBefore: new Date(from.getTime() - Math.min(BACKDATED_MS, days * DAY_MS * BACKDATED_SHARE)) },
    notAfter: new Date(from.getTime() + days * DAY_MS),
    extensions: [
      ...extensionsOf(purpose),
      await SubjectKeyIdentifierExtension.create(publicKey, false),
      await AuthorityKeyIdentifierExtension.create(issuer.certificate?.publicKey ?? publicKey, false),
    ],
  })
}

const extensionsOf = (purpose: Purpose): Extension[] => {
  const { digitalSignature, keyCertSign, cRLSign } = KeyUsageFlags
  if (purpose.is === 'authority')
    return [new BasicConstraintsExtension(true, 0, true), new KeyUsagesExtension(keyCertSign | cRLSign, true)]
  return [
    new BasicConstraintsExtension(false, undefined, true),
    new KeyUsagesExtension(digitalSignature, true),
    ...(purpose.is === 'client' ? [new ExtendedKeyUsageExtension([ExtendedKeyUsage.clientAuth])] : []),
    ...(purpose.is === 'client' && purpose.uri !== null
      ? [new SubjectAlternativeNameExtension([{ type: 'url', value: purpose.uri }])]
      : []),
    ...(purpose.is === 'server'
      ? [
          new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
          new SubjectAlternativeNameExtension(purpose.names.map(alternativeName)),
        ]
      : []),
  ]
}

/** An IP address, and no name. */
export const isAddress = (name: string): boolean => /^[\d.]+$|:/.test(name)

const alternativeName = (name: string) => ({
  type: isAddress(name) ? ('ip' as const) : ('dns' as const),
  value: name,
})

/** Hex of a positive whole number of 16 bytes that begins with no zero. */
const serialNumber = (): string => {
  const bytes = randomBytes(16)
  bytes[0] = (bytes[0]! & 0x3f) | 0x40
  return bytes.toString('hex')
}
