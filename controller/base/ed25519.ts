/** Ed25519 keys as the evidence format carries them: 32 raw bytes in base64, named by their SHA-256. */
import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto'

/** Lower-case hex SHA-256 of the raw public key. */
export const keyIdOf = (publicKey: string): string =>
  createHash('sha256').update(Buffer.from(publicKey, 'base64')).digest('hex')

/** The raw public key of a pair of either half, base64. */
export const rawPublicKeyOf = (key: KeyObject): string => {
  const { x } = (key.type === 'private' ? createPublicKey(key) : key).export({ format: 'jwk' })
  return Buffer.from(x!, 'base64url').toString('base64')
}

/** False too when the key or the signature is none. */
export const isSigned = (text: string, signature: string, publicKey: string): boolean => {
  try {
    const x = Buffer.from(publicKey, 'base64').toString('base64url')
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
    return verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64'))
  } catch {
    return false
  }
}
