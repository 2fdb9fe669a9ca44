/** Ed25519 public keys (RFC 8032): raw, in base64 as the evidence format carries them, named by their SHA-256. */
import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto'

/** What stands before the raw key in a SubjectPublicKeyInfo (RFC 8410). */
const SPKI_HEAD = Buffer.from('302a300506032b6570032100', 'hex')

/** SubjectPublicKeyInfo in DER. */
export const spkiOf = (publicKey: Uint8Array): Buffer => Buffer.concat([SPKI_HEAD, publicKey])

/** The raw 32 bytes of either half of a pair. Throws a TypeError when the key is of another kind. */
export const rawPublicKey = (key: KeyObject): Buffer => {
  if (key.asymmetricKeyType !== 'ed25519') throw new TypeError(`a key of type ${key.asymmetricKeyType}, not ed25519`)
  const half = key.type === 'private' ? createPublicKey(key) : key
  return half.export({ type: 'spki', format: 'der' }).subarray(SPKI_HEAD.length)
}

/** Throws when `publicKey` is none. */
export const isSignatureOf = (publicKey: Uint8Array, bytes: Uint8Array, signature: Uint8Array): boolean =>
  verify(null, bytes, createPublicKey({ key: spkiOf(publicKey), type: 'spki', format: 'der' }), signature)

/** Lower-case hex SHA-256 of the raw public key. */
export const keyIdOf = (publicKey: string): string =>
  createHash('sha256').update(Buffer.from(publicKey, 'base64')).digest('hex')

/** The raw public key, base64. */
export const rawPublicKeyOf = (key: KeyObject): string => rawPublicKey(key).toString('base64')

/** False too when the key or the signature is none. */
export const isSigned = (text: string, signature: string, publicKey: string): boolean => {
  try {
    return isSignatureOf(Buffer.from(publicKey, 'base64'), Buffer.from(text), Buffer.from(signature, 'base64'))
  } catch {
    return false
  }
}
