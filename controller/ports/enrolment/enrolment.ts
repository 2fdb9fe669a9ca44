/**
 * Makes this device one of the fleet, once, and keeps it one: asks the hub until somebody has typed the code that is
 * shown here, has its certificates renewed before they expire, and finds out why when it is not let in any more.
 * Recording needs none of it.
 */
import { BackOff, type BackOffLimits } from '../../base/back-off.ts'
import { hintOfCode } from '../../base/code-proof.ts'
import { codeOf, messageOf, VerbatimError } from '../../base/error.ts'
import type { Logger } from '../../base/log.ts'
import { DAY_MS, utcText } from '../../base/units.ts'
import { type CertificateRequest, IssuedCertificates } from '../../wire/fleet/certificate.ts'
import { type EnrolmentRequest, HINT_OF_CODE } from '../../wire/fleet/enrolment.ts'
import { askHub, keyOf } from './ask-hub.ts'
import { askStanding } from './ask-standing.ts'
import { type EvidenceKey, evidenceProof } from './evidence-proof.ts'
import { newKeyRequest, requireFor } from './key-request.ts'
import { type Asked, beginOf, expiryOf, type Member, type MemberContent, MemberFile } from './member-file.ts'
import { newCode, newDeviceId } from './new-name.ts'
import { presetCode } from './preset-code.ts'

export interface EnrolmentOptions {
  /** Where `member.json` lies. */
  folder: string
  /** Address of the hub. */
  hub: string
  /** A code that was put into the machine before it left. */
  codeFile?: string | undefined
  /** As people call them. */
  court: string
  room: string
  /** Null when the key does not answer: then it stays self-signed. */
  evidence: EvidenceKey | null
  log: Logger
  /** Told whenever it has new certificates, and at the start when it has some. */
  enrolled: (member: Member) => void
  pace?: BackOffLimits
  /** Between two questions why it is not let in. */
  standingPace?: BackOffLimits
  utcMs?: () => number
}

/** Somebody stands before the screen, and waits. */
const PACE: BackOffLimits = { firstMs: 3_000, longestMs: 60_000 }
const STANDING_PACE: BackOffLimits = { firstMs: 5_000, longestMs: 600_000 }
/** A certificate is renewed when a third of its life is left, or thirty days. */
const RENEW_AT_SHARE = 1 / 3
const RENEW_AT_MS = 30 * DAY_MS

export class Enrolment {
  readonly #file: MemberFile
  readonly #pace: BackOff
  readonly #standingPace: BackOff
  readonly #stop = new AbortController()
  #content: MemberContent | null = null
  #why = ''
  #isRefused = false
  #reachedUtcMs: number | null = null
  #running: Promise<void> | null = null
  #isAskingStanding = false

  constructor(private readonly options: EnrolmentOptions) {
    this.#file = new MemberFile(options.folder)
    this.#pace = new BackOff(options.pace ?? PACE)
    this.#standingPace = new BackOff(options.standingPace ?? STANDING_PACE)
  }

  get member(): Member | null {
    return this.#content?.is === 'enrolled' ? this.#content : null
  }

  /** What this device is called; empty until it is known. */
  get device(): string {
    return this.#content?.device ?? ''
  }

  /** What an administrator types into the console; empty when it is enrolled. It is shown, and never logged. */
  get code(): string {
    return this.#asked?.code ?? ''
  }

  /** Why it asks to be taken in again; null when it does not. */
  get isOut(): NonNullable<Member['again']>['because'] | null {
    return this.member?.again?.because ?? null
  }

  /** Its certificate is over, by the clock of this machine. */
  get isExpired(): boolean {
    return this.member !== null && expiryOf(this.member.certificates).getTime() <= this.#utcMs()
  }

  /** How asking goes. */
  get asking(): { isRefused: boolean; why: string; reachedUtcMs: number | null } {
    return { isRefused: this.#isRefused, why: this.#why, reachedUtcMs: this.#reachedUtcMs }
  }

  start(): void {
    this.#running ??= this.#run().catch((fault: unknown) =>
      this.options.log.error(
        { fault: messageOf(fault) },
        'this recorder cannot be enrolled: its folder cannot be used',
      ),
    )
  }

