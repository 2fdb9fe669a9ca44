import { isSignatureOf } from '../base/ed25519.ts'
import { within } from '../base/within.ts'
import type { Signer } from '../ports/identity/signer.ts'

const TEXT = Buffer.from('verbatim-self-test/1\n')
const LIMIT_MS = 5_000

/** Whether the key signs, and the signature is its own. Throws what the signer throws, and when it does not answer. */
export const keySigns = async (signer: Signer): Promise<boolean> =>
  isSignatureOf(signer.publicKey, TEXT, await within(LIMIT_MS, signer.sign(TEXT), 'the key'))
