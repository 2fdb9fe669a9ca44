/** Keys and certificates of the hub itself, in files that nobody else may read, made at the first start. */
import 'reflect-metadata'
import { webcrypto } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { PemConverter, X509Certificate } from '@peculiar/x509'
import { createFile } from '../../base/durable.ts'
import { codeOf, messageOf, VerbatimError } from '../../base/error.ts'
import { replaceFile } from '../../base/replace-file.ts'
import { ECDSA } from './certificate-maker.ts'

export interface KeyPair {
  key: webcrypto.CryptoKey
  /** PKCS#8, PEM. */
  pem: string
  /** SubjectPublicKeyInfo, DER. */
  spki: Uint8Array
}

/** The key in `path`; the first start makes it. Throws CERTIFICATE_INVALID when there is one that is none. */
export const openKey = async (path: string): Promise<KeyPair> => {
  const kept = await readIfThere(path)
  if (kept) return pairOf(kept, path)
  const made = await webcrypto.subtle.generateKey(ECDSA, true, ['sign', 'verify'])
  const der = await webcrypto.subtle.exportKey('pkcs8', made.privateKey)
  await createFile(path, `${PemConverter.encode(der, 'PRIVATE KEY')}\n`, 0o600)
  // Of two starts at once one has made it, and both read that.
  return pairOf(await readFile(path, 'utf8'), path)
}

/** Null when there is none. Throws CERTIFICATE_INVALID when there is one that is none. */
export const readOwnCertificate = async (path: string): Promise<X509Certificate | null> => {
  const kept = await readIfThere(path)
  if (!kept) return null
  try {
    return new X509Certificate(kept)
  } catch (cause) {
    throw new VerbatimError('CERTIFICATE_INVALID', `${path}: ${messageOf(cause)}`, { cause })
  }
}

export const writeCertificate = (path: string, certificate: X509Certificate): Promise<void> =>
  replaceFile(path, `${certificate.toString('pem')}\n`)

const readIfThere = (path: string): Promise<string | null> =>
  readFile(path, 'utf8').catch((fault: unknown) => {
    if (codeOf(fault) === 'ENOENT') return null
    throw fault
  })

const pairOf = async (pem: string, path: string): Promise<KeyPair> => {
  try {
    const der = PemConverter.decodeFirst(pem)
    const key = await webcrypto.subtle.importKey('pkcs8', der, ECDSA, true, ['sign'])
    const { kty, crv, x, y } = await webcrypto.subtle.exportKey('jwk', key)
    const shared = { kty, crv, x, y } as webcrypto.JsonWebKey
    const publicKey = await webcrypto.subtle.importKey('jwk', shared, ECDSA, true, ['verify'])
    return { key, pem, spki: new Uint8Array(await webcrypto.subtle.exportKey('spki', publicKey)) }
  } catch (cause) {
    throw new VerbatimError('CERTIFICATE_INVALID', `${path} holds no P-256 key: ${messageOf(cause)}`, { cause })
  }
}
