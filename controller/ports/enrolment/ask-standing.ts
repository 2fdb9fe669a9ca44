/** One question to the hub why the broker does not let this device in. Believed is only what the operator has signed. */
import { createSign, randomBytes } from 'node:crypto'
import { isSigned } from '../../base/ed25519.ts'
import { messageOf, VerbatimError } from '../../base/error.ts'
import type { CertificateRequest } from '../../wire/fleet/certificate.ts'
import {
  STANDING_ASKED,
  STANDING_TOLD,
  type Standing,
  StandingAnswer,
  type StandingQuestion,
  type StandingRequest,
  StandingTold,
} from '../../wire/fleet/standing.ts'
import type { Member } from './member-file.ts'
import { postToHub } from './post-to-hub.ts'

export interface StandingAsked {
  /** Address of the hub. */
  hub: string
  member: Member
  /** For the next certificate, where the present one has expired. */
  renewal: CertificateRequest | null
  signal: AbortSignal
}

/** Throws NO_ANSWER, ANSWER_INVALID and SIGNATURE_INVALID: none of them says anything of how this device stands. */
export const askStanding = async ({ hub, member, renewal, signal }: StandingAsked): Promise<Standing> => {
  const nonce = randomBytes(32).toString('base64')
  const { device, certificates } = member
  const question: StandingQuestion = { device, nonce, certificate: certificates.tls[0]!, renewal }
  const body = JSON.stringify(question)
  const sig = createSign('sha256')
    .update(STANDING_ASKED + body)
    .sign(member.key, 'base64')
  const message: StandingRequest = { body, sig }
  const answer = await postToHub({ hub, path: '/standing', message, signal })
  const told = parsed(answer.body, answer.status, member.operatorKey)
  if (told.device !== device || told.nonce !== nonce)
    throw new VerbatimError('ANSWER_INVALID', 'it answers another question')
  return told.standing
}

const parsed = (body: Buffer, status: number, operatorKey: string): StandingTold => {
  try {
    const said = StandingAnswer.safeParse(JSON.parse(body.toString('utf8')))
    if (!said.success) throw new TypeError(`no answer of a hub, status ${status}`)
    if (!isSigned(STANDING_TOLD + said.data.body, said.data.sig, operatorKey))
      throw new VerbatimError('SIGNATURE_INVALID', 'what answers is not signed by the operator of the fleet')
    return StandingTold.parse(JSON.parse(said.data.body))
  } catch (cause) {
    if (cause instanceof VerbatimError) throw cause
    throw new VerbatimError('ANSWER_INVALID', messageOf(cause).slice(0, 300), { cause })
  }
}
