/** Tells a device that the broker does not let in how it stands, and renews what has expired. See `wire/fleet/standing.ts`. */
import { verify, X509Certificate } from 'node:crypto'
import { messageOf, VerbatimError } from '../../base/error.ts'
import { DAY_MS } from '../../base/units.ts'
import type { CertificateRequest, IssuedCertificates } from '../../wire/fleet/certificate.ts'
import {
  STANDING_ASKED,
  STANDING_TOLD,
  type Standing,
  type StandingAnswer,
  StandingQuestion,
  type StandingRequest,
  type StandingTold,
} from '../../wire/fleet/standing.ts'
import type { Authority } from './authority.ts'
import type { AuthorityRegister } from './register.ts'

export interface StandingDeskOptions {
  authority: Authority
  register: AuthorityRegister
  /** By the operator's key; base64. */
  sign: (text: string) => string
  renew: (device: string, asked: CertificateRequest) => Promise<IssuedCertificates>
  now: () => number
}

/** A machine that was in a cupboard for so long after its certificate ended is looked at by somebody first. */
export const RENEWABLE_DAYS = 90
/** Whoever lost the answer asks again; whoever shows an old question again gets no further certificate for it. */
const ANSWER_KEPT_MS = DAY_MS

export class StandingDesk {
  /** By the request for a certificate. */
  readonly #renewed = new Map<string, { certificates: IssuedCertificates; atMs: number }>()

  constructor(private readonly options: StandingDeskOptions) {}

  /** Throws ENROLMENT_REFUSED when it is not what it says, and CERTIFICATE_INVALID. */
  async ask({ body, sig }: StandingRequest): Promise<StandingAnswer> {
    const { question, certificate } = this.#proven(body, sig)
    const { device, nonce } = question
    const told: StandingTold = { device, nonce, standing: await this.#standingOf(question, certificate) }
    const text = JSON.stringify(told)
    return { body: text, sig: this.options.sign(STANDING_TOLD + text) }
  }

  #proven(body: string, sig: string): { question: StandingQuestion; certificate: X509Certificate } {
    try {
      const question = StandingQuestion.parse(JSON.parse(body))
      const certificate = new X509Certificate(Buffer.from(question.certificate, 'base64'))
      if (!this.options.authority.hasIssued(certificate)) throw new TypeError('its certificate is of somebody else')
      if (!certificate.subject.split('\n').includes(`CN=${question.device}`))
        throw new TypeError('it is another device')
      const isSigned = verify(
        'sha256',
        Buffer.from(STANDING_ASKED + body),
        certificate.publicKey,
        Buffer.from(sig, 'base64'),
      )
      if (!isSigned) throw new TypeError('it is not signed by the key of its certificate')
      return { question, certificate }
    } catch (cause) {
      throw new VerbatimError('ENROLMENT_REFUSED', messageOf(cause).slice(0, 300), { cause })
    }
  }

  async #standingOf({ device, renewal }: StandingQuestion, certificate: X509Certificate): Promise<Standing> {
    const { register, now } = this.options
    if (!register.find(device)) return { is: 'unknown' }
    if (!register.isGood(device, certificate.serialNumber)) return { is: 'revoked' }
    if (!renewal) return { is: 'good' }
    const overMs = now() - Date.parse(certificate.validTo)
    return overMs > RENEWABLE_DAYS * DAY_MS ? { is: 'expired' } : this.#renew(device, renewal)
  }

  async #renew(device: string, renewal: CertificateRequest): Promise<Standing> {
    const nowMs = this.options.now()
    for (const [csr, { atMs }] of this.#renewed) if (nowMs - atMs > ANSWER_KEPT_MS) this.#renewed.delete(csr)
    const known = this.#renewed.get(renewal.csr)
    if (known) return { is: 'renewed', certificates: known.certificates }
    const certificates = await this.options.renew(device, renewal)
    this.#renewed.set(renewal.csr, { certificates, atMs: nowMs })
    return { is: 'renewed', certificates }
  }
}
