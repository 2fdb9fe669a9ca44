/**
 * Makes this device one of the fleet, once, and keeps it one: asks the hub until somebody has typed the code that is
 * shown here, and has its certificates renewed before they expire. Recording needs none of it.
 */
import { readFile } from 'node:fs/promises'
import { BackOff, type BackOffLimits } from '../../base/back-off.ts'
import { hintOfCode } from '../../base/code-proof.ts'
import { codeOf, messageOf, VerbatimError } from '../../base/error.ts'
import type { Logger } from '../../base/log.ts'
import { DAY_MS, utcText } from '../../base/units.ts'
import { type CertificateRequest, IssuedCertificates } from '../../wire/fleet/certificate.ts'
import { type EnrolmentRequest, HINT_OF_CODE } from '../../wire/fleet/enrolment.ts'
import { askHub, keyOf } from './ask-hub.ts'
import { newKeyRequest, requireFor } from './key-request.ts'
import { beginOf, expiryOf, type Member, type MemberContent, MemberFile } from './member-file.ts'
import { codeIn, newCode, newDeviceId } from './new-name.ts'

/** The key that signs journals: certified too, so that journals say whose it is. */
export interface EvidenceKey {
  publicKey: Uint8Array
  sign(bytes: Uint8Array): Promise<Uint8Array>
}

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
  utcMs?: () => number
}

/** Somebody stands before the screen, and waits. */
const PACE: BackOffLimits = { firstMs: 3_000, longestMs: 60_000 }
/** A certificate is renewed when a third of its life is left, or thirty days. */
const RENEW_AT_SHARE = 1 / 3
const RENEW_AT_MS = 30 * DAY_MS

export class Enrolment {
  readonly #file: MemberFile
  readonly #pace: BackOff
  readonly #stop = new AbortController()
  #content: MemberContent | null = null
  #why = ''
  #isRefused = false
  #reachedUtcMs: number | null = null
  #running: Promise<void> | null = null

  constructor(private readonly options: EnrolmentOptions) {
    this.#file = new MemberFile(options.folder)
    this.#pace = new BackOff(options.pace ?? PACE)
  }

  get member(): Member | null {
    return this.#content?.is === 'enrolled' ? this.#content : null
  }

  /** What this device is called; empty until it is known. */
  get device(): string {
    return this.#content?.device ?? ''
  }

