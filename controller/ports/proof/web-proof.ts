import type { X509Certificate } from '@peculiar/x509'
import type { Identity, Proof } from '../../journal/verify/proof.ts'
import {
  commonName,
  ed25519KeyOf,
  hex,
  isLinked,
  isSelfSigned,
  pathTo,
  readCertificate,
  validityOf,
} from './certificates.ts'
import { checkStamp } from './time-stamp.ts'

const identify = async (
  certificates: readonly Uint8Array[],
  trust: readonly X509Certificate[] | null,
): Promise<Identity | null> => {
  const chain = certificates.map(readCertificate)
  const [own] = chain
  if (!own || chain.some((one) => one === null)) return null
  const whole = chain as X509Certificate[]
  const linked = await isLinked(whole)
  const path = trust && linked ? await pathTo(trust, whole) : null
  return {
    publicKey: ed25519KeyOf(own),
    subject: commonName(own.subjectName),
    issuer: commonName(own.issuerName),
    selfSigned: await isSelfSigned(own),
    linked,
    trusted: trust && path !== null,
    ...validityOf(path ?? whole),
  }
}

/**
 * Certificates and time stamps by WebCrypto, in Node and in browsers alike; hashing and Ed25519 are handed in.
 * @param trust certificates that everything must lead to; null when nobody said which
 */
export const webProof = (
  basic: Pick<Proof, 'sha256' | 'ed25519'>,
  trust: readonly X509Certificate[] | null = null,
): Proof => {
  const pins = trust?.map(ed25519KeyOf).flatMap((key) => (key ? [hex(key)] : []))
  return {
    ...basic,
    identify: (certificates) => identify(certificates, trust).catch(() => null),
    pinned: (publicKey) => pins?.includes(hex(publicKey)) ?? null,
    stamp: (token) => checkStamp(token, trust),
  }
}
