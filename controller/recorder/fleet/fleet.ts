/**
 * This recorder in its fleet: enrolled once, then reporting for as long as it runs. Nothing here is waited for by the
 * recording, and nothing that goes wrong here reaches it.
 */
import { join } from 'node:path'
import { makeFolders } from '../../base/durable.ts'
import { messageOf } from '../../base/error.ts'
import { now } from '../../base/monotonic.ts'
import { type Reason, reason } from '../../base/reason.ts'
import { SECOND_MS, utcText } from '../../base/units.ts'
import { sleep } from '../../base/within.ts'
import type { Stamp } from '../../core/event.ts'
import type { State } from '../../core/state.ts'
import { Enrolment } from '../../ports/enrolment/enrolment.ts'
import { type Member, pemOf } from '../../ports/enrolment/member-file.ts'
import { Machine, machineName } from '../../ports/machine/machine.ts'
import type { FleetStatus } from '../../wire/clerk.ts'
import type { Docket } from '../../wire/fleet/docket.ts'
import type { Order, OrderOp } from '../../wire/fleet/order.ts'
import { switchOff } from '../switch-off.ts'
import { Dockets } from './dockets.ts'
import { KnownAlarms } from './known-alarms.ts'
import { type Membership, ofConfig, ofMember } from './membership.ts'
import { MqttWitness } from './mqtt-witness.ts'
import type { Outcome } from './orders.ts'
import { birthOf, Reporting, type ReportingOptions } from './reporting.ts'

export interface FleetOptions
  extends Pick<
    ReportingOptions,
    'config' | 'fleet' | 'boot' | 'log' | 'remote' | 'evidenceKey' | 'restart' | 'takeLive'
  > {
  /** Null when it does not answer. */
  evidence: ConstructorParameters<typeof Enrolment>[0]['evidence']
  about: Omit<Parameters<typeof birthOf>[1], 'model' | 'serial'>
  /** PEM: from the hub, for the key that signs journals. */
  takeEvidence: (chain: string) => Promise<void>
  /** Null when it is begun; why not otherwise. */
  askSelfTest: () => Promise<string | null>
  /** False without a panel. */
  lightPanels: () => boolean
  logLines: (maxBytes: number) => string
}

/** A hub that is away for a moment is no trouble. */
const AWAY_AFTER_MS = 120 * SECOND_MS
const RENEWAL_EVERY_MS = 60 * SECOND_MS
const OPENED_WITHIN_MS = 30 * SECOND_MS
const LAST_WORDS_MS = 2_500
const MAX_LOG_BYTES = 40 << 10

export class Fleet {
  readonly #folder: string
  readonly #witness: MqttWitness
  readonly #machine = new Machine()
  #enrolment: Enrolment | null = null
  #reporting: Reporting | null = null
  #dockets: Dockets | null = null
  #alarms: KnownAlarms | null = null
  #begun: Promise<void> | null = null
  #renewing: NodeJS.Timeout | null = null
  /** The order whose self-test is under way, and when the last one had ended before it. */
  #testing: { id: string; testedUtcMs: number | null } | null = null
  #testedUtcMs: number | null = null
  #isStopped = false
  #early: { state: State; at: Stamp }[] = []

