/** One question to the hub whether this device is taken into the fleet. Believed is only who knows the code. */
import { isProvenBy, keyOfCode, proofBy } from '../../base/code-proof.ts'
import { messageOf, VerbatimError } from '../../base/error.ts'
import {
  EnrolmentAnswer,
  EnrolmentReply,
  PROOF_OF_ANSWER,
  PROOF_OF_REQUEST,
  type Proven,
} from '../../wire/fleet/enrolment.ts'
import { postToHub } from './post-to-hub.ts'

export interface Question {
  /** Address of the hub. */
  hub: string
  body: string
  /** By the code, for this request. */
  key: Buffer
  signal: AbortSignal
}

/** The key by which both sides prove that they know the code. */
export const keyOf = (code: string, csr: string): Promise<Buffer> => keyOfCode(code, Buffer.from(csr, 'base64'))

/** Null while nobody has typed the code. Throws ENROLMENT_REFUSED, NO_ANSWER and ANSWER_INVALID. */
export const askHub = async ({ hub, body, key, signal }: Question): Promise<EnrolmentAnswer | null> => {
  const message: Proven = { body, proof: proofBy(key, PROOF_OF_REQUEST + body) }
  const answer = await postToHub({ hub, path: '/enrol', message, signal })
  const reply = parsed(answer.body, answer.status)
  if (reply.is === 'waiting') return null
  if (reply.is === 'refused') throw new VerbatimError('ENROLMENT_REFUSED', reply.why)
  if (!isProvenBy(key, PROOF_OF_ANSWER + reply.answer.body, reply.answer.proof))
    throw new VerbatimError('ENROLMENT_REFUSED', 'what answers does not know the code')
  try {
    return EnrolmentAnswer.parse(JSON.parse(reply.answer.body))
  } catch (cause) {
    throw new VerbatimError('ANSWER_INVALID', messageOf(cause).slice(0, 300), { cause })
  }
}

const parsed = (body: Buffer, status: number): EnrolmentReply => {
  try {
    return EnrolmentReply.parse(JSON.parse(body.toString('utf8')))
  } catch (cause) {
    throw new VerbatimError('ANSWER_INVALID', `no answer of a hub, status ${status}`, { cause })
  }
}
