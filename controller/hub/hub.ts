/**
 * BINDS. Messages -> roster -> commands, and events -> store -> acknowledgements. It judges nothing: `core/roster` does.
 */
import { codeOf, messageOf } from '../base/error.ts'
import type { Logger } from '../base/log.ts'
import { now } from '../base/monotonic.ts'
import { SECOND_MS } from '../base/units.ts'
import { alarmRowOf } from '../core/roster/alarm.ts'
import type { RosterCommand, RosterCommandName } from '../core/roster/command.ts'
import type { RosterEvent } from '../core/roster/event.ts'
import { judge } from '../core/roster/judge.ts'
import { courtUtcMs, emptyRoster, type Room } from '../core/roster/room.ts'
import { roomRowOf } from '../core/roster/room-row.ts'
import type { EventStore } from '../ports/event-store/event-store.ts'
import type { Done, IncomingEvent } from '../ports/event-store/job.ts'
import type { AlarmRow, HubFault, HubFaultCode } from '../wire/console.ts'
import type { CertificateRequest } from '../wire/fleet/certificate.ts'
import { type MessageOf, type ParsedTopic, TOPICS, type TopicName, topicOf } from '../wire/fleet/topics.ts'
import { EventAcks } from './event-acks.ts'
import type { Enrolments, FleetLine } from './fleet-line.ts'
import { discoveryOf } from './home-assistant.ts'
import { incomingEvent } from './incoming-event.ts'
import { OwnFaults } from './own-faults.ts'
import { type Received, Reception } from './received.ts'
import { ShownChanges } from './shown-changes.ts'
import type { FleetWitness } from './witness-desk.ts'

export interface HubOptions {
  store: EventStore
  line: FleetLine
  enrolments: Enrolments
  log: Logger
  graceMinutes: number
  escalateAfterMinutes: number
  certificateDays: number
  homeAssistant: boolean
  /** An alarm that people should be told of. */
  tellPeople: (why: 'raised' | 'escalated' | 'cleared', row: AlarmRow) => void
  holePatienceMs?: number
  /** Seconds after which a device that is there is told again what it should know. */
  saidAgainEvery?: number
}

type Executors = { [Name in RosterCommandName]: (command: Extract<RosterCommand, { do: Name }>) => void }
type Told<E = RosterEvent> = E extends unknown ? Omit<E, 'atMs' | 'utcMs'> : never

const TICK_MS = 1_000
const GREET_MS = 50
const HOLES_EVERY_TICKS = 10
/** When each was heard last is kept so often, some devices each second. */
const SEEN_EVERY_TICKS = 60
/** Twice while an order is good. */
const SAID_AGAIN_EVERY_TICKS = 240

const clockText = (aheadMs: number): string => {
  const seconds = Math.round(Math.abs(aheadMs) / SECOND_MS)
  return `the clock of the hub is ${seconds} s ${aheadMs > 0 ? 'ahead of' : 'behind'} those of the rooms`
}

export class Hub {
  readonly roster = emptyRoster()
  readonly changes: ShownChanges
  readonly reception: Reception
  /** The latest of each as it was said: for the page of one room. */
  readonly latest = new Map<string, { state?: string; metrics?: string }>()
  readonly counts = { kept: 0, missing: 0 }
  witness: FleetWitness | null = null
  readonly #acks: EventAcks
  readonly #ownFaults = new OwnFaults()
  readonly #greeting = new Set<string>()
  #greetTimer: NodeJS.Timeout | null = null
  #ticker: NodeJS.Timeout | null = null
  #ticks = 0

  constructor(private readonly options: HubOptions) {
    const rowOf = (device: string) => this.#with(device, (room) => roomRowOf(this.roster, room, now().utcMs))
    this.changes = new ShownChanges({ room: rowOf, alarm: (device, id) => this.alarm(device, id) })
    this.reception = new Reception(options.log, (device) => this.roster.rooms.get(device)?.court ?? null)
    const publish = (device: string, ack: MessageOf<'ack'>) => this.publish(device, 'ack', ack)
    this.#acks = new EventAcks(publish, options.holePatienceMs)
    this.#ownFaults.onChanged = (faults) => this.changes.hub(faults)
    const { graceMinutes, escalateAfterMinutes, certificateDays } = options
    this.tell({ is: 'hub-started', graceMinutes, escalateAfterMinutes, certificateDays })
  }

  start(): void {
    this.#ticker = setInterval(() => this.#tick(), TICK_MS)
  }

