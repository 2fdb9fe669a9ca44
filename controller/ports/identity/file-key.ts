/**
 * The device's key in a file: made on the first start, PKCS#8, for the recorder's own eyes. It is never given out and
 * never written over. Whatever is wrong with it, recording goes on: a key is repaired or made anew, and that is told.
 */
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'
import { createFile } from '../../base/durable.ts'
import { rawPublicKey } from '../../base/ed25519.ts'
import { codeOf, messageOf } from '../../base/error.ts'
import { type Reason, reason } from '../../base/reason.ts'
import { setAside } from './set-aside.ts'
import type { Signer } from './signer.ts'

const MODE = 0o600

export interface OpenedKey {
  signer: Signer
  /** Whether the next start will have the same key. */
  kept: boolean
  /** What had to be put right. */
  repairs: Reason[]
}

/**
 * Reads the key in `path`, or makes it; the folder must exist. What is no key is set aside. What merely cannot be read or
 * written now is left alone, for it may be in order tomorrow: then a key in memory signs for this run.
 */
export const openFileKey = async (path: string): Promise<OpenedKey> => {
  const repairs: Reason[] = []
  try {
    // A second look when another has made one in this very moment: there is only one key.
    const key = (await read(path, repairs)) ?? (await make(path)) ?? (await read(path, repairs))
    if (key) return { signer: signerOf(key), kept: true, repairs }
    throw new Error('it comes and goes')
  } catch (fault) {
    const why = `${path}: ${messageOf(fault)}`
    repairs.push(reason('The key of this recorder cannot be kept; another signs until the next start.', why))
    return { signer: signerOf(generateKeyPairSync('ed25519').privateKey), kept: false, repairs }
  }
}

/** In one thread and at once: it takes 50 µs, and Node's other threads may all be waiting for a disk. */
const signerOf = (key: KeyObject): Signer => ({
  publicKey: rawPublicKey(createPublicKey(key)),
  sign: async (bytes) => sign(null, bytes, key),
})

/** Null when there is none, or none any more. Throws what the file system throws. */
const read = async (path: string, repairs: Reason[]): Promise<KeyObject | null> => {
  const pem = await readPem(path, repairs)
  if (pem === null) return null
  try {
    return parse(pem)
  } catch (fault) {
    const why = `${path}: ${messageOf(fault)}; ${await setAside(path)}`
    repairs.push(reason('The key of this recorder was damaged; a new one signs from now on.', why))
    return null
  }
}

const readPem = async (path: string, repairs: Reason[]): Promise<string | null> => {
  const file = await open(path, 'r').catch((fault: unknown) => {
    if (codeOf(fault) === 'ENOENT') return null
    throw fault
  })
  if (!file) return null
  try {
    await narrow(file, repairs)
    return await file.readFile('utf8')
  } finally {
    await file.close()
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

/** Null when another was faster. */
const make = async (path: string): Promise<KeyObject | null> => {
  const { privateKey } = generateKeyPairSync('ed25519')
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' })
  return (await createFile(path, pem, MODE)) ? privateKey : null
}
