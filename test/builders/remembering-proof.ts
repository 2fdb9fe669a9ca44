import type { Proof } from '../../controller/journal/verify/proof.ts'

/** Enough for all that one hearing asks; what a spoiled one asks beside is asked once. */
const MOST = 200

const text = (parts: readonly Uint8Array[]): string =>
  parts.map((bytes) => Buffer.from(bytes).toString('latin1')).join('|')

/** The same answers to the same bytes. */
const remember = <Answer>(ask: (...parts: Uint8Array[]) => Answer): ((...parts: Uint8Array[]) => Answer) => {
  const known = new Map<string, Answer>()
  return (...parts) => {
    const name = text(parts)
    const answer = known.has(name) ? known.get(name)! : ask(...parts)
    if (known.size < MOST) known.set(name, answer)
    return answer
  }
}

/**
 * Asks what is asked again and again only once: whoever verifies one hearing ten thousand times over would wait for
 * little else than the same signatures and certificates.
 */
export const rememberingProof = (proof: Proof): Proof => {
  const identify = remember((...certificates) => proof.identify(certificates))
  const ed25519 = remember((publicKey, message, signature) => proof.ed25519(publicKey!, message!, signature!))
  return { ...proof, ed25519, identify: (certificates) => identify(...certificates) }
}