  stop(): void {
    if (this.#ticker) clearInterval(this.#ticker)
    if (this.#greetTimer) clearTimeout(this.#greetTimer)
    this.changes.close()
    for (const room of this.roster.rooms.values()) {
      const { device, average, seenUtcMs } = room
      if (average) this.options.store.average({ device, ...average })
      if (seenUtcMs !== null) this.options.store.writeLater({ name: 'keepSeen', values: [seenUtcMs, device] })
    }
  }

  /** What time it is in the courts. */
  get courtUtcMs(): number {
    return courtUtcMs(this.roster, now().utcMs)
  }

  /** What is wrong with the hub itself at this moment. */
  faults(): HubFault[] {
    const { connected, fleetClockMs } = this.roster
    this.#hold('EVENTS_UNKEPT', this.options.store.fault)
    this.#hold('BROKER_AWAY', connected ? null : 'the broker does not answer')
    this.#hold('HUB_CLOCK_OFF', fleetClockMs === 0 ? null : clockText(-fleetClockMs))
    return this.#ownFaults.all
  }

  /** What others find wrong with the hub itself: what failed, or null when it is well again. */
  hold(code: HubFaultCode, fault: unknown): void {
    const { log } = this.options
    if (fault === null) log.info(`no longer ${code}`)
    else log.error({ code: codeOf(fault) }, messageOf(fault))
    this.#hold(code, fault === null ? null : messageOf(fault))
  }

  tell(event: Told): void {
    for (const command of judge(this.roster, { ...event, ...now() } as RosterEvent)) this.#execute(command)
  }

  alarm(device: string, id: string): AlarmRow | null {
    return this.#with(device, (room) => {
      const held = room.alarms.get(id)
      return held ? alarmRowOf(room, held) : null
    })
  }

  publish<Name extends TopicName>(device: string, name: Name, message: MessageOf<Name>): void {
    this.publishText(device, name, JSON.stringify(message))
  }

  publishText(device: string, name: TopicName, text: string): void {
    const room = this.roster.rooms.get(device)
    const { qos, retain } = TOPICS[name]
    if (room) this.options.line.publish(topicOf(room.court, device, name), text, { qos, retain })
  }

  /** A message of the broker, whoever sent it. Never throws. */
  received(topic: ParsedTopic, payload: Uint8Array, retained: boolean): void {
    const received = this.reception.take(topic, payload, retained)
    if (received) this.#said(received)
  }

  /** What became of a batch of events: durable now. */
  kept(events: readonly IncomingEvent[], done: Done): void {
    const { log } = this.options
    this.counts.kept += done.fresh.length
    this.#acks.held(done.holdings, now().atMs)
    for (const i of done.fresh) {
      const { device, kind, bytes } = events[i]!
      const { time, data } = JSON.parse(Buffer.from(bytes).toString('utf8')) as MessageOf<'event'>
      this.tell({ is: 'event-kept', device, kind, timeUtcMs: Date.parse(time), data })
    }
    for (const i of done.contradicting) {
      const { device, seq } = events[i]!
      log.warn({ device, seq }, 'another event of the same number is there: both are kept')
      this.tell({ is: 'device-doubled', device, detail: `event ${seq} was told in two ways` })
    }
    for (const i of done.unchained) {
      const { device, seq } = events[i]!
      log.warn({ device, seq }, 'an event names another one before it than the one that is there')
      this.tell({ is: 'device-doubled', device, detail: `event ${seq} does not follow event ${seq - 1}` })
    }
    for (const { device, from, to } of done.skipped) {
      this.counts.missing += to - from + 1
      log.warn({ device, from, to }, 'events have not come and are given up')
      this.tell({ is: 'events-missing', device, detail: `${from} to ${to} have not come` })
    }
  }

