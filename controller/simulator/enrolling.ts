/** How simulated rooms become part of a fleet: by the same questions as real ones, once; what they are given is kept. */
import { createHash, X509Certificate } from 'node:crypto'
import { join } from 'node:path'
import { hintOfCode } from '../base/code-proof.ts'
import { utcText } from '../base/units.ts'
import { askHub, keyOf } from '../ports/enrolment/ask-hub.ts'
import { newKeyRequest } from '../ports/enrolment/key-request.ts'
import { expiryOf, type Member, MemberFile, tlsFilesOf } from '../ports/enrolment/member-file.ts'
import { newCode } from '../ports/enrolment/new-name.ts'
import { HINT_OF_CODE } from '../wire/fleet/enrolment.ts'
import type { SimulatedRoom } from './room.ts'
import type { Membership } from './simulated-fleet.ts'

/** A room that has a code, and is not in the fleet yet. */
export interface Asking {
  room: SimulatedRoom
  code: string
  body: string
  key: string
  csr: string
}

const fileOf = (home: string, { device }: SimulatedRoom): MemberFile => new MemberFile(join(home, 'devices', device))

export const memberOf = async (home: string, room: SimulatedRoom): Promise<Member | null> => {
  const content = await fileOf(home, room).read()
  return content?.is === 'enrolled' ? content : null
}

/** The same code and the same request at every start, until it is enrolled. */
export const askingOf = async (home: string, room: SimulatedRoom): Promise<Asking> => {
  const file = fileOf(home, room)
  const known = await file.read()
  if (known?.is === 'asking') return { room, ...known }
  const { device, court, name } = room
  const code = newCode()
  const { key, csr } = await newKeyRequest(`CN=${device}`)
  const request = { hint: hintOfCode(code, HINT_OF_CODE), device, court: court.name, room: name, csr }
  const body = JSON.stringify({ ...request, evidenceKey: null, evidenceProof: null })
  await file.write({ is: 'asking', device, code, body, key, csr })
  return { room, code, body, key, csr }
}

/** Null while nobody has typed its code. Throws ENROLMENT_REFUSED, NO_ANSWER and ANSWER_INVALID. */
export const askOnce = async (
  home: string,
  hub: string,
  asking: Asking,
  signal: AbortSignal,
): Promise<Member | null> => {
  const { room, code, body, key, csr } = asking
  const answer = await askHub({ hub, body, key: await keyOf(code, csr), signal })
  if (!answer) return null
  const member: Member = { is: 'enrolled', ...answer, key, renewal: null, again: null }
  await fileOf(home, room).write(member)
  return member
}

export const membershipOf = (member: Member, docketKey: string): Membership => ({
  ...{ court: member.court, url: member.mqtt, operatorKey: member.operatorKey, docketKey },
  credentials: tlsFilesOf(member),
  certificateSha256: createHash('sha256')
    .update(new X509Certificate(Buffer.from(member.certificates.tls[0]!, 'base64')).raw)
    .digest('hex'),
  certificateExpires: utcText(expiryOf(member.certificates).getTime()),
})
