/** Ed25519 public keys as bytes, and signatures checked with them. */
import { createPublicKey, type KeyObject, verify } from 'node:crypto'

/** What stands before the raw key in a SubjectPublicKeyInfo (RFC 8410). */
const SPKI_HEAD = Buffer.from('302a300506032b6570032100', 'hex')

/** SubjectPublicKeyInfo in DER. */
export const spkiOf = (publicKey: Uint8Array): Buffer => Buffer.concat([SPKI_HEAD, publicKey])

/** The raw 32 bytes of a public key. Throws a TypeError when the key is of another kind. */
export const rawPublicKey = (key: KeyObject): Buffer => {
  if (key.asymmetricKeyType !== 'ed25519') throw new TypeError(`a key of type ${key.asymmetricKeyType}, not ed25519`)
  return key.export({ type: 'spki', format: 'der' }).subarray(SPKI_HEAD.length)
}

export const isSignatureOf = (publicKey: Uint8Array, bytes: Uint8Array, signature: Uint8Array): boolean =>
  verify(null, bytes, createPublicKey({ key: spkiOf(publicKey), type: 'spki', format: 'der' }), signature)