  #hold(code: HubFaultCode, detail: string | null): void {
    this.#ownFaults.hold(code, detail, this.courtUtcMs)
  }

  #with<T>(device: string, make: (room: Room) => T | null): T | null {
    const room = this.roster.rooms.get(device)
    return room ? make(room) : null
  }

  #said(received: Received): void {
    const { device, name, last, payload, message, retained } = received
    if (message === null) {
      if (name === 'alarm') this.tell({ is: 'alarm-said', device, id: last, alarm: null, retained })
      return
    }
    switch (name) {
      case 'presence':
        return this.tell({ is: 'presence-said', device, presence: message as MessageOf<'presence'>, retained })
      case 'birth':
        return this.#birth(device, message as MessageOf<'birth'>, payload, retained)
      case 'state':
        this.#latest(device).state = Buffer.from(payload).toString('utf8')
        return this.tell({ is: 'state-said', device, state: message as MessageOf<'state'>, retained })
      case 'metrics':
        this.#latest(device).metrics = Buffer.from(payload).toString('utf8')
        return this.tell({ is: 'metrics-said', device, metrics: message as MessageOf<'metrics'> })
      case 'alarm':
        return this.tell({ is: 'alarm-said', device, id: last, alarm: message as MessageOf<'alarm'>, retained })
      case 'event':
        return this.#event(device, message as MessageOf<'event'>, payload)
      case 'place':
        this.witness?.show(device, payload)
        break
      case 'reported':
        this.options.store.writeLater({ name: 'keepReported', values: [Buffer.from(payload).toString('utf8'), device] })
        break
      case 'result': {
        const { id } = message as MessageOf<'result'>
        this.options.store.writeLater({
          name: 'keepResult',
          values: [Buffer.from(payload).toString('utf8'), id, device],
        })
        break
      }
      case 'renewal':
        this.#renew(device, message as MessageOf<'renewal'>)
        break
    }
    if (!retained) this.tell({ is: 'device-heard', device })
  }

  #latest(device: string): { state?: string; metrics?: string } {
    const latest = this.latest.get(device) ?? {}
    this.latest.set(device, latest)
    return latest
  }

  #birth(device: string, birth: MessageOf<'birth'>, payload: Uint8Array, retained: boolean): void {
    const text = Buffer.from(payload).toString('utf8')
    this.options.store.writeLater({ name: 'keepBirth', values: [text, birth.room, device] })
    this.tell({ is: 'birth-said', device, birth, retained })
    const room = this.roster.rooms.get(device)
    if (!room || !this.options.homeAssistant) return
    for (const { topic, payload } of discoveryOf(room.court, device, room.name))
      this.options.line.publish(topic, payload, { qos: 1, retain: true })
  }

  #event(device: string, event: MessageOf<'event'>, payload: Uint8Array): void {
    const incoming = incomingEvent(device, event, payload, now().utcMs)
    if (!incoming) return this.reception.malformed(device, 'event', `id ${event.id} is not of number ${event.seq}`)
    this.options.store.keep(incoming)
    this.tell({ is: 'device-heard', device })
  }

  #renew(device: string, asked: CertificateRequest): void {
    const { enrolments, log } = this.options
    enrolments.renew(device, asked).then(
      (certificates) => this.publish(device, 'certificate', certificates),
      (fault: unknown) => log.warn({ device, fault }, 'a certificate was not renewed'),
    )
  }

  readonly #executors: Executors = {
    'show-room': ({ device }) => this.changes.room(device),
    'hide-room': ({ device }) => {
      this.latest.delete(device)
      this.#acks.forget(device)
      this.changes.gone(device)
    },
    'keep-alarm': ({ device, id }) => {
      this.changes.alarm(device, id)
      const held = this.roster.rooms.get(device)?.alarms.get(id)
      if (held) this.options.store.writeLater({ name: 'keepAlarm', values: [device, id, JSON.stringify(held)] })
    },
    'drop-alarm': ({ device, id }) => {
      this.changes.alarm(device, id)
      this.options.store.writeLater({ name: 'dropAlarm', values: [device, id] })
    },
    'tell-people': ({ why, row }) => this.options.tellPeople(why, row),
    'greet-device': ({ device }) => this.#greetSoon(device),
    'keep-coverage': ({ device, startsUtcMs, recorded, audible }) =>
      this.options.store.writeLater({
        name: 'cover',
        values: [Number(recorded), Number(audible), device, startsUtcMs],
      }),
    'keep-average': ({ device, slot, sums, counts }) => this.options.store.average({ device, slot, sums, counts }),
    'keep-hours-left': ({ device, day, hours }) =>
      this.options.store.writeLater({ name: 'keepHoursLeft', values: [device, day, hours] }),
  }

  #execute<Name extends RosterCommandName>(command: Extract<RosterCommand, { do: Name }>): void {
    const executor = this.#executors[command.do as Name] as (command: Extract<RosterCommand, { do: Name }>) => void
    executor(command)
  }

  #greetSoon(device: string): void {
    this.#greeting.add(device)
    this.#greetTimer ??= setTimeout(() => this.#greet(), GREET_MS)
  }

  /** What is retained for them the broker may have forgotten; an order that nobody answered may not have come. */
  #greet(): void {
    this.#greetTimer = null
    const devices = [...this.#greeting]
    this.#greeting.clear()
    const { store, log } = this.options
    store.holdings(devices).then(
      (holdings) => this.#acks.held(holdings, now().atMs),
      (fault: unknown) => log.error({ fault }, 'acknowledgements cannot be said again'),
    )
    for (const device of devices) {
      const wanted = store.read.wanted(device)
      if (wanted) this.publishText(device, 'desired', wanted.desired)
      const docket = store.read.docket(device)
      if (docket) this.publishText(device, 'docket', docket.sealed)
      for (const { result, expiresMs, signed } of store.read.orders(device, 20).toReversed())
        if (result === null && expiresMs > this.courtUtcMs) this.publishText(device, 'order', signed)
    }
  }

  #tick(): void {
    this.tell({ is: 'tick' })
    this.faults()
    const tick = this.#ticks++
    const { atMs, utcMs } = now()
    if (tick % HOLES_EVERY_TICKS === 0)
      for (const device of this.#acks.due(atMs, (one) => this.roster.rooms.get(one)?.presence === 'online'))
        this.options.store.skip({ device, why: 'not come', atMs: utcMs })
    const { saidAgainEvery = SAID_AGAIN_EVERY_TICKS } = this.options
    let place = 0
    for (const { device, seenUtcMs, presence } of this.roster.rooms.values()) {
      const isTurn = (everyTicks: number) => (place + tick) % everyTicks === 0
      if (isTurn(SEEN_EVERY_TICKS) && seenUtcMs !== null)
        this.options.store.writeLater({ name: 'keepSeen', values: [seenUtcMs, device] })
      // A device listens at QoS 0: that a message was lost on the way shows in nothing else.
      if (isTurn(saidAgainEvery) && presence === 'online') this.#greetSoon(device)
      place++
    }
  }
}
