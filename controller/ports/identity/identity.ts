/** Who this device is: its key, wherever that lies, and the certificates of it. */
import { createHash, type X509Certificate } from 'node:crypto'
import { chmod } from 'node:fs/promises'
import { join } from 'node:path'
import { makeFolders } from '../../base/durable.ts'
import { rawPublicKey } from '../../base/ed25519.ts'
import { messageOf, VerbatimError } from '../../base/error.ts'
import type { Reason } from '../../base/reason.ts'
import { replaceFile } from '../../base/replace-file.ts'
import { commonNameOf } from '../../base/self-signed.ts'
import type { DeviceEntry } from '../../journal/entry.ts'
import type { IdentityConfig } from '../../wire/config.ts'
import { certificateInMemory, openCertificates, parseChain } from './certificate.ts'
import { type OpenedKey, openFileKey } from './file-key.ts'
import type { Signer } from './signer.ts'
import { openTokenKey } from './token-key.ts'

export interface Identity {
  signer: Signer
  /** What a journal says of this device. */
  entry: DeviceEntry
  /** When its own certificate is valid. */
  validFrom: Date
  validTo: Date
  /** What had to be put right; for the log and the self-test. */
  repairs: Reason[]
}

export interface IdentityOptions {
  config: IdentityConfig
  /** Where `key.pem` and `certificate.pem` lie; made when missing. */
  dir: string
  /** What a device is called that nobody has enrolled. */
  name: string
}

/**
 * Opens the device's key and certificates, which are made when there are none. A file key is always had, whatever lies
 * on the disk; a token that does not answer, and of which no certificate is left, throws IDENTITY_UNAVAILABLE.
 */
export const openIdentity = async ({ config, dir, name }: IdentityOptions): Promise<Identity> => {
  // Where it cannot be made or shut, reading and writing say so.
  await makeFolders(dir).catch(() => {})
  await chmod(dir, 0o700).catch(() => {})
  const file = join(dir, 'certificate.pem')
  const { signer, kept, repairs }: OpenedKey =
    config.kind === 'file' ? await openFileKey(join(dir, 'key.pem')) : await openTokenKey(config, file)
  const certificates = await (kept ? openCertificates(file, name, signer) : certificateInMemory(name, signer))
  const [own] = certificates.chain
  return {
    signer,
    entry: {
      device: commonNameOf(own!.raw) ?? name,
      key: createHash('sha256').update(signer.publicKey).digest('hex'),
      publicKey: Buffer.from(signer.publicKey).toString('base64'),
      certificates: certificates.chain.map(({ raw }) => raw.toString('base64')),
    },
    validFrom: new Date(own!.validFrom),
    validTo: new Date(own!.validTo),
    repairs: [...repairs, ...certificates.repairs],
  }
}

/**
 * From now on journals carry these certificates: the device is enrolled. Durable when it resolves.
 * Throws CERTIFICATE_INVALID, and then everything is as before.
 * @param chain PEM, the device's own first
 */
export const takeCertificates = async (identity: Identity, dir: string, chain: string): Promise<void> => {
  let certificates: X509Certificate[]
  try {
    certificates = parseChain(chain)
    if (!rawPublicKey(certificates[0]!.publicKey).equals(identity.signer.publicKey))
      throw new TypeError('of another key')
  } catch (cause) {
    throw new VerbatimError('CERTIFICATE_INVALID', `for the key that signs journals: ${messageOf(cause)}`, { cause })
  }
  await replaceFile(join(dir, 'certificate.pem'), chain)
  const [own] = certificates
  identity.validFrom = new Date(own!.validFrom)
  identity.validTo = new Date(own!.validTo)
  identity.entry = {
    ...identity.entry,
    device: commonNameOf(own!.raw) ?? identity.entry.device,
    certificates: certificates.map(({ raw }) => raw.toString('base64')),
  }
}
