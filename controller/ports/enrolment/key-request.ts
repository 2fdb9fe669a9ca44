/** A new P-256 key to connect with, and the request for its certificate (PKCS#10). */
import 'reflect-metadata'
import { createPrivateKey, createPublicKey, webcrypto, X509Certificate } from 'node:crypto'
import { Pkcs10CertificateRequestGenerator } from '@peculiar/x509'
import { VerbatimError } from '../../base/error.ts'

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const

/** @param name such as `CN=vb-...`. The key is PKCS#8, PEM; the request DER, base64. */
export const newKeyRequest = async (name: string): Promise<{ key: string; csr: string }> => {
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])
  const request = await Pkcs10CertificateRequestGenerator.create({ name, keys, signingAlgorithm: ALGORITHM })
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey))
  const key = createPrivateKey({ key: der, type: 'pkcs8', format: 'der' })
  return {
    key: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
    csr: Buffer.from(request.rawData).toString('base64'),
  }
}

/** Throws CERTIFICATE_INVALID when the first of `chain` is not for `key`, or none of `authority` can be read. */
export const requireFor = (key: string, chain: readonly string[], authority: readonly string[]): void => {
  try {
    const certificate = new X509Certificate(Buffer.from(chain[0]!, 'base64'))
    const wanted = createPublicKey(key).export({ type: 'spki', format: 'der' })
    if (!certificate.publicKey.export({ type: 'spki', format: 'der' }).equals(wanted))
      throw new TypeError('it is for another key')
    for (const der of [...chain, ...authority]) new X509Certificate(Buffer.from(der, 'base64'))
  } catch (cause) {
    throw new VerbatimError('CERTIFICATE_INVALID', cause instanceof Error ? cause.message : String(cause), { cause })
  }
}