  async stop(): Promise<void> {
    this.#stop.abort()
    await this.#running
  }

  /** What to ask the hub for, when a new certificate is due; null when none is. Rejects with what the disk throws. */
  async renewal(): Promise<CertificateRequest | null> {
    const member = this.member
    return member && this.#isDue(member) ? this.#renewalOf(member) : null
  }

  async #renewalOf(member: Member): Promise<CertificateRequest> {
    const renewal = member.renewal ?? (await newKeyRequest(`CN=${member.device}, O=${member.court}`))
    // The key first: a certificate for a key that a cut took away is worth nothing.
    if (!member.renewal) await this.#keep({ ...member, renewal })
    return { at: utcText(this.#utcMs()), csr: renewal.csr, ...(await this.#evidenceFor(renewal.csr)) }
  }

  /** The broker lets it in: whatever was wrong is over. */
  async welcomed(): Promise<void> {
    this.#standingPace.succeeded()
    if (this.member?.again) await this.#keep({ ...this.member, again: null })
  }

  /**
   * The broker does not let it in, or its certificate is over: asks the hub why, now and then. Only the operator's word
   * changes anything: a new certificate, or a new code for somebody to type. Never rejects.
   */
  async askWhy(): Promise<void> {
    const member = this.member
    if (!member || member.again || this.#isAskingStanding || this.#standingPace.leftMs > 0) return
    this.#isAskingStanding = true
    try {
      await this.#hearStanding(member)
      this.#heard(null)
    } catch (fault) {
      if (!this.#stop.signal.aborted) this.#heard(fault)
    } finally {
      this.#isAskingStanding = false
      this.#standingPace.failed()
    }
  }

  async #hearStanding(member: Member): Promise<void> {
    const { hub, log } = this.options
    const renewal = this.isExpired ? await this.#renewalOf(member) : null
    const asked = this.member ?? member
    const standing = await askStanding({ hub, member: asked, renewal, signal: this.#stop.signal })
    if (standing.is === 'good') return
    if (standing.is === 'renewed') return this.#take(standing.certificates)
    log.warn({ standing: standing.is }, 'this recorder was taken out of the fleet, and asks to be taken in again')
    await this.#keepAsking(newCode(), standing.is)
    this.#running = this.#askAndTell()
  }

  /** What the hub has issued. Throws CERTIFICATE_INVALID, and then the old ones go on. */
  async renewed(payload: Uint8Array): Promise<void> {
    const parsed = IssuedCertificates.safeParse(JSON.parse(Buffer.from(payload).toString('utf8')))
    if (!parsed.success) throw new VerbatimError('CERTIFICATE_INVALID', 'the message with it breaks its schema')
    await this.#take(parsed.data)
  }

  async #take(certificates: IssuedCertificates): Promise<void> {
    const member = this.member
    if (!member?.renewal) throw new VerbatimError('CERTIFICATE_INVALID', 'none was asked for')
    requireFor(member.renewal.key, certificates.tls, certificates.authority)
    const { evidence } = certificates.evidence.length ? certificates : member.certificates
    const next = { ...member, certificates: { ...certificates, evidence }, key: member.renewal.key, renewal: null }
    await this.#keep(next)
    this.options.log.info({ expires: expiryOf(certificates).toISOString() }, 'this recorder has a new certificate')
    this.options.enrolled(next)
  }

  async #run(): Promise<void> {
    this.#content = await this.#file.read()
    this.#tell()
    if (this.member && !this.member.again) return
    await this.#askAndTell()
  }

  async #askAndTell(): Promise<void> {
    if (await this.#ask()) this.#tell()
  }

  #tell(): void {
    if (this.member) this.options.enrolled(this.member)
  }

  /** Until somebody has typed the code: true; or until it need not be asked any more. */
  async #ask(): Promise<boolean> {
    const { hub, log } = this.options
    let asked = await this.#question()
    let proof = await keyOf(asked.code, asked.csr)
    // The code stands on the screen alone: a log is sent to whoever orders it.
    log.info({ hub }, 'this recorder asks to be enrolled: type the code that "verbatim enrol" shows into the console')
    while (!this.#stop.signal.aborted && this.#asked) {
      try {
        const answer = await askHub({ hub, body: asked.body, key: proof, signal: this.#stop.signal })
        this.#heard(null)
        if (answer) {
          requireFor(asked.key, answer.certificates.tls, answer.certificates.authority)
          if (answer.device !== this.device) throw new VerbatimError('CERTIFICATE_INVALID', `for ${answer.device}`)
          await this.#keep({ is: 'enrolled', ...answer, key: asked.key, renewal: null, again: null })
          log.info({ court: answer.court, device: answer.device }, 'this recorder is enrolled')
          return true
        }
        this.#pace.succeeded()
      } catch (fault) {
        if (this.#stop.signal.aborted) return false
        this.#heard(fault)
        if (codeOf(fault) === 'CERTIFICATE_INVALID') {
          // What was issued is for something else: everything is asked anew.
          await this.#keepAsking(newCode(), this.isOut)
          asked = this.#asked!
          proof = await keyOf(asked.code, asked.csr)
        }
      }
      this.#pace.failed()
      await pause(this.#pace.leftMs, this.#stop.signal)
    }
    return false
  }

  get #asked(): Asked | null {
    if (this.#content?.is === 'asking') return this.#content
    return this.member?.again ?? null
  }

  /** The same at every start, so that what the hub answered once is heard later. */
  async #question(): Promise<Asked> {
    if (this.member?.again) return this.member.again
    const preset = await presetCode(this.options.codeFile, this.options.log)
    const known = this.#asked
    if (!known || (preset && preset !== known.code)) await this.#keepAsking(preset ?? newCode(), null)
    return this.#asked!
  }

  /** @param because a member asks to be taken in again; it keeps its name */
  async #keepAsking(code: string, because: NonNullable<Member['again']>['because'] | null): Promise<void> {
    const device = this.device || newDeviceId()
    const { key, csr } = await newKeyRequest(`CN=${device}`)
    const { court, room } = this.options
    const request: EnrolmentRequest = {
      ...{ hint: hintOfCode(code, HINT_OF_CODE), device, court: court.slice(0, 200), room: room.slice(0, 200), csr },
      ...(await this.#evidenceFor(csr)),
    }
    const asked: Asked = { code, body: JSON.stringify(request), key, csr }
    const { member } = this
    await this.#keep(
      member && because ? { ...member, again: { ...asked, because } } : { is: 'asking', device, ...asked },
    )
  }

  #evidenceFor(csr: string) {
    return evidenceProof(this.options.evidence, csr, this.options.log)
  }

  async #keep(content: MemberContent): Promise<void> {
    await this.#file.write(content)
    this.#content = content
  }

  #heard(fault: unknown): void {
    const why = fault === null ? '' : messageOf(fault)
    this.#isRefused = fault !== null && codeOf(fault) === 'ENROLMENT_REFUSED'
    if (fault === null) this.#reachedUtcMs = this.#utcMs()
    if (why && why !== this.#why)
      this.options.log.warn(
        { code: codeOf(fault), fault: why },
        'the hub was asked, and did not say how this recorder stands',
      )
    this.#why = why
  }

  #isDue(member: Member): boolean {
    const endMs = expiryOf(member.certificates).getTime()
    const leftMs = endMs - this.#utcMs()
    const lifeMs = endMs - beginOf(member.certificates).getTime()
    return leftMs < Math.min(RENEW_AT_MS, lifeMs * RENEW_AT_SHARE)
  }

  #utcMs(): number {
    return this.options.utcMs?.() ?? Date.now()
  }
}

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const timer = setTimeout(resolve, ms)
    timer.unref()
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer)
        resolve()
      },
      { once: true },
    )
  })
