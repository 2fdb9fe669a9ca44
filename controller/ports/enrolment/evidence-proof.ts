/** The key that signs journals shows that it belongs to whoever asks for a certificate. */
import { messageOf } from '../../base/error.ts'
import type { Logger } from '../../base/log.ts'

/** The key that signs journals: certified too, so that journals say whose it is. */
export interface EvidenceKey {
  publicKey: Uint8Array
  sign(bytes: Uint8Array): Promise<Uint8Array>
}

export interface EvidenceProof {
  evidenceKey: string | null
  evidenceProof: string | null
}

const NONE: EvidenceProof = { evidenceKey: null, evidenceProof: null }

/**
 * Nulls where there is none, or it does not answer: then it stays as it is.
 * @param csr base64: what it signs
 */
export const evidenceProof = async (evidence: EvidenceKey | null, csr: string, log: Logger): Promise<EvidenceProof> => {
  if (!evidence) return NONE
  try {
    const proof = await evidence.sign(Buffer.from(csr, 'base64'))
    return {
      evidenceKey: Buffer.from(evidence.publicKey).toString('base64'),
      evidenceProof: Buffer.from(proof).toString('base64'),
    }
  } catch (fault) {
    const about = { fault: messageOf(fault) }
    log.warn(about, 'the key that signs journals does not answer; it is not certified by the hub')
    return NONE
  }
}