  /** What an administrator types into the console; empty when it is enrolled. */
  get code(): string {
    return this.#content?.is === 'asking' ? this.#content.code : ''
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
    if (!member || !this.#isDue(member)) return null
    const renewal = member.renewal ?? (await newKeyRequest(`CN=${member.device}, O=${member.court}`))
    // The key first: a certificate for a key that a cut took away is worth nothing.
    if (!member.renewal) await this.#keep({ ...member, renewal })
    return { at: utcText(this.#utcMs()), csr: renewal.csr, ...(await this.#evidenceFor(renewal.csr)) }
  }

  /** What the hub has issued. Throws CERTIFICATE_INVALID, and then the old ones go on. */
  async renewed(payload: Uint8Array): Promise<void> {
    const member = this.member
    const parsed = IssuedCertificates.safeParse(JSON.parse(Buffer.from(payload).toString('utf8')))
    if (!parsed.success) throw new VerbatimError('CERTIFICATE_INVALID', 'the message with it breaks its schema')
    if (!member?.renewal) throw new VerbatimError('CERTIFICATE_INVALID', 'none was asked for')
    const certificates = parsed.data
    requireFor(member.renewal.key, certificates.tls, certificates.authority)
    const { evidence } = certificates.evidence.length ? certificates : member.certificates
    const next = { ...member, certificates: { ...certificates, evidence }, key: member.renewal.key, renewal: null }
    await this.#keep(next)
    this.options.log.info({ expires: expiryOf(certificates).toISOString() }, 'this recorder has a new certificate')
    this.options.enrolled(next)
  }

  async #run(): Promise<void> {
    this.#content = await this.#file.read()
    if (this.#content?.is !== 'enrolled') await this.#ask()
    if (this.member) this.options.enrolled(this.member)
  }

  async #ask(): Promise<void> {
    let { body, code, key } = await this.#question()
    let proof = await keyOf(code, this.#csr)
    this.options.log.info(
      { code, hub: this.options.hub },
      'this recorder asks to be enrolled: type its code into the console',
    )
    while (!this.#stop.signal.aborted) {
      try {
        const answer = await askHub({ hub: this.options.hub, body, key: proof, signal: this.#stop.signal })
        this.#heard(null)
        if (answer) {
          requireFor(key, answer.certificates.tls, answer.certificates.authority)
          if (answer.device !== this.device) throw new VerbatimError('CERTIFICATE_INVALID', `for ${answer.device}`)
          await this.#keep({ is: 'enrolled', ...answer, key, renewal: null })
          this.options.log.info({ court: answer.court, device: answer.device }, 'this recorder is enrolled')
          return
        }
        this.#pace.succeeded()
      } catch (fault) {
        if (this.#stop.signal.aborted) return
        this.#heard(fault)
        if (codeOf(fault) === 'CERTIFICATE_INVALID') {
          // What was issued is for something else: everything is asked anew.
          await this.#keepAsking(newCode())
          ;({ body, code, key } = await this.#question())
          proof = await keyOf(code, this.#csr)
        }
      }
      this.#pace.failed()
      await pause(this.#pace.leftMs, this.#stop.signal)
    }
  }

  get #csr(): string {
    return this.#content?.is === 'asking' ? this.#content.csr : ''
  }

  /** The same at every start, so that what the hub answered once is heard later. */
  async #question(): Promise<{ body: string; code: string; key: string }> {
    const preset = await this.#presetCode()
    const known = this.#content
    if (known?.is !== 'asking' || (preset && preset !== known.code)) await this.#keepAsking(preset ?? newCode())
    const asking = this.#content
    if (asking?.is !== 'asking') throw new VerbatimError('ENROLMENT_REFUSED', 'it is enrolled already')
    return asking
  }

  async #keepAsking(code: string): Promise<void> {
    const device = this.device || newDeviceId()
    const { key, csr } = await newKeyRequest(`CN=${device}`)
    const { court, room } = this.options
    const request: EnrolmentRequest = {
      ...{ hint: hintOfCode(code, HINT_OF_CODE), device, court: court.slice(0, 200), room: room.slice(0, 200), csr },
      ...(await this.#evidenceFor(csr)),
    }
    await this.#keep({ is: 'asking', device, code, body: JSON.stringify(request), key, csr })
  }

  async #presetCode(): Promise<string | null> {
    const { codeFile, log } = this.options
    if (!codeFile) return null
    try {
      const code = codeIn(await readFile(codeFile, 'utf8'))
      if (!code) log.warn({ codeFile }, 'the file with the code for enrolment holds none')
      return code
    } catch (fault) {
      log.warn({ codeFile, fault: messageOf(fault) }, 'the file with the code for enrolment cannot be read')
      return null
    }
  }

  async #evidenceFor(csr: string): Promise<{ evidenceKey: string | null; evidenceProof: string | null }> {
    const { evidence, log } = this.options
    if (!evidence) return { evidenceKey: null, evidenceProof: null }
    try {
      const proof = await evidence.sign(Buffer.from(csr, 'base64'))
      return {
        evidenceKey: Buffer.from(evidence.publicKey).toString('base64'),
        evidenceProof: Buffer.from(proof).toString('base64'),
      }
    } catch (fault) {
      log.warn(
        { fault: messageOf(fault) },
        'the key that signs journals does not answer; it is not certified by the hub',
      )
      return { evidenceKey: null, evidenceProof: null }
    }
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
      this.options.log.warn({ code: codeOf(fault), fault: why }, 'this recorder is not enrolled')
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
