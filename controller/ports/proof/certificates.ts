/** X.509 (RFC 5280), as far as a hearing needs it. WebCrypto only, so that it works in a browser too. */
import 'reflect-metadata'
import { AsnConvert } from '@peculiar/asn1-schema'
import { Certificate } from '@peculiar/asn1-x509'
import {
  BasicConstraintsExtension,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  X509Certificate,
} from '@peculiar/x509'

/** Extensions that may be critical, for they are looked at or change nothing here; any other is refused. */
const UNDERSTOOD = new Set(['2.5.29.15', '2.5.29.17', '2.5.29.19', '2.5.29.37'])
const CHAIN_MOST = 8
/** `SubjectPublicKeyInfo` of Ed25519 up to the key itself (RFC 8410). */
const ED25519_HEAD = '302a300506032b6570032100'

/** Lower-case hex. */
export const hex = (bytes: ArrayBuffer | Uint8Array): string =>
  Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('')

/** Whether these are the very bytes that DER has for the certificate, which a lenient reader does not ask. */
const isExact = (der: Uint8Array): boolean =>
  hex(AsnConvert.serialize(AsnConvert.parse(Uint8Array.from(der), Certificate))) === hex(der)

/** A certificate; null when the bytes are none. */
export const readCertificate = (der: Uint8Array): X509Certificate | null => {
  try {
    return isExact(der) ? new X509Certificate(Uint8Array.from(der)) : null
  } catch {
    return null
  }
}

/** The certificates of a PEM bundle. Throws when it holds none, or one that cannot be read. */
export const readBundle = (pem: string): X509Certificate[] => {
  const certificates = PemConverter.decodeWithHeaders(pem)
    .filter(({ type }) => type === 'CERTIFICATE')
    .map(({ rawData }) => new X509Certificate(rawData))
  if (!certificates.length) throw new Error('it holds no certificate in PEM form')
  return certificates
}

/** Raw Ed25519 public key of a certificate; null for any other algorithm. */
export const ed25519KeyOf = (certificate: X509Certificate): Uint8Array | null => {
  const info = hex(certificate.publicKey.rawData)
  return info.startsWith(ED25519_HEAD) ? new Uint8Array(certificate.publicKey.rawData).slice(-32) : null
}

/** What a certificate calls its owner or issuer: the common name, or all of the name. */
export const commonName = (name: X509Certificate['subjectName']): string => name.getField('CN')[0] ?? name.toString()

const sameBytes = (one: ArrayBuffer, other: ArrayBuffer): boolean => hex(one) === hex(other)

export const isSame = (one: X509Certificate, other: X509Certificate): boolean => sameBytes(one.rawData, other.rawData)

const understood = (certificate: X509Certificate): boolean =>
  certificate.extensions.every(({ critical, type }) => !critical || UNDERSTOOD.has(type))

/** @param below how many certificate authorities stand between it and the owner */
const maySign = (certificate: X509Certificate, below: number): boolean => {
  const basic = certificate.getExtension(BasicConstraintsExtension)
  const usage = certificate.getExtension(KeyUsagesExtension)
  if (!basic?.ca || below > (basic.pathLength ?? CHAIN_MOST)) return false
  return !usage || (usage.usages & KeyUsageFlags.keyCertSign) !== 0
}

const isSignedBy = async (certificate: X509Certificate, issuer: X509Certificate): Promise<boolean> => {
  if (!sameBytes(certificate.issuerName.toArrayBuffer(), issuer.subjectName.toArrayBuffer())) return false
  return certificate.verify({ publicKey: issuer.publicKey, signatureOnly: true }).catch(() => false)
}

export const isSelfSigned = (certificate: X509Certificate): Promise<boolean> => isSignedBy(certificate, certificate)

const namesItself = (certificate: X509Certificate): boolean => certificate.issuer === certificate.subject

/** Every certificate is signed by the next, and each next may sign certificates; a root is signed by itself. */
export const isLinked = async (chain: readonly X509Certificate[]): Promise<boolean> => {
  const last = chain.at(-1)
  if (!last || chain.length > CHAIN_MOST || !chain.every(understood)) return false
  if (namesItself(last) && !(await isSelfSigned(last))) return false
  for (const [i, issuer] of chain.slice(1).entries())
    if (!maySign(issuer, i) || !(await isSignedBy(chain[i]!, issuer))) return false
  return true
}

/**
 * The part of a linked chain up to where the trust list takes over, that certificate included; null when it does not
 * lead there.
 */
export const pathTo = async (
  trust: readonly X509Certificate[],
  chain: readonly X509Certificate[],
): Promise<X509Certificate[] | null> => {
  for (const [i, certificate] of chain.entries()) {
    if (trust.some((anchor) => isSame(anchor, certificate))) return chain.slice(0, i + 1)
    for (const anchor of trust)
      if (maySign(anchor, i) && understood(anchor) && (await isSignedBy(certificate, anchor)))
        return [...chain.slice(0, i + 1), anchor]
  }
  return null
}

/** Orders loose certificates into a chain that begins with `owner`. */
export const chainFrom = async (
  owner: X509Certificate,
  loose: readonly X509Certificate[],
): Promise<X509Certificate[]> => {
  const chain = [owner]
  while (chain.length < CHAIN_MOST) {
    const last = chain.at(-1)!
    let next: X509Certificate | undefined
    for (const candidate of loose)
      if (!chain.includes(candidate) && maySign(candidate, chain.length - 1) && (await isSignedBy(last, candidate)))
        next = candidate
    if (!next) break
    chain.push(next)
  }
  return chain
}

/** The time at which all of them are valid. */
export const validityOf = (chain: readonly X509Certificate[]): { validFromMs: number; validToMs: number } => ({
  validFromMs: Math.max(...chain.map(({ notBefore }) => notBefore.getTime())),
  validToMs: Math.min(...chain.map(({ notAfter }) => notAfter.getTime())),
})

/** Whether it is made for signing time stamps and for nothing else (RFC 3161, 2.3). */
export const mayStamp = (certificate: X509Certificate): boolean => {
  const usage = certificate.getExtension(ExtendedKeyUsageExtension)
  return usage?.critical === true && usage.usages.length === 1 && usage.usages[0] === '1.3.6.1.5.5.7.3.8'
}
