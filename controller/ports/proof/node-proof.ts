import { createHash, createPublicKey, verify } from 'node:crypto'
import type { X509Certificate } from '@peculiar/x509'
import type { Proof } from '../../journal/verify/proof.ts'
import { webProof } from './web-proof.ts'

/** `SubjectPublicKeyInfo` of Ed25519 up to the key itself (RFC 8410). */
const SPKI_HEAD = Buffer.from('302a300506032b6570032100', 'hex')

const ed25519 = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean => {
  try {
    const key = createPublicKey({ key: Buffer.concat([SPKI_HEAD, publicKey]), format: 'der', type: 'spki' })
    return verify(null, message, key, signature)
  } catch {
    return false
  }
}

/** The cryptography of Node. @param trust as in {@link webProof} */
export const nodeProof = (trust: readonly X509Certificate[] | null = null): Proof =>
  webProof({ sha256: (bytes) => createHash('sha256').update(bytes).digest('hex'), ed25519 }, trust)
