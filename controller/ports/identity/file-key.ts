/**
 * The device's key in a file: made on the first start, PKCS#8, for the recorder's own eyes. It is never given out and
 * never written over. Whatever is wrong with it, recording goes on: a key is repaired or made anew, and that is told.
 */
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'
import { createFile } from '../../base/durable.ts'
import { codeOf, messageOf } from '../../base/error.ts'
import { type Reason, reason } from '../../base/reason.ts'
import { rawPublicKey } from './public-key.ts'
import { setAside } from './set-aside.ts'
import type { Signer } from './signer.ts'

const MODE = 0o600

export interface OpenedKey {
  signer: Signer
  /** What had to be put right. */
  repairs: Reason[]
}

/** Reads the key in `path`, or makes it. The folder must exist; where it cannot be written the key lives in memory. */
export const openFileKey = async (path: string): Promise<OpenedKey> => {
  const repairs: Reason[] = []
  const found = await read(path, repairs)
  const key = found ?? (await make(path, repairs))
  return { signer: signerOf(key), repairs }
}

/** In one thread and at once: it takes 50 µs, and Node's other threads may all be waiting for a disk. */
const signerOf = (key: KeyObject): Signer => ({
  publicKey: rawPublicKey(createPublicKey(key)),
  sign: async (bytes) => sign(null, bytes, key),
})

const read = async (path: string, repairs: Reason[]): Promise<KeyObject | null> => {
  try {
    const file = await open(path, 'r')
    try {
      await narrow(file, repairs)
      return parse(await file.readFile('utf8'))
    } finally {
      await file.close()
    }
  } catch (fault) {
    if (codeOf(fault) === 'ENOENT') return null
    const became = await setAside(path)
    const why = `${path}: ${messageOf(fault)}; ${became}`
    repairs.push(reason('The key of this recorder was damaged; a new one signs from now on.', why))
    return null
  }
}

const parse = (pem: string): KeyObject => {
  const key = createPrivateKey(pem)
  if (key.asymmetricKeyType !== 'ed25519') throw new TypeError(`a key of type ${key.asymmetricKeyType}, not ed25519`)
  return key
}

/** Others could have read it; they can no more. Whether to trust it still is for people to judge. */
const narrow = async (file: FileHandle, repairs: Reason[]): Promise<void> => {
  const rights = (await file.stat()).mode & 0o777
  if (!(rights & 0o077)) return
  const became = await file.chmod(MODE).then(() => 'set to 600', messageOf)
  const why = `the rights of the key file were ${rights.toString(8)}; ${became}`
  repairs.push(reason('Others on this machine could have read the key of this recorder.', why))
}

const make = async (path: string, repairs: Reason[]): Promise<KeyObject> => {
  const { privateKey } = generateKeyPairSync('ed25519')
  try {
    if (await createFile(path, privateKey.export({ type: 'pkcs8', format: 'pem' }), MODE)) return privateKey
  } catch (fault) {
    const why = `${path}: ${messageOf(fault)}`
    repairs.push(reason('The key of this recorder cannot be kept; the next start will sign with another.', why))
    return privateKey
  }
  // Another made one in this very moment: there is only one key.
  return (await read(path, repairs)) ?? privateKey
}
