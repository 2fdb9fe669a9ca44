/** The certificates that say whose key it is: enrolled ones as the hub gave them, until then one signed by itself. */
import { X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createFile } from '../../base/durable.ts'
import { rawPublicKey } from '../../base/ed25519.ts'
import { codeOf, messageOf } from '../../base/error.ts'
import { type Reason, reason } from '../../base/reason.ts'
import { selfSigned } from '../../base/self-signed.ts'
import { setAside } from './set-aside.ts'
import type { Signer } from './signer.ts'

/** A base64 text has no hyphen. */
const PEM = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g

export interface OpenedCertificates {
  /** The device's own first. */
  chain: X509Certificate[]
  repairs: Reason[]
}

/** Reads the chain in `path`; one that is torn or of another key is set aside, and a self-signed one made. */
export const openCertificates = async (path: string, name: string, signer: Signer): Promise<OpenedCertificates> => {
  const repairs: Reason[] = []
  const chain = (await read(path, signer.publicKey, repairs)) ?? [await make(path, name, signer, repairs)]
  return { chain, repairs }
}

/** The chain in `path` as it stands; null when there is none. Throws when it is torn. */
export const readChain = async (path: string): Promise<X509Certificate[] | null> => {
  const text = await readFile(path, 'utf8').catch((fault: unknown) => {
    if (codeOf(fault) === 'ENOENT') return null
    throw fault
  })
  return text === null ? null : parseChain(text)
}

/** Throws when it is torn, or no chain. */
export const parseChain = (text: string): X509Certificate[] => {
  const chain = (text.match(PEM) ?? []).map((pem) => new X509Certificate(pem))
  if (!chain.length || chain.length !== text.split('-----BEGIN').length - 1) throw new SyntaxError('torn')
  const unrelated = chain.slice(1).findIndex((issuer, i) => !chain[i]!.checkIssued(issuer))
  if (unrelated >= 0) throw new SyntaxError(`certificate ${unrelated + 2} is not of the issuer of the one before`)
  return chain
}

const read = async (path: string, publicKey: Uint8Array, repairs: Reason[]): Promise<X509Certificate[] | null> => {
  try {
    const chain = await readChain(path)
    if (chain && !rawPublicKey(chain[0]!.publicKey).equals(publicKey)) throw new TypeError('of another key')
    return chain
  } catch (fault) {
    // What merely cannot be read now may be in order tomorrow.
    const became = isOfSystem(fault) ? 'left as it is' : await setAside(path)
    const why = `${path}: ${messageOf(fault)}; ${became}`
    repairs.push(reason('The certificate of this recorder could not be used; it signs in its own name.', why))
    return null
  }
}

const isOfSystem = (fault: unknown): boolean => fault instanceof Error && 'syscall' in fault

/** A certificate for a key of this run; what stands on disk may be of the key that could not be read. */
export const certificateInMemory = async (name: string, signer: Signer): Promise<OpenedCertificates> => ({
  chain: [new X509Certificate(await selfSigned(name, signer))],
  repairs: [],
})

const make = async (path: string, name: string, signer: Signer, repairs: Reason[]): Promise<X509Certificate> => {
  const certificate = new X509Certificate(await selfSigned(name, signer))
  await createFile(path, certificate.toString(), 0o644).catch((fault: unknown) => {
    const why = `${path}: ${messageOf(fault)}`
    repairs.push(reason('The certificate of this recorder cannot be kept.', why))
  })
  return certificate
}
