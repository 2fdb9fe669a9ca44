/** A device that is one of the fleet: outbox, uplink, telemetry, orders and the rest, tied together. */
import { createHash, X509Certificate } from 'node:crypto'
import { statfsSync } from 'node:fs'
import type { BackOffLimits } from '../../base/back-off.ts'
import { codeOf, messageOf } from '../../base/error.ts'
import type { Logger } from '../../base/log.ts'
import { now } from '../../base/monotonic.ts'
import { utcText } from '../../base/units.ts'
import type { Stamp } from '../../core/event.ts'
import type { State } from '../../core/state.ts'
import { isHearingOpen } from '../../core/telemetry/alarms.ts'
import type { Machine } from '../../ports/machine/machine.ts'
import { FileShelf } from '../../ports/outbox/file-shelf.ts'
import { Outbox } from '../../ports/outbox/outbox.ts'
import { type Contact, type Heard, Uplink } from '../../ports/uplink/uplink.ts'
import { FileMemory } from '../../ports/uplink/uplink-memory.ts'
import { type Config, type FleetConfig, tracksOf } from '../../wire/config.ts'
import type { Birth } from '../../wire/fleet/birth.ts'
import type { FleetEvent, FleetEventKind } from '../../wire/fleet/fleet-event.ts'
import { METRIC_NAMES } from '../../wire/fleet/metrics.ts'
import type { OrderResult } from '../../wire/fleet/order.ts'
import type { Dockets } from './dockets.ts'
import type { KnownAlarms } from './known-alarms.ts'
import type { Membership } from './membership.ts'
import type { MqttWitness } from './mqtt-witness.ts'
import { Orders, type OrdersOptions } from './orders.ts'
import type { RemoteConfig } from './remote-config.ts'
import { Telemetry } from './telemetry.ts'

export interface ReportingOptions {
  config: Config
  fleet: FleetConfig
  folder: string
  boot: string
  log: Logger
  membership: Membership
  alarms: KnownAlarms
  dockets: Dockets | null
  machine: Machine
  remote: RemoteConfig
  witness: MqttWitness
  carryOut: OrdersOptions['carryOut']
  restart: (why: string) => void
  /** Other names and limits, from now on. */
  takeLive: (config: Config, sha256: string, why: string) => void
  pace?: BackOffLimits
  /** What does not change while the program runs. */
  birth: Omit<Birth, 'at' | 'certificateSha256' | 'certificateExpires' | 'evidenceKey' | 'docketKey'>
  evidenceKey: () => string | null
  /** It goes on as another member of the fleet than before: nothing has started or ended. */
  isAgain: boolean
  /** New certificates came. Throws CERTIFICATE_INVALID. */
  certificates: (payload: Buffer) => Promise<void>
}

export class Reporting {
  readonly outbox: Outbox
  readonly uplink: Uplink
  readonly orders: Orders
  readonly #telemetry: Telemetry
  #membership: Membership
  #state: State | null = null
  #room: string

