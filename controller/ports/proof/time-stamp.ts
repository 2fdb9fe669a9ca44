/** RFC 3161 tokens, checked by the rules of RFC 3161 and RFC 5652. WebCrypto only, so that it works in a browser too. */
import 'reflect-metadata'
import { type CertificateSet, ContentInfo, SignedData, type SignerInfo } from '@peculiar/asn1-cms'
import { AsnConvert, OctetString } from '@peculiar/asn1-schema'
import { TSTInfo } from '@peculiar/asn1-tsp'
import { AsnEcSignatureFormatter, X509Certificate } from '@peculiar/x509'
import type { Stamp } from '../../journal/verify/proof.ts'
import { chainFrom, commonName, hex, isLinked, mayStamp, pathTo, validityOf } from './certificates.ts'

const SIGNED_DATA = '1.2.840.113549.1.7.2'
const TST_INFO = '1.2.840.113549.1.9.16.1.4'
const CONTENT_TYPE = '1.2.840.113549.1.9.3'
const MESSAGE_DIGEST = '1.2.840.113549.1.9.4'
/** Names the signer's certificate by its hash: of version 1 by SHA-1, of version 2 by another. */
const SIGNING_CERTIFICATE = '1.2.840.113549.1.9.16.2.12'
const SIGNING_CERTIFICATE_2 = '1.2.840.113549.1.9.16.2.47'

const HASHES: Record<string, string> = {
  '2.16.840.1.101.3.4.2.1': 'SHA-256',
  '2.16.840.1.101.3.4.2.2': 'SHA-384',
  '2.16.840.1.101.3.4.2.3': 'SHA-512',
}
const RSA = /^1\.2\.840\.113549\.1\.1\.(1|11|12|13)$/
const ECDSA = /^1\.2\.840\.10045\.4\.3\.[234]$/
const ED25519 = '1.3.101.112'

const digest = async (algorithm: string, bytes: ArrayBuffer | Uint8Array): Promise<string> =>
  hex(await crypto.subtle.digest(algorithm, Uint8Array.from(new Uint8Array(bytes))))

const certificatesOf = (set: CertificateSet | undefined): X509Certificate[] =>
  [...(set ?? [])].flatMap(({ certificate }) =>
    certificate ? [new X509Certificate(AsnConvert.serialize(certificate))] : [],
  )

/** A serial number with its sign's leading zeros or without them is the same. */
const serialText = (serial: string): string => serial.replace(/^0+/, '').toLowerCase()

const signerAmong = (certificates: readonly X509Certificate[], { sid }: SignerInfo): X509Certificate | undefined => {
  const { issuerAndSerialNumber: named } = sid
  if (!named) return undefined
  const [serial, issuer] = [serialText(hex(named.serialNumber)), hex(AsnConvert.serialize(named.issuer))]
  return certificates.find(
    (one) => serialText(one.serialNumber) === serial && hex(one.issuerName.toArrayBuffer()) === issuer,
  )
}

/** The value of an attribute that stands exactly once. */
const attribute = (signer: SignerInfo, type: string): ArrayBuffer | null => {
  const found = (signer.signedAttrs ?? []).filter(({ attrType }) => attrType === type)
  return found.length === 1 && found[0]!.attrValues.length === 1 ? found[0]!.attrValues[0]! : null
}

/** The signed attributes speak of this very content and of this very certificate. */
const attributesFit = async (
  signer: SignerInfo,
  content: ArrayBuffer,
  hash: string,
  certificate: X509Certificate,
): Promise<boolean> => {
  const [type, message] = [attribute(signer, CONTENT_TYPE), attribute(signer, MESSAGE_DIGEST)]
  if (!type || !message) return false
  // An object identifier inside: tag and length, then the same bytes for the same identifier.
  if (hex(type) !== '060b2a864886f70d0109100104') return false
  if (hex(AsnConvert.parse(message, OctetString).buffer) !== (await digest(hash, content))) return false
  const first = attribute(signer, SIGNING_CERTIFICATE)
  const second = attribute(signer, SIGNING_CERTIFICATE_2)
  if (second)
    for (const algorithm of Object.values(HASHES))
      if (hex(second).includes(await digest(algorithm, certificate.rawData))) return true
  return first !== null && hex(first).includes(await digest('SHA-1', certificate.rawData))
}

