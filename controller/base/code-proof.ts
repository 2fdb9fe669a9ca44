/**
 * Proofs by a one-time code that never crosses the wire: a key is stretched from the code (scrypt, RFC 7914), so that
 * whoever listens cannot try them all, and each message carries an HMAC-SHA-256 by it.
 */
import { createHash, createHmac, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

/** About a tenth of a second and 32 MiB. */
const COST: ScryptOptions = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 << 20 }
const stretch = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt)

/** As it is compared: without hyphens and blanks, and with the letters that a person may have taken for a digit. */
export const plainCode = (typed: string): string =>
  typed.toUpperCase().replaceAll(/[\s-]/g, '').replaceAll('O', '0').replaceAll(/[IL]/g, '1')

/** @param salted what the code is used for, once: another message has another key */
export const keyOfCode = (code: string, salted: Uint8Array): Promise<Buffer> =>
  stretch(plainCode(code), createHash('sha256').update(salted).digest(), 32, COST)

/** Base64. */
export const proofBy = (key: Uint8Array, text: string): string =>
  createHmac('sha256', key).update(text).digest('base64')

export const isProvenBy = (key: Uint8Array, text: string, proof: string): boolean => {
  const [wanted, got] = [Buffer.from(proofBy(key, text), 'base64'), Buffer.from(proof, 'base64')]
  return wanted.length === got.length && timingSafeEqual(wanted, got)
}

/** The first four hex digits of its SHA-256: enough to find a code among thousands, far too little to find it out. */
export const hintOfCode = (code: string, prefix: string): string =>
  createHash('sha256')
    .update(prefix + plainCode(code))
    .digest('hex')
    .slice(0, 4)
