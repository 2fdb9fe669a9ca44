/**
 * Where a device becomes one of the fleet. It asks until somebody types its code; who typed it has proved nothing but
 * that they saw the screen of the appliance, and that is what it takes. See `wire/fleet/enrolment.ts`.
 */
import { hintOfCode, isProvenBy, keyOfCode, plainCode, proofBy } from '../../base/code-proof.ts'
import { messageOf, VerbatimError } from '../../base/error.ts'
import { utcText } from '../../base/units.ts'
import type { CertificateRequest, IssuedCertificates } from '../../wire/fleet/certificate.ts'
import {
  type EnrolmentAnswer,
  type EnrolmentReply,
  EnrolmentRequest,
  HINT_OF_CODE,
  PROOF_OF_ANSWER,
  PROOF_OF_REQUEST,
  type Proven,
} from '../../wire/fleet/enrolment.ts'
import type { StandingAnswer, StandingRequest } from '../../wire/fleet/standing.ts'
import type { Authority } from './authority.ts'
import { keysIn } from './certificate-request.ts'
import type { ExpectedCodes } from './expected-codes.ts'
import type { AuthorityRegister } from './register.ts'
import { StandingDesk } from './standing-desk.ts'
import { WaitingDevices, type WaitingRequest } from './waiting-devices.ts'

export interface EnrolmentDeskOptions {
  authority: Authority
  register: AuthorityRegister
  /** Codes of shipments. */
  expected: ExpectedCodes
  /** What a device is told beside its certificates. */
  told: () => Pick<EnrolmentAnswer, 'operatorKey' | 'witness' | 'mqtt'>
  /** By the operator's key; base64. */
  sign: (text: string) => string
  now?: () => number
}

/** A device that has the answer asks no more; one that lost it asks again within this time. */
const ANSWER_KEPT_MS = 24 * 3_600_000
/** Each costs a tenth of a second of a core. */
const PROOFS_AT_ONCE = 4

export class EnrolmentDesk {
  readonly #waiting = new WaitingDevices()
  /** By the body of the request. */
  readonly #answers = new Map<string, { answer: Proven; atMs: number }>()
  readonly #standings: StandingDesk
  #proving = 0