  constructor(private readonly options: FleetOptions) {
    this.#folder = join(options.config.stateDir, 'fleet')
    this.#witness = new MqttWitness({
      say: (place) => {
        this.#reporting?.uplink.say('place', place, true)
        return this.#reporting?.uplink.contact.is === 'connected'
      },
    })
  }

  /** Returns at once. */
  start(): void {
    this.#begun ??= this.#begin().catch((fault: unknown) =>
      this.options.log.error({ fault: messageOf(fault) }, 'this recorder cannot report to its fleet'),
    )
  }

  /** Shows places to the witness of the fleet. */
  get showing() {
    return this.#witness.show
  }

  get docket(): Docket | null {
    return this.#dockets?.docket ?? null
  }

  /** After each tick that was judged. Never throws. */
  look(state: State, at: Stamp): void {
    try {
      this.#testedUtcMs = state.trial.testedUtcMs
      if (this.#testing && state.trial.testedUtcMs !== this.#testing.testedUtcMs) this.#tellTested(state)
      if (this.#reporting) this.#reporting.look(state, at)
      else this.#remember(state, at)
    } catch (fault) {
      this.options.log.error({ fault: messageOf(fault) }, 'what goes on here could not be told to the fleet')
    }
  }

  /** What the hearing did while the files of the fleet are still being opened is told, too. */
  #remember(state: State, at: Stamp): void {
    const first = this.#early[0]
    if (first && at.atMs - first.at.atMs > OPENED_WITHIN_MS) this.#early = [{ state, at }]
    else if (this.#early.at(-1)?.state.hearing.is !== state.hearing.is) this.#early.push({ state, at })
  }

  /** Null while it is reached, was reached a moment ago, or this device is not enrolled. */
  get hubAway(): Reason | null {
    const contact = this.#reporting?.uplink.contact
    if (contact?.is !== 'away' || now().utcMs - contact.sinceUtcMs < AWAY_AFTER_MS) return null
    return reason('The hub of the fleet is not reached', `since ${utcText(contact.sinceUtcMs)}: ${contact.why}`)
  }

  get status(): FleetStatus {
    const { remote, fleet } = this.options
    const common = { waiting: this.#reporting?.outbox.waiting ?? 0, config: remote.text }
    const enrolment = this.#enrolment
    if (this.#reporting) {
      const { court, device, url } = this.#membership!
      const { contact } = this.#reporting.uplink
      const reached = contact.is === 'connected'
      return {
        ...{ ...common, is: 'enrolled', device, court, code: '', hub: url, reached },
        ...{ since: utcText(contact.sinceUtcMs), why: reached ? '' : contact.why },
        certificateExpires: this.#reporting.certificateExpires,
      }
    }
    const { isRefused, why, reachedUtcMs } = enrolment?.asking ?? { isRefused: false, why: '', reachedUtcMs: null }
    return {
      ...{ ...common, is: isRefused ? 'refused' : 'asking', device: enrolment?.device ?? '', court: '' },
      ...{
        code: enrolment?.code ?? '',
        hub: fleet.hub ?? fleet.mqtt?.url ?? '',
        reached: why === '' && reachedUtcMs !== null,
      },
      ...{ since: reachedUtcMs === null ? '' : utcText(reachedUtcMs), why, certificateExpires: null },
    }
  }

  /** Nobody is kept waiting: what was not said is kept, and said later. */
  async stop(why: string): Promise<void> {
    this.#isStopped = true
    if (this.#renewing) clearInterval(this.#renewing)
    await Promise.race([Promise.all([this.#enrolment?.stop(), this.#reporting?.stop(why)]), sleep(LAST_WORDS_MS)])
  }

  #membership: Membership | null = null

  async #begin(): Promise<void> {
    const { fleet, log, config, evidence } = this.options
    await makeFolders(this.#folder)
    this.#alarms = await KnownAlarms.open(this.#folder, log)
    this.#dockets = await Dockets.open(this.#folder, log).catch((fault: unknown) => {
      log.error({ fault: messageOf(fault) }, 'no docket can be kept here')
      return null
    })
    if (fleet.mqtt) return this.#report(ofConfig(fleet.mqtt))
    this.#enrolment = new Enrolment({
      ...{ folder: this.#folder, hub: fleet.hub!, codeFile: fleet.codeFile, court: config.court, room: config.room },
      ...{ evidence, log, enrolled: (member) => void this.#enrolled(member) },
    })
    this.#enrolment.start()
    this.#renewing = setInterval(() => void this.#renew(), RENEWAL_EVERY_MS).unref()
  }

  async #enrolled(member: Member): Promise<void> {
    const { log, takeEvidence } = this.options
    const { evidence } = member.certificates
    if (evidence.length)
      await takeEvidence(evidence.map(pemOf).join('')).catch((fault: unknown) =>
        log.warn({ fault: messageOf(fault) }, "the hub's certificate for the key that signs journals cannot be used"),
      )
    try {
      await this.#report(ofMember(member))
      await this.#renew()
    } catch (fault) {
      log.error({ fault: messageOf(fault) }, 'this recorder cannot report to its fleet')
    }
  }

  async #report(membership: Membership): Promise<void> {
    if (this.#isStopped) return
    this.#membership = membership
    if (this.#reporting) return this.#reporting.renewed(membership)
    const about = { ...this.options.about, ...(await machineName()) }
    this.#reporting = new Reporting({
      ...this.options,
      ...{ folder: this.#folder, membership, alarms: this.#alarms!, dockets: this.#dockets, machine: this.#machine },
      ...{ witness: this.#witness, birth: birthOf(this.options.config, about), carryOut: this.#carryOut },
      certificates: async (payload) => this.#enrolment?.renewed(payload),
    })
    for (const { state, at } of this.#early.splice(0)) this.#reporting.look(state, at)
  }

  async #renew(): Promise<void> {
    const asked = await this.#enrolment?.renewal().catch((fault: unknown) => {
      this.options.log.warn({ fault: messageOf(fault) }, 'no new certificate can be asked for')
      return null
    })
    if (asked) this.#reporting?.uplink.askForCertificate(asked)
  }

  readonly #carryOut: { [Op in OrderOp]: (order: Order) => Promise<Outcome> } = {
    identify: async () =>
      this.options.lightPanels()
        ? { code: 'done', text: 'Every lamp of the panels was lit in turn.' }
        : { code: 'failed', text: 'This recorder has no panel that answers.' },
    'self-test': async ({ id }) => {
      const testedUtcMs = this.#testedUtcMs
      const refused = await this.options.askSelfTest()
      if (refused !== null) return { code: 'refused', text: refused }
      this.#testing = { id, testedUtcMs }
      return { code: 'under-way', text: 'The recorder tests itself.' }
    },
    'send-logs': async () => ({ code: 'done', text: 'The latest lines.', data: this.options.logLines(MAX_LOG_BYTES) }),
    reboot: async () => ({
      ...{ code: 'done', text: 'The machine starts again.' },
      afterwards: () => void this.#reboot(),
    }),
    update: async () => ({ code: 'refused', text: 'There is no updater on this machine yet.' }),
  }

  #tellTested(state: State): void {
    const { id } = this.#testing!
    this.#testing = null
    const results = state.selfTest ?? []
    const failed = results.filter(({ ok }) => !ok)
    const text = failed.length
      ? `Failed: ${failed.map(({ what }) => what).join(', ')}`
      : `${results.length} tests passed.`
    const data = results.map(({ what, ok, detail }) => `${ok ? 'pass' : 'FAIL'} ${what}: ${detail}`).join('\n')
    void this.#reporting?.orders.ended(id, { code: 'done', text: text.slice(0, 500), data: data.slice(0, 16_000) })
  }

  /** The answer gets a moment to leave. */
  async #reboot(): Promise<void> {
    await sleep(SECOND_MS)
    const fault = await switchOff(this.options.fleet.reboot)
    if (fault) this.options.log.error({ fault }, 'the machine could not be started again')
  }
}
