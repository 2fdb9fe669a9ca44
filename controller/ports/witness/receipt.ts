/** Checks what a witness answered: nothing of it is believed that its signature and our own place do not say. */
import type { z } from 'zod'
import { isSigned, keyIdOf } from '../../base/ed25519.ts'
import { messageOf, VerbatimError } from '../../base/error.ts'
import type { ReceiptEntry } from '../../journal/entry.ts'
import { receiptPayload } from '../../journal/payload.ts'
import { FromWitness, MAX_WITNESS_BYTES, type Receipt, type ShownPlace } from '../../wire/witness.ts'

/**
 * The receipt for `place` in `answer`, as the journal tells it.
 * @param trusted id of the only key that counts; null while none is known
 * Throws ANSWER_INVALID, WITNESS_REFUSED, RECEIPT_INVALID and WITNESS_CHANGED.
 */
export const receiptIn = (answer: Uint8Array, place: ShownPlace, trusted: string | null): ReceiptEntry => {
  const said = parse(answer)
  if (said.is === 'refused') throw new VerbatimError('WITNESS_REFUSED', `${said.code}: ${said.why}`)
  for (const [field, wanted, got] of [
    ['device', place.device.key, said.device],
    ['hearing', place.hearing, said.hearing],
    ['upto', place.upto, said.upto],
    ['head', place.head, said.head],
  ] as const)
    if (wanted !== got) throw new VerbatimError('RECEIPT_INVALID', `${field} is ${got} where ${wanted} was shown`)
  requireSigned(said)
  if (trusted !== null && said.witness !== trusted)
    throw new VerbatimError('WITNESS_CHANGED', `signed by ${said.witness}, known is ${trusted}`)
  const { upto, head, receivedUtc, witness, publicKey, certificates, signature } = said
  return { upto, head, receivedUtc, witness, publicKey, certificates, signature }
}

const parse = (answer: Uint8Array): z.output<typeof FromWitness> => {
  if (answer.length > MAX_WITNESS_BYTES) throw new VerbatimError('ANSWER_INVALID', `${answer.length} bytes`)
  try {
    return FromWitness.parse(JSON.parse(Buffer.from(answer).toString('utf8')))
  } catch (cause) {
    throw new VerbatimError('ANSWER_INVALID', `no answer of a witness: ${messageOf(cause).slice(0, 300)}`, { cause })
  }
}

const requireSigned = (receipt: Receipt): void => {
  const { device, hearing, receivedUtc, witness, publicKey, signature } = receipt
  if (keyIdOf(publicKey) !== witness) throw new VerbatimError('RECEIPT_INVALID', 'its key is not the one it names')
  if (!isSigned(receiptPayload(device, hearing, receipt, receivedUtc), signature, publicKey))
    throw new VerbatimError('RECEIPT_INVALID', 'its signature is wrong')
}
