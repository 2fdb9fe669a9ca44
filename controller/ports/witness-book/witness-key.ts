/** The witness' own key and certificate, made at its first start. */
import { createPrivateKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createFile, makeFolders } from '../../base/durable.ts'
import { keyIdOf, rawPublicKeyOf } from '../../base/ed25519.ts'
import { messageOf, VerbatimError } from '../../base/error.ts'
import { selfSigned } from '../../base/self-signed.ts'

export interface WitnessKey {
  /** Id of the key. */
  id: string
  publicKey: string
  certificates: string[]
  secret: KeyObject
}

/** From `witness-key.pem` and `witness-certificate.der` in `home`. Throws CERTIFICATE_INVALID, and what the file system throws. */
export const openWitnessKey = async (home: string): Promise<WitnessKey> => {
  await makeFolders(home)
  const pem = await openOrMake(join(home, 'witness-key.pem'), 0o600, () =>
    generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }),
  )
  const secret = secretIn(pem, home)
  const publicKey = rawPublicKeyOf(secret)
  // Signed by itself: what makes a witness trusted is that the device, or the verifier, knows its key.
  const certificate = await openOrMake(join(home, 'witness-certificate.der'), 0o644, () =>
    selfSigned('Verbatim witness', {
      publicKey: Buffer.from(publicKey, 'base64'),
      sign: (bytes) => sign(null, bytes, secret),
    }),
  )
  return { id: keyIdOf(publicKey), publicKey, certificates: [certificate.toString('base64')], secret }
}

const secretIn = (pem: Buffer, home: string): KeyObject => {
  try {
    const secret = createPrivateKey(pem)
    if (secret.asymmetricKeyType === 'ed25519') return secret
    throw new TypeError(`it is of ${secret.asymmetricKeyType}`)
  } catch (cause) {
    const path = join(home, 'witness-key.pem')
    throw new VerbatimError('CERTIFICATE_INVALID', `${path} holds no Ed25519 key: ${messageOf(cause)}`, { cause })
  }
}

/** The first start makes it; of two at once one does, and both read that. */
const openOrMake = async (
  path: string,
  mode: number,
  make: () => Promise<Uint8Array> | Uint8Array | string,
): Promise<Buffer> =>
  readFile(path).catch(async () => {
    await createFile(path, await make(), mode)
    return readFile(path)
  })
