import { sign } from 'node:crypto'
import { receiptPayload } from '../../journal/payload.ts'
import type { Receipt } from '../../wire/witness.ts'
import type { ShownLine } from './book.ts'
import type { WitnessKey } from './witness-key.ts'

/** The receipt for a line of the book: the same one whenever it is asked for, for Ed25519 has no chance in it. */
export const receiptFor = (line: ShownLine, key: WitnessKey): Receipt => {
  const text = receiptPayload(line.device, line.hearing, line, line.receivedUtc)
  return {
    ...{ device: line.device, hearing: line.hearing, upto: line.upto, head: line.head, receivedUtc: line.receivedUtc },
    ...{ witness: key.id, publicKey: key.publicKey, certificates: key.certificates },
    signature: sign(null, Buffer.from(text), key.secret).toString('base64'),
  }
}