  constructor(private readonly options: ReportingOptions) {
    const { membership, folder, boot, fleet, log, remote, machine, alarms } = options
    const { court, device } = membership
    this.#membership = membership
    this.#room = options.birth.room
    this.outbox = new Outbox({
      ...{ shelf: new FileShelf(`${folder}/outbox`), raiser: { court, device, boot }, limits: limitsOf(fleet, folder) },
      complain: (code, text) => log.warn({ code }, `events for the hub: ${text}`),
    })
    this.uplink = new Uplink({
      ...{ court, device, boot, url: membership.url, events: this.outbox, memory: new FileMemory(folder) },
      ...(options.pace ? { retry: options.pace } : {}),
      ...(membership.credentials ? { credentials: () => this.#membership.credentials! } : {}),
      heard: (what, payload) => void this.#heard(what, payload),
      changed: (contact) => this.#changed(contact),
      complain: (code, text) => log.warn({ code, url: membership.url }, `the hub: ${text}`),
    })
    this.#telemetry = new Telemetry({
      alarms,
      raise: (event, kept) => this.outbox.raise(event, kept),
      say: (state) => this.uplink.say('state', state),
      setAlarms: (active) => this.uplink.setAlarms(active),
      metrics: (metrics) => this.uplink.metrics(metrics),
      measure: async () => ({
        ...(await machine.numbers()),
        outbox_events: this.outbox.waiting,
        connects_total: this.uplink.connections,
      }),
      configRev: () => remote.rev,
      metricsEveryMs: fleet.metricsSeconds * 1_000,
    })
    const operatorKey = () => this.#membership.operatorKey
    this.orders = new Orders({
      ...{ folder, device, operatorKey, log, carryOut: options.carryOut },
      isHearingOpen: () => this.#state === null || isHearingOpen(this.#state),
      isClockRight: () => this.#state?.clockSynchronized ?? null,
      respond: (result) => this.uplink.result(result),
      judged: ({ op, code, text }: OrderResult) => this.raise('order-done', { op, code, text }),
    })
    remote.bind({
      ...{ device: () => device, operatorKey, log, restart: options.restart },
      takeLive: (config, sha256, why) => this.#takeLive(config, sha256, why),
      report: (reported) => this.uplink.say('reported', reported),
      raise: (kind, data) => this.raise(kind, data),
    })
    if (!options.isAgain) this.raise('recorder-started', { version: options.birth.version })
    this.uplink.say('birth', this.#birth())
    this.uplink.start()
  }

  raise(kind: FleetEventKind, data: FleetEvent['data'], urgent = false): void {
    this.outbox.raise({ kind, data, urgent, utcMs: now().utcMs })
  }

  /** After each tick that was judged. */
  look(state: State, at: Stamp): void {
    this.#state = state
    this.#telemetry.look(state, at)
    this.options.remote.look(state, at)
  }

  /** It has new certificates. */
  renewed(membership: Membership): void {
    this.#membership = membership
    this.raise('certificate-renewed', { expires: this.#certificate().expires })
    this.uplink.say('birth', this.#birth())
    this.uplink.reconnect()
  }

  #takeLive(config: Config, sha256: string, why: string): void {
    this.options.takeLive(config, sha256, why)
    if (config.room === this.#room) return
    this.#room = config.room
    this.uplink.say('birth', this.#birth())
  }

  async stop(why: string): Promise<void> {
    this.raise('recorder-ended', { why: why.slice(0, 200) })
    await this.close()
  }

  /** What was raised is durable, and said later. */
  async close(): Promise<void> {
    await this.outbox.settled()
    await this.uplink.stop()
    await this.outbox.close()
  }

  get certificateExpires(): string | null {
    return this.#certificate().expires
  }

  async #heard(what: Heard, payload: Buffer): Promise<void> {
    const { dockets, remote, witness, certificates, log } = this.options
    try {
      if (what === 'order') return await this.orders.heard(payload)
      if (what === 'desired') return await remote.heard(payload)
      if (what === 'receipt') return witness.heard(payload)
      if (what === 'certificate') return await certificates(payload)
      await dockets?.heard(payload, {
        ...{ device: this.#membership.device, operatorKey: () => this.#membership.operatorKey, log },
        received: (rev, { day, hearings }) => this.raise('docket-received', { rev, day, hearings: hearings.length }),
      })
    } catch (fault) {
      log.warn(
        { code: codeOf(fault), what, fault: messageOf(fault).slice(0, 300) },
        'what came from the hub is not followed',
      )
    }
  }

  #changed(contact: Contact): void {
    const { log, membership } = this.options
    if (contact.is === 'connected') log.info({ url: membership.url, mqtt: contact.version }, 'the hub is reached')
  }

  #birth(): Birth {
    const { birth, evidenceKey, dockets } = this.options
    const { sha256, expires } = this.#certificate()
    return {
      ...{
        at: utcText(now().utcMs),
        ...birth,
        room: this.#room,
        evidenceKey: evidenceKey(),
        docketKey: dockets?.recipient ?? '',
      },
      ...{ certificateSha256: sha256, certificateExpires: expires },
    }
  }

  #certificate(): { sha256: string | null; expires: string | null } {
    const { credentials } = this.#membership
    if (!credentials) return { sha256: null, expires: null }
    const certificate = new X509Certificate(credentials.cert)
    const sha256 = createHash('sha256').update(certificate.raw).digest('hex')
    return { sha256, expires: new Date(certificate.validTo).toISOString() }
  }
}

const limitsOf = ({ outbox }: FleetConfig, folder: string) => {
  try {
    const { blocks, bsize } = statfsSync(folder)
    return { events: outbox.events, bytes: (blocks * bsize * outbox.diskPercent) / 100 }
  } catch {
    return { events: outbox.events, bytes: 1 << 30 }
  }
}

/** What never changes of a birth. */
export const birthOf = (
  config: Config,
  about: Pick<Birth, 'model' | 'serial' | 'version' | 'softwareSha256' | 'node' | 'gstreamer'>,
): ReportingOptions['birth'] => {
  const tracks = config.sources.flatMap(tracksOf)
  return {
    ...{ court: config.court, room: config.room, ...about, slot: '', schema: 1 },
    cameras: tracks.filter(({ media }) => media === 'video').length,
    microphones: tracks.filter(({ media }) => media === 'audio').length,
    disks: config.stores.length,
    capabilities: ['identify', 'self-test', 'send-logs', 'reboot', 'configuration', 'docket', 'witness'],
    metrics: [...METRIC_NAMES],
  }
}
