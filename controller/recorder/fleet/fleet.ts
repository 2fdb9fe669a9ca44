/**
 * This recorder in its fleet: enrolled once, then reporting for as long as it runs. Nothing here is waited for by the
 * recording, and nothing that goes wrong here reaches it.
 */
import { join } from 'node:path'
import type { BackOffLimits } from '../../base/back-off.ts'
import { makeFolders } from '../../base/durable.ts'
import { messageOf } from '../../base/error.ts'
import { now } from '../../base/monotonic.ts'
import { type Reason, reason } from '../../base/reason.ts'
import { SECOND_MS, utcText } from '../../base/units.ts'
import { sleep } from '../../base/within.ts'
import type { Stamp } from '../../core/event.ts'
import type { State } from '../../core/state.ts'
import { isHearingOpen } from '../../core/telemetry/alarms.ts'
import { Enrolment } from '../../ports/enrolment/enrolment.ts'
import { type Member, pemOf } from '../../ports/enrolment/member-file.ts'
import { Machine, machineName } from '../../ports/machine/machine.ts'
import type { FleetStatus } from '../../wire/clerk.ts'
import type { Docket } from '../../wire/fleet/docket.ts'
import type { Order, OrderFault, OrderOp } from '../../wire/fleet/order.ts'
import { switchOff } from '../switch-off.ts'
import { Dockets } from './dockets.ts'
import { KnownAlarms } from './known-alarms.ts'
import { withoutCases } from './log-lines.ts'
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
  askSelfTest: () => Promise<{ fault: OrderFault; text: string } | null>
  /** False without a panel. */
  lightPanels: () => boolean
  logLines: (maxBytes: number) => string
  /** By which certificates end. */
  utcMs?: () => number
  /** Between two tries of whatever is tried again. */
  pace?: BackOffLimits
}

/** A hub that is away for a moment is no trouble. */
const AWAY_AFTER_MS = 120 * SECOND_MS
const RENEWAL_EVERY_MS = 60 * SECOND_MS
const LOOKED_EVERY_MS = 2 * SECOND_MS
/** A broker that is just being told who may connect turns away too. */
const REFUSALS = 2
const OPENED_WITHIN_MS = 30 * SECOND_MS
const LAST_WORDS_MS = 2_500
/** As JSON: the whole result must fit its topic. */
const MAX_LOG_BYTES = 44 << 10

const OUT = {
  revoked: 'the hub says that its certificate was revoked',
  expired: 'the hub says that its certificate was over for too long',
  unknown: 'the hub does not know it',
} as const

const isSamePlace = (a: Membership, b: Membership): boolean =>
  a.court === b.court && a.device === b.device && a.url === b.url

export class Fleet {
  readonly #folder: string
  readonly #witness: MqttWitness
  readonly #machine = new Machine()
  #enrolment: Enrolment | null = null
  #reporting: Reporting | null = null
  #dockets: Dockets | null = null
  #alarms: KnownAlarms | null = null
  #begun: Promise<void> | null = null
  #timers: NodeJS.Timeout[] = []
  /** The order whose self-test is under way, and when the last one had ended before it. */
  #testing: { id: string; testedUtcMs: number | null } | null = null
  #testedUtcMs: number | null = null
  #isHearingOpen = true
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

