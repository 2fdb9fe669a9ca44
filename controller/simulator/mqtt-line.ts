/** The line of a simulated appliance: the outbox and the connection of the real one, and a machine that can be switched off. */
import type { ErrorCode } from '../base/error.ts'
import type { NewEvent } from '../ports/outbox/kept-event.ts'
import { Outbox } from '../ports/outbox/outbox.ts'
import type { Shelf } from '../ports/outbox/shelf.ts'
import { type Credentials, Unreached } from '../ports/uplink/connection.ts'
import { type Heard, Uplink } from '../ports/uplink/uplink.ts'
import type { UplinkMemory } from '../ports/uplink/uplink-memory.ts'
import type { Alarm, AlarmId } from '../wire/fleet/alarm.ts'
import type { Birth } from '../wire/fleet/birth.ts'
import type { ReportedConfig } from '../wire/fleet/desired.ts'
import type { Metrics } from '../wire/fleet/metrics.ts'
import type { OrderResult } from '../wire/fleet/order.ts'
import type { RoomState } from '../wire/fleet/room-state.ts'
import type { NewAlarm } from './happened.ts'
import type { Line } from './line.ts'
import type { Openings } from './openings.ts'
import type { Counted } from './said.ts'

export interface MqttLineOptions {
  court: string
  device: string
  /** mqtt://host:port or mqtts://host:port */
  url: string
  credentials?: Credentials | undefined
  shelf: Shelf
  memory: UplinkMemory
  birth: () => Birth
  heard?: (what: Heard, payload: Buffer) => void
  /** The configuration in force, said at each start. */
  reported?: () => ReportedConfig
  changed?: (isConnected: boolean) => void
  complain?: (code: ErrorCode, text: string) => void
  /** 4 asks for MQTT 3.1.1 at once. */
  version?: 4 | 5
  retry?: { firstMs: number; longestMs: number }
  /** Of all lines of this process; none that counts when left out. */
  openings?: Openings
  /** Metrics kept while offline; few, where there are thousands of devices in one process. */
  keptMetrics?: number
}

interface Machine {
  outbox: Outbox
  uplink: Uplink
}

export class MqttLine implements Line {
  #machine: Machine | null = null
  /** Once the one before has let go of its outbox. */
  #ready: Promise<void> = Promise.resolve()
  #isCut = false
  readonly #alarms = new Map<AlarmId, Alarm>()

  constructor(private readonly options: MqttLineOptions) {}

  start(boot: string): void {
    this.#inTurn(async () => {
      const { court, device, url, shelf, memory, retry, version, heard, changed, birth, reported, keptMetrics } =
        this.options
      const complain = this.options.complain ?? (() => {})
      const outbox = new Outbox({ shelf, raiser: { court, device, boot }, complain })
      const uplink = new Uplink({
        ...{ court, device, url, boot, memory, complain, events: outbox },
        credentials: () => this.#reach(),
        heard: (what, payload) => heard?.(what, payload),
        changed: ({ is }) => {
          if (is === 'connected') this.options.openings?.over(this)
          changed?.(is === 'connected')
        },
        ...(retry ? { retry } : {}),
        ...(version ? { version } : {}),
        keptMetrics: keptMetrics ?? 20,
      })
      this.#machine = { outbox, uplink }
      uplink.say('birth', birth())
      if (reported) uplink.say('reported', reported())
      // First those that were told before, so that what has ended meanwhile is taken back.
      uplink.setAlarms(this.#alarms)
      uplink.start()
    })
  }

  kill(): void {
    this.#inTurn(async () => {
      const machine = this.#machine
      this.#machine = null
      this.options.openings?.over(this)
      if (!machine) return
      machine.uplink.reconnect()
      await machine.uplink.stop()
      await machine.outbox.close()
    })
  }

  cut(): void {
    this.#isCut = true
    this.#inTurn(async () => this.#machine?.uplink.reconnect())
  }

  mend(): void {
    this.#isCut = false
  }

  raise(event: NewEvent): void {
    this.#inTurn(async () => this.#machine?.outbox.raise(event))
  }

  alarm(id: AlarmId, alarm: NewAlarm | null): void {
    this.#inTurn(async () => {
      const outbox = this.#machine?.outbox
      await outbox?.settled()
      if (alarm) this.#alarms.set(id, { ...alarm, seq: Math.max(1, outbox?.last ?? 1) })
      else this.#alarms.delete(id)
      this.#machine?.uplink.setAlarms(this.#alarms)
    })
  }

  state(state: RoomState): void {
    this.#inTurn(async () => this.#machine?.uplink.say('state', state))
  }

  metrics(metrics: Metrics): void {
    this.#machine?.uplink.metrics(metrics)
  }

  result(result: OrderResult): void {
    this.#inTurn(async () => this.#machine?.uplink.result(result))
  }

  reported(reported: ReportedConfig): void {
    this.#inTurn(async () => this.#machine?.uplink.say('reported', reported))
  }

  counted(): Counted {
    const { outbox, uplink } = this.#machine ?? {}
    return { outboxEvents: outbox?.waiting ?? 0, connects: uplink?.connections ?? 0 }
  }

  /** Number of the last event that is durable; 0 while the machine is off. */
  get lastEvent(): number {
    return this.#machine?.outbox.last ?? 0
  }

  /** Resolves when everything raised so far is durable. */
  async settled(): Promise<void> {
    this.#inTurn(async () => this.#machine?.outbox.settled())
    await this.#ready
  }

  async end(): Promise<void> {
    this.#inTurn(async () => {
      const machine = this.#machine
      this.#machine = null
      await machine?.outbox.settled()
      await machine?.uplink.stop()
      await machine?.outbox.close()
    })
    await this.#ready
  }

  /** Asked at each connection. */
  #reach(): Credentials {
    if (this.#isCut) throw new Unreached('the network is gone')
    if (this.options.openings?.begin(this) === false) throw new Unreached('too many connect from here at once')
    return this.options.credentials ?? { ca: '', cert: '', key: '' }
  }

  #inTurn(task: () => Promise<void> | undefined): void {
    this.#ready = this.#ready.then(task).catch((fault: unknown) => this.options.complain?.('NO_ANSWER', String(fault)))
  }
}
