/** What a device asks to have certified: a new P-256 key, and perhaps the key that signs its journals. */
import 'reflect-metadata'
import { Pkcs10CertificateRequest } from '@peculiar/x509'
import { isSignatureOf } from '../../base/ed25519.ts'
import { messageOf, VerbatimError } from '../../base/error.ts'

export interface AskedKeys {
  /** Of the key that it connects with: SubjectPublicKeyInfo, DER. */
  spki: Uint8Array
  /** Ed25519, raw; null when its key did not answer. */
  evidenceKey: Uint8Array | null
}

export interface Asking {
  csr: string
  evidenceKey: string | null
  evidenceProof: string | null
}

/** Whoever asks has both private keys. Throws CERTIFICATE_INVALID. */
export const keysIn = async ({ csr, evidenceKey, evidenceProof }: Asking): Promise<AskedKeys> => {
  const der = Buffer.from(csr, 'base64')
  const spki = await certified(der)
  if (evidenceKey === null) return { spki, evidenceKey: null }
  const key = Buffer.from(evidenceKey, 'base64')
  if (!isProven(key, der, Buffer.from(evidenceProof ?? '', 'base64')))
    throw new VerbatimError('CERTIFICATE_INVALID', 'the key that signs journals has not signed the request')
  return { spki, evidenceKey: key }
}

const certified = async (der: Buffer): Promise<Uint8Array> => {
  try {
    const request = new Pkcs10CertificateRequest(Uint8Array.from(der))
    const { algorithm, rawData } = request.publicKey
    const curve = 'namedCurve' in algorithm ? algorithm.namedCurve : ''
    if (algorithm.name !== 'ECDSA' || curve !== 'P-256') throw new TypeError('the key is not P-256')
    if (!(await request.verify())) throw new TypeError('its signature is wrong')
    return new Uint8Array(rawData)
  } catch (cause) {
    throw new VerbatimError('CERTIFICATE_INVALID', `the request for a certificate: ${messageOf(cause)}`, { cause })
  }
}

const isProven = (key: Uint8Array, der: Uint8Array, proof: Uint8Array): boolean => {
  try {
    return isSignatureOf(key, der, proof)
  } catch {
    return false
  }
}
