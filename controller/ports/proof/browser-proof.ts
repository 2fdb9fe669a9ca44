/** The cryptography of a browser: WebCrypto, and SHA-256 in plain code, for WebCrypto's lets everybody wait. */
import { sha256 } from '@noble/hashes/sha2.js'
import type { X509Certificate } from '@peculiar/x509'
import type { Proof } from '../../journal/verify/proof.ts'
import { hex } from './certificates.ts'
import { webProof } from './web-proof.ts'

/** Memory that is nobody else's, as WebCrypto wants it. */
const own = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => Uint8Array.from(bytes)

const ed25519 = async (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean> => {
  try {
    const key = await crypto.subtle.importKey('raw', own(publicKey), 'Ed25519', false, ['verify'])
    return await crypto.subtle.verify('Ed25519', key, own(signature), own(message))
  } catch {
    return false
  }
}

/** @param trust as in {@link webProof} */
export const browserProof = (trust: readonly X509Certificate[] | null = null): Proof =>
  webProof({ sha256: (bytes) => hex(sha256(bytes)), ed25519 }, trust)