  /** The hub as a witness: whom enrolment named counts from the first receipt on. */
  get witness() {
    return {
      ...{ show: this.#witness.show, name: 'the hub of the fleet', key: () => this.#membership?.witness ?? null },
      // A hearing's name, with its case, stays in the room.
      doubted: (code: string, why: string) =>
        this.#reporting?.raise('witness-refused', { code, why: withoutCases(why).slice(0, 500) }, true),
    }
  }

  get docket(): Docket | null {
    return this.#dockets?.docket ?? null
  }

  /** After each tick that was judged. Never throws. */
  look(state: State, at: Stamp): void {
    try {
      this.#isHearingOpen = isHearingOpen(state)
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
    const out = this.#enrolment?.isOut
    if (out)
      return reason(
        'This recorder is no longer in the fleet: it records, and nobody sees it from afar',
        `${OUT[out]}; it is taken in again by the code that "verbatim enrol" shows`,
      )
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
      const out = enrolment?.isOut
      const is = out === 'expired' ? 'expired' : out ? 'revoked' : 'enrolled'
      return {
        ...{ ...common, is, device, court, code: enrolment?.code ?? '', hub: url, reached },
        ...{ since: utcText(contact.sinceUtcMs), why: reached ? '' : this.#whyAway(contact.why) },
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

  /** For the engineer. */
  #whyAway(why: string): string {
    const enrolment = this.#enrolment
    if (!enrolment?.isOut && !enrolment?.isExpired) return why
    const asked = enrolment.asking.why
    const is = enrolment.isOut ? OUT[enrolment.isOut] : 'its certificate is over, and the hub is asked for the next one'
    return `${is}${asked ? `; the hub, at ${this.options.fleet.hub}: ${asked}` : ''} (${why})`
  }

  /** Nobody is kept waiting: what was not said is kept, and said later. */
  async stop(why: string): Promise<void> {
    this.#isStopped = true
    for (const timer of this.#timers) clearInterval(timer)
    await Promise.race([Promise.all([this.#enrolment?.stop(), this.#reporting?.stop(why)]), sleep(LAST_WORDS_MS)])
  }

  #membership: Membership | null = null

  async #begin(): Promise<void> {
    const { fleet, log, config, evidence, utcMs, pace } = this.options
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
      ...(utcMs ? { utcMs } : {}),
      ...(pace ? { pace, standingPace: pace } : {}),
    })
    this.#enrolment.start()
    this.#timers = [
      setInterval(() => void this.#renew(), RENEWAL_EVERY_MS).unref(),
      setInterval(() => void this.#lookAtStanding(), pace?.firstMs ?? LOOKED_EVERY_MS).unref(),
    ]
  }

  async #enrolled(member: Member): Promise<void> {
    const { log, takeEvidence } = this.options
    const { evidence } = member.certificates
    if (evidence.length)
      await takeEvidence(evidence.map(pemOf).join('')).catch((fault: unknown) =>
        log.warn({ fault: messageOf(fault) }, "the hub's certificate for the key that signs journals cannot be used"),
      )
    try {
      const isFirst = this.#reporting === null
      await this.#report(ofMember(member))
      // A hub whose certificates are due from their beginning is not asked without a pause.
      if (isFirst) await this.#renew()
    } catch (fault) {
      log.error({ fault: messageOf(fault) }, 'this recorder cannot report to its fleet')
    }
  }

  async #report(membership: Membership): Promise<void> {
    if (this.#isStopped) return
    const [before, reporting] = [this.#membership, this.#reporting]
    this.#membership = membership
    if (reporting && before && isSamePlace(before, membership)) return reporting.renewed(membership)
    if (reporting) {
      // Taken in by another court, or at another broker: what waits is told there.
      this.#reporting = null
      await reporting.close()
      this.#alarms = await KnownAlarms.open(this.#folder, this.options.log)
    }
    const about = { ...this.options.about, ...(await machineName()) }
    this.#reporting = new Reporting({
      ...this.options,
      ...{ folder: this.#folder, membership, alarms: this.#alarms!, dockets: this.#dockets, machine: this.#machine },
      isAgain: reporting !== null,
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

  /** Refused again and again, or expired: the hub says whether that is meant. A network that is away says nothing. */
  async #lookAtStanding(): Promise<void> {
    const [enrolment, uplink] = [this.#enrolment, this.#reporting?.uplink]
    if (!enrolment || !uplink || this.#isStopped) return
    const connected = uplink.contact.is === 'connected'
    if (connected) return enrolment.welcomed().catch(() => {})
    if (uplink.refusals >= REFUSALS || enrolment.isExpired) await enrolment.askWhy()
  }

  readonly #carryOut: { [Op in OrderOp]: (order: Order) => Promise<Outcome> } = {
    identify: async () =>
      this.options.lightPanels()
        ? { code: 'done', text: 'Every lamp of the panels was lit in turn.' }
        : { code: 'failed', fault: 'NO_PANEL', text: 'This recorder has no panel that answers.' },
    'self-test': async ({ id }) => {
      const testedUtcMs = this.#testedUtcMs
      const refused = await this.options.askSelfTest()
      if (refused) return { code: 'refused', ...refused }
      this.#testing = { id, testedUtcMs }
      return { code: 'under-way', text: 'The recorder tests itself.' }
    },
    'send-logs': async () => ({ code: 'done', text: 'The latest lines.', data: this.options.logLines(MAX_LOG_BYTES) }),
    reboot: async ({ id }) => ({
      ...{ code: 'done', text: 'The machine starts again.' },
      afterwards: () => void this.#reboot(id),
    }),
    update: async () => ({
      ...{ code: 'refused', fault: 'UPDATE_NOT_SUPPORTED', text: 'There is no updater on this machine.' },
    }),
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

  /** The answer gets a moment to leave; whoever pressed REC in that moment comes first. */
  async #reboot(id: string): Promise<void> {
    await sleep(SECOND_MS)
    if (this.#isHearingOpen) {
      const text = 'A hearing was opened in the moment before.'
      return void this.#reporting?.orders.ended(id, { code: 'refused', fault: 'HEARING_OPEN', text })
    }
    const fault = await switchOff(this.options.fleet.reboot)
    if (fault) this.options.log.error({ fault }, 'the machine could not be started again')
  }
}