const derLength = (length: number): number[] => {
  if (length < 0x80) return [length]
  return length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
}

/** The attributes are signed as the SET that they are, not under the tag that they bear in the token. */
const signedBytes = ({ signedAttrs }: SignerInfo): Uint8Array<ArrayBuffer> | null => {
  if (!signedAttrs) return null
  const inner = signedAttrs.flatMap((one) => [...new Uint8Array(AsnConvert.serialize(one))])
  return inner.length > 0xffff ? null : Uint8Array.from([0x31, ...derLength(inner.length), ...inner])
}

const isSigned = async (signer: SignerInfo, hash: string, certificate: X509Certificate): Promise<boolean> => {
  const bytes = signedBytes(signer)
  if (!bytes) return false
  const { algorithm } = signer.signatureAlgorithm
  const signature = Uint8Array.from(new Uint8Array(signer.signature.buffer))
  const verify = async (how: { name: string; hash?: string; namedCurve?: string }, raw: ArrayBuffer | Uint8Array) => {
    const key = await certificate.publicKey.export(how, ['verify'])
    return crypto.subtle.verify(how, key, Uint8Array.from(new Uint8Array(raw)), bytes)
  }
  if (RSA.test(algorithm)) return verify({ name: 'RSASSA-PKCS1-v1_5', hash }, signature)
  if (algorithm === ED25519) return verify({ name: 'Ed25519' }, signature)
  if (!ECDSA.test(algorithm)) return false
  const how = { ...(certificate.publicKey.algorithm as { namedCurve?: string }), name: 'ECDSA', hash }
  const raw = new AsnEcSignatureFormatter().toWebSignature(how, signature)
  return raw !== null && verify(how, raw)
}

const readToken = (token: Uint8Array) => {
  const info = AsnConvert.parse(Uint8Array.from(token), ContentInfo)
  if (info.contentType !== SIGNED_DATA) return null
  const data = AsnConvert.parse(info.content, SignedData)
  const { eContentType, eContent } = data.encapContentInfo
  const [signer, another] = [...data.signerInfos]
  if (eContentType !== TST_INFO || !eContent?.single || !signer || another) return null
  const content = eContent.single.buffer
  return { content, signer, certificates: certificatesOf(data.certificates), info: AsnConvert.parse(content, TSTInfo) }
}

/**
 * Checks a `TimeStampToken`; null when it cannot be read.
 * @param trust certificates that a stamp must lead to; null when nobody said which
 */
export const checkStamp = async (
  token: Uint8Array,
  trust: readonly X509Certificate[] | null,
): Promise<Stamp | null> => {
  try {
    const read = readToken(token)
    const owner = read && signerAmong(read.certificates, read.signer)
    if (!read || !owner) return null
    const { signer, content, info, certificates } = read
    const atMs = info.genTime.getTime()
    const hash = HASHES[signer.digestAlgorithm.algorithm]
    const chain = await chainFrom(owner, certificates)
    const path = trust && (await pathTo(trust, chain))
    const { validFromMs, validToMs } = validityOf(path ?? chain)
    const good =
      hash !== undefined &&
      mayStamp(owner) &&
      atMs >= validFromMs &&
      atMs <= validToMs &&
      (await isLinked(chain)) &&
      (await attributesFit(signer, content, hash, owner)) &&
      (await isSigned(signer, hash, owner))
    return {
      imprint:
        HASHES[info.messageImprint.hashAlgorithm.algorithm] === 'SHA-256'
          ? hex(info.messageImprint.hashedMessage.buffer)
          : '',
      atMs,
      authority: commonName(owner.subjectName),
      signed: good,
      trusted: trust && path !== null,
    }
  } catch {
    return null
  }
}
