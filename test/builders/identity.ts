import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import 'reflect-metadata'
import type { X509Certificate } from '@peculiar/x509'
import { BasicConstraintsExtension, KeyUsageFlags, KeyUsagesExtension, X509CertificateGenerator } from '@peculiar/x509'
import { sha256 } from './hash.ts'

/** A key with its certificates: a device, a witness, or an authority. */
export interface TestIdentity {
  name: string
  key: string
  publicKey: string
  certificate: X509Certificate
  /** DER, base64, the own one first. */
  certificates: string[]
  sign: (text: string) => string
  keys: CryptoKeyPair
}

type CryptoKeyPair = { privateKey: CryptoKey; publicKey: CryptoKey }
type CryptoKey = Parameters<typeof crypto.subtle.exportKey>[1]

const rawOf = (key: KeyObject): Buffer => key.export({ format: 'der', type: 'spki' }).subarray(-32)

/** `PrivateKeyInfo` of Ed25519 up to the seed itself (RFC 8410). */
const PKCS8_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex')

const pairOf = (seed: string) => {
  const der = Buffer.concat([PKCS8_HEAD, Buffer.from(sha256(Buffer.from(seed)), 'hex')])
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
  return { privateKey, publicKey: createPublicKey(privateKey) }
}

const webKeys = async (pair: { privateKey: KeyObject; publicKey: KeyObject }): Promise<CryptoKeyPair> => ({
  privateKey: await crypto.subtle.importKey(
    'pkcs8',
    pair.privateKey.export({ format: 'der', type: 'pkcs8' }),
    'Ed25519',
    false,
    ['sign'],
  ),
  publicKey: await crypto.subtle.importKey(
    'spki',
    pair.publicKey.export({ format: 'der', type: 'spki' }),
    'Ed25519',
    true,
    ['verify'],
  ),
})

export interface IdentityPlan {
  /** Who certifies it; itself when left out. */
  by?: TestIdentity
  authority?: boolean
  fromUtc?: string
  toUtc?: string
  /** For the same key and certificate in every run; both are new when left out. */
  seed?: string
}

let serial = 1

/** Makes a key and certifies it. */
export const makeIdentity = async (
  name: string,
  { by, authority = false, fromUtc = '2026-01-01T00:00:00Z', toUtc = '2036-01-01T00:00:00Z', seed }: IdentityPlan = {},
): Promise<TestIdentity> => {
  const pair = seed === undefined ? generateKeyPairSync('ed25519') : pairOf(seed)
  const keys = await webKeys(pair)
  const certificate = await X509CertificateGenerator.create({
    serialNumber:
      seed === undefined ? String(serial++).padStart(2, '0') : `10${sha256(Buffer.from(seed)).slice(0, 12)}`,
    subject: `CN=${name}`,
    issuer: `CN=${by?.name ?? name}`,
    notBefore: new Date(fromUtc),
    notAfter: new Date(toUtc),
    publicKey: keys.publicKey,
    signingKey: by?.keys.privateKey ?? keys.privateKey,
    signingAlgorithm: { name: 'Ed25519' },
    extensions: [
      new BasicConstraintsExtension(authority, undefined, true),
      new KeyUsagesExtension(authority ? KeyUsageFlags.keyCertSign : KeyUsageFlags.digitalSignature, true),
    ],
  })
  const publicKey = rawOf(pair.publicKey)
  return {
    name,
    key: sha256(publicKey),
    publicKey: publicKey.toString('base64'),
    certificate,
    certificates: [Buffer.from(certificate.rawData).toString('base64'), ...(by?.certificates ?? [])],
    sign: (text) => sign(null, Buffer.from(text), pair.privateKey).toString('base64'),
    keys,
  }
}