  constructor(private readonly options: EnrolmentDeskOptions) {
    const { authority, register, sign, now } = options
    this.#standings = new StandingDesk({
      ...{ authority, register, sign, now: () => now?.() ?? Date.now() },
      renew: (device, asked) => this.renew(device, asked),
    })
  }

  /** A device that the broker does not let in asks why. Throws ENROLMENT_REFUSED when it is not what it says. */
  standing(request: StandingRequest): Promise<StandingAnswer> {
    return this.#standings.ask(request)
  }

  /** A device asks, again and again. Throws ENROLMENT_REFUSED. */
  async ask({ body, proof }: Proven): Promise<EnrolmentReply> {
    const nowMs = this.#now()
    for (const [known, { atMs }] of this.#answers) if (nowMs - atMs > ANSWER_KEPT_MS) this.#answers.delete(known)
    const answered = this.#answers.get(body)
    if (answered) {
      this.#waiting.remove(requestIn(body).device)
      return { is: 'enrolled', answer: answered.answer }
    }
    const request = requestIn(body)
    if (!this.#waiting.keep(body, request, proof, nowMs))
      throw new VerbatimError('ENROLMENT_REFUSED', 'too many devices wait to be enrolled')
    const expected = this.options.expected.withHint(request.hint)
    const waiting = this.#waiting.find(request.device)!
    for (const { code, court } of expected) {
      if (waiting.tried.has(code)) continue
      waiting.tried.add(code)
      const key = await this.#keyOf(waiting, code)
      if (!key) continue
      await this.options.expected.use(code)
      return { is: 'enrolled', answer: await this.#enrol(waiting, court, key) }
    }
    return { is: 'waiting' }
  }

  /** Those that wait for a code, with the time they first asked. */
  waiting(): { device: string; court: string; room: string; askedAt: string }[] {
    this.#waiting.forget(this.#now())
    return this.#waiting.all().map(({ request: { device, court, room }, askedMs }) => ({
      ...{ device, court, room, askedAt: utcText(askedMs) },
    }))
  }

  /** Somebody typed a code. Resolves with the device, once it is durable. Throws ENROLMENT_REFUSED. */
  async enter(code: string, court: string): Promise<string> {
    if (!/^[0-9A-Z]{12}$/.test(plainCode(code)))
      throw new VerbatimError('ENROLMENT_REFUSED', 'a code has twelve letters and digits')
    const hint = hintOfCode(code, HINT_OF_CODE)
    for (const waiting of this.#waiting.all().filter(({ request }) => request.hint === hint)) {
      const key = await this.#keyOf(waiting, code)
      if (!key) continue
      await this.#enrol(waiting, court, key)
      return waiting.request.device
    }
    throw new VerbatimError(
      'ENROLMENT_REFUSED',
      'no device that waits shows this code; is it connected, and is it typed right?',
    )
  }

  /** A new certificate for a device whose present one opened its connection. Throws CERTIFICATE_INVALID, NOT_FOUND. */
  async renew(device: string, asked: CertificateRequest): Promise<IssuedCertificates> {
    const { authority, register } = this.options
    const known = register.find(device)
    if (!known || known.revokedAt !== null) throw new VerbatimError('NOT_FOUND', `${device} is not enrolled`)
    const keys = await keysIn(asked)
    // Another evidence key needs somebody who sees the machine: it is enrolled again.
    const isSameKey = asked.evidenceKey === null || asked.evidenceKey === known.evidenceKey
    if (!isSameKey)
      throw new VerbatimError('CERTIFICATE_INVALID', 'the key that signs journals is another than at enrolment')
    const { certificates, serial, expires } = await authority.issueDevice(known.court, device, device, keys)
    await register.add({ is: 'renewed', at: this.#nowText(), device, serial, expires: expires.toISOString() })
    return certificates
  }

  /** It may not connect any more, from the moment this resolves. Throws NOT_FOUND. */
  async revoke(device: string, by: string): Promise<void> {
    if (!this.options.register.find(device)) throw new VerbatimError('NOT_FOUND', `${device} is not enrolled`)
    await this.options.register.add({ is: 'revoked', at: this.#nowText(), device, by })
  }

  /** The key that the code gives for this request; null when it is another's. */
  async #keyOf({ request, body, proof }: WaitingRequest, code: string): Promise<Buffer | null> {
    if (this.#proving >= PROOFS_AT_ONCE)
      throw new VerbatimError('ENROLMENT_REFUSED', 'too many codes are being tried at once; try again')
    this.#proving++
    try {
      const key = await keyOfCode(code, Buffer.from(request.csr, 'base64'))
      return isProvenBy(key, PROOF_OF_REQUEST + body, proof) ? key : null
    } finally {
      this.#proving--
    }
  }

  async #enrol({ request, body }: WaitingRequest, court: string, key: Buffer): Promise<Proven> {
    const { authority, register, told } = this.options
    const { device, room, evidenceKey } = request
    const keys = await keysIn(request).catch((fault: unknown) => {
      this.#waiting.remove(device)
      throw new VerbatimError('ENROLMENT_REFUSED', messageOf(fault), { cause: fault })
    })
    const { certificates, serial, expires } = await authority.issueDevice(
      court,
      device,
      `${request.court}, ${room}`,
      keys,
    )
    const answer: EnrolmentAnswer = { device, court, certificates, ...told() }
    const text = JSON.stringify(answer)
    const at = this.#nowText()
    await register.add({ is: 'enrolled', at, device, court, room, serial, expires: expires.toISOString(), evidenceKey })
    const proven = { body: text, proof: proofBy(key, PROOF_OF_ANSWER + text) }
    this.#answers.set(body, { answer: proven, atMs: this.#now() })
    this.#waiting.remove(device)
    return proven
  }

  #now(): number {
    return this.options.now?.() ?? Date.now()
  }

  #nowText(): string {
    return utcText(this.#now())
  }
}

const requestIn = (body: string): EnrolmentRequest => {
  try {
    return EnrolmentRequest.parse(JSON.parse(body))
  } catch (cause) {
    throw new VerbatimError('ENROLMENT_REFUSED', `the request cannot be read: ${messageOf(cause)}`, { cause })
  }
}
