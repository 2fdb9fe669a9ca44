/**
 * A device's side of the fleet: keeps a connection to the broker whenever there can be one, and says over it what is
 * worth saying. Whoever hands something over never waits and hears of no fault: recording needs none of this.
 */
import { BackOff, type BackOffLimits } from '../../base/back-off.ts'
import { codeOf, type ErrorCode, messageOf, VerbatimError } from '../../base/error.ts'
import { utcText } from '../../base/units.ts'
import type { Alarm } from '../../wire/fleet/alarm.ts'
import { EventAck } from '../../wire/fleet/fleet-event.ts'
import { Presence } from '../../wire/fleet/presence.ts'
import { isUp, type MessageOf, parseTopic, TOPICS, type TopicName, topicOf } from '../../wire/fleet/topics.ts'
import { addressesOf } from './addresses.ts'
import { Connection, type Credentials, Refused, Unreached, VersionRefused } from './connection.ts'
import { EventSender, type EventSource } from './event-sender.ts'
import { KeptMessages } from './kept-messages.ts'
import { KeptMetrics } from './kept-metrics.ts'
import type { UplinkMemory } from './uplink-memory.ts'

/** What comes down and is for somebody else to judge, byte for byte. */
export type Heard = 'receipt' | 'desired' | 'order' | 'docket' | 'certificate'
/** Retained, one of each. */
export type Said = 'birth' | 'state' | 'reported' | 'place'

export interface UplinkOptions {
  court: string
  device: string
  /** Id of the start of the machine. */
  boot: string
  /** mqtt://host:port or mqtts://host:port; with several hosts after commas one is taken by chance, and then the next. */
  url: string
  /** Asked at each connection: certificates are renewed. */
  credentials?: (() => Credentials) | undefined
  events: EventSource
  memory: UplinkMemory
  heard: (what: Heard, payload: Buffer) => void
  /** When it has connected, after the presence is said; and when it has lost the connection. */
  changed?: (contact: Contact) => void
  /** Something is wrong that somebody may want to know. */
  complain: (code: ErrorCode, text: string) => void
  /** The state comes so often at least; the hub ages a device by it. */
  heartbeatSeconds?: number
  keepaliveSeconds?: number
  /** A broker that says nothing for so long is left. */
  patienceMs?: number
  /** Metrics kept while offline. */
  keptMetrics?: number
  /** 5 tries MQTT 5 first, and falls back by itself. */
  version?: 4 | 5
  withinMs?: number
  retry?: BackOffLimits
  utcMs?: () => number
  chance?: () => number
}

export type Contact =
  | { is: 'connected'; connection: number; sinceUtcMs: number; version: 4 | 5 }
  /** `sinceUtcMs` is when the last connection ended, or this program began. */
  | { is: 'away'; sinceUtcMs: number; why: string }

/** Everything that is said to this device is below it. */
const DOWN = 'down/'
const TICK_MS = 5_000
/**
 * A broker waits half as long again, and Mosquitto looks only every six seconds: whoever dies without a word is called
 * lost within 14 s, and shown so within 15.
 */
const KEEPALIVE_S = 5
/** Ten seconds there and back, and one ping's turn more. */
const PATIENCE_MS = 15_000
const RETRY: BackOffLimits = { firstMs: 2_000, longestMs: 60_000 }
/**
 * A hub that was away is found within fifteen seconds of its return. A broker that is there and takes nobody in is
 * asked ever less often: it may be overwhelmed.
 */
const AWAY_RETRY_MS = 12_000
/** A connection that lives so long was a good one. */
const STEADY_MS = 30_000
/** The broker hands out the retained acknowledgement at once; where there is none yet, events do not wait for it. */
const ACK_WITHIN_MS = 1_500
/** A publication that the broker does not acknowledge so long: it hangs. */
const HANGS_MS = 30_000
const LAST_WORD_MS = 1_000
/** Between two kept metrics. */
const SLOWLY_MS = 200
const MAX_BACKLOG_BYTES = 256 << 10
/** Between two sayings that this device is there after all. */
const RESAY_MS = 2_000

export class Uplink {
  readonly #messages = new KeptMessages()
  readonly #sender: EventSender
  readonly #metrics: KeptMetrics
  readonly #retry: BackOff
  readonly #stop = new AbortController()
  readonly #alarmIds = new Set<string>()
  #areAlarmsKnown = false
  #contact: Contact
  #connection: Connection | null = null
  #version: 4 | 5
  #running: Promise<void> | null = null
  #wake = (): void => {}
  #ended = (_why: string): void => {}
  /** Its last word is being said: nothing may come after that. */
  #isLeaving = false
  #ackHeard = (): void => {}
  #bd = 0
  readonly #addresses: readonly string[]
  readonly #down: string
  #turn: number
  #refusals = 0
  #resaidMs = Number.NEGATIVE_INFINITY
  #resaying: NodeJS.Timeout | null = null
  /** When the probe of the broker's attention was sent; null while it is answered. */
  #askedMs: number | null = null

  constructor(private readonly options: UplinkOptions) {
    this.#sender = new EventSender(options.events, this.#topic('event'))
    this.#down = this.#topic('presence').replace(TOPICS.presence.path, DOWN)
    this.#metrics = new KeptMetrics(options.keptMetrics ?? 2_880)
    this.#retry = new BackOff(options.retry ?? RETRY, options.chance)
    this.#version = options.version ?? 5
    this.#addresses = addressesOf(options.url)
    this.#turn = Math.floor((options.chance ?? Math.random)() * this.#addresses.length)
    this.#contact = { is: 'away', sinceUtcMs: this.#utcMs(), why: 'not yet' }
  }

  get contact(): Contact {
    return this.#contact
  }

  /** Connections for life. */
  get connections(): number {
    return this.#bd
  }

  /** How often in a row a broker was there and did not let this device in; what the network does counts nothing. */
  get refusals(): number {
    return this.#refusals
  }

  start(): void {
    this.#running ??= this.#run()
  }

  /**
   * Retained, and said again at each connection; in place of what was said before.
   * @param again also when the very same was said already
   */
  say<Name extends Said>(name: Name, message: MessageOf<Name>, again = false): void {
    const payload = this.#payload(name, message)
    if (payload) this.#messages.keep(this.#topic(name), payload, again)
  }

  /** All alarms that are active now, by their ids; the others are taken away. */
  setAlarms(alarms: ReadonlyMap<string, Alarm>): void {
    this.#areAlarmsKnown = true
    const before = [...this.#alarmIds]
    for (const id of before) if (!alarms.has(id)) this.#messages.keep(this.#topic('alarm', id), '')
    this.#alarmIds.clear()
    for (const id of alarms.keys()) this.#alarmIds.add(id)
    // Known before they are said: whoever comes after a crash can take them away.
    if (before.length !== alarms.size || before.some((id) => !alarms.has(id))) this.#keepAlarms()
    for (const [id, alarm] of alarms) {
      const payload = this.#payload('alarm', alarm)
      if (payload) this.#messages.keep(this.#topic('alarm', id), payload)
    }
  }

  /** Sent now, or kept and sent later; the oldest give way. */
  metrics(metrics: MessageOf<'metrics'>): void {
    const payload = this.#payload('metrics', metrics)
    if (payload && !this.#sendMetrics(payload)) this.#metrics.push(payload)
  }

  /** Said once, when there is a connection. */
  result(result: MessageOf<'result'>): void {
    const payload = this.#payload('result', result)
    if (payload) this.#messages.once(this.#topic('result', result.id), payload)
  }

  askForCertificate(request: MessageOf<'renewal'>): void {
    const payload = this.#payload('renewal', request)
    if (payload) this.#messages.once(this.#topic('renewal'), payload)
  }

  /** Ends this connection; the next one comes with new credentials. */
  reconnect(): void {
    this.#connection?.destroy('a new connection is wanted')
    this.#retry.succeeded()
    this.#wake()
  }

  /** Says that it leaves, when there is somebody to hear it. */
  async stop(): Promise<void> {
    const connection = this.#connection
    this.#isLeaving = true
    if (connection?.isOpen) {
      const said = connection.publish(this.#topic('presence'), this.#presence('disconnected'), { qos: 1, retain: true })
      await Promise.race([said.catch(() => {}), pause(LAST_WORD_MS)])
      await connection.end(LAST_WORD_MS)
    }
    this.#stop.abort()
    this.#wake()
    this.#sender.close()
    await this.#running
  }

  async #run(): Promise<void> {
    const { alarms } = await this.options.memory.open()
    // Whether they are still active is not known yet.
    for (const id of alarms)
      if (!this.#areAlarmsKnown) this.#alarmIds.add(id)
      else if (!this.#alarmIds.has(id)) this.#messages.keep(this.#topic('alarm', id), '')
    const ticking = setInterval(() => this.#tick(), TICK_MS)
    while (!this.#stop.signal.aborted) {
      await this.#sleep(this.#retry.leftMs)
      if (!this.#stop.signal.aborted) await this.#live().catch((fault: unknown) => this.#failed(fault))
    }
    clearInterval(ticking)
    if (this.#resaying) clearTimeout(this.#resaying)
  }

  /** One connection, from its beginning to its end. Throws when there was none. */
  async #live(): Promise<void> {
    const { options } = this
    this.#bd = await options.memory.nextConnection()
    const over = new Promise<string>((resolve) => {
      this.#ended = resolve
    })
    const connection = await Connection.open(
      {
        ...{ url: this.#addresses[this.#turn % this.#addresses.length]!, credentials: options.credentials?.() },
        ...{ clientId: options.device, version: this.#version },
        will: { topic: this.#topic('presence'), payload: this.#presence('lost') },
        keepaliveSeconds: options.keepaliveSeconds ?? KEEPALIVE_S,
        patienceMs: options.patienceMs ?? PATIENCE_MS,
        withinMs: options.withinMs ?? 15_000,
        heard: (topic, payload) => this.#heard(topic, payload),
        ended: (why) => this.#ended(why),
      },
      this.#stop.signal,
    )
    const begunMs = performance.now()
    this.#connection = connection
    this.#refusals = 0
    try {
      this.#sayReady(connection)
      const subscribing = connection.subscribe([this.#topic('presence'), `${this.#down}#`])
      subscribing.catch((fault: unknown) => connection.destroy(messageOf(fault)))
      this.#change({ is: 'connected', connection: this.#bd, sinceUtcMs: this.#utcMs(), version: this.#version })
      this.#messages.connected(connection)
      void this.#sendWhenHeard(connection, subscribing)
      const why = await over
      throw new VerbatimError('NO_ANSWER', why)
    } finally {
      connection.destroy()
      this.#connection = null
      this.#askedMs = null
      this.#messages.disconnected()
      this.#sender.disconnected()
      if (performance.now() - begunMs > STEADY_MS) this.#retry.succeeded()
    }
  }

  /** The hub's retained word comes first: it may know numbers that this device has forgotten. */
  async #sendWhenHeard(connection: Connection, subscribing: Promise<void>): Promise<void> {
    await subscribing.catch(() => {})
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ACK_WITHIN_MS)
      this.#ackHeard = () => {
        clearTimeout(timer)
        resolve()
      }
    })
    if (!connection.isOpen) return
    this.#sender.connected(connection)
    await pause(SLOWLY_MS * (5 + 20 * (this.options.chance ?? Math.random)()))
    while (connection.isOpen) {
      if (connection.backlogBytes < MAX_BACKLOG_BYTES) {
        const payload = this.#metrics.take()
        if (payload === undefined) return
        this.#sendMetrics(payload)
      }
      await pause(SLOWLY_MS)
    }
  }

  #failed(fault: unknown): void {
    const why = messageOf(fault)
    const wasTakenIn = this.#contact.is === 'connected'
    if (fault instanceof Refused) this.#refusals++
    if (fault instanceof VersionRefused && this.#version === 5) {
      // Tried with the older version at once.
      this.#version = 4
      return
    }
    if (this.#contact.is === 'connected' || this.#contact.why !== why) {
      const sinceUtcMs = this.#contact.is === 'away' ? this.#contact.sinceUtcMs : this.#utcMs()
      if (!this.#stop.signal.aborted && !this.#isLeaving)
        this.options.complain(codeOf(fault) === 'MESSAGE_INVALID' ? 'MESSAGE_INVALID' : 'NO_ANSWER', why)
      this.#change({ is: 'away', sinceUtcMs, why })
    }
    this.#turn++
    this.#retry.failed(wasTakenIn || fault instanceof Unreached ? AWAY_RETRY_MS : undefined)
  }

  #change(contact: Contact): void {
    this.#contact = contact
    try {
      this.options.changed?.(contact)
    } catch (fault) {
      this.options.complain('MESSAGE_INVALID', messageOf(fault))
    }
  }

  #heard(topic: string, payload: Buffer): void {
    try {
      const parsed = parseTopic(topic)
      const { court, device } = this.options
      // Said by a hub that is newer.
      if (!parsed && topic.startsWith(this.#down)) return
      if (parsed?.court !== court || parsed.device !== device) throw invalid(`on ${topic.slice(0, 200)}`)
      if (payload.length > TOPICS[parsed.name].maxBytes) throw invalid(`${payload.length} bytes on ${topic}`)
      if (parsed.name === 'presence') return this.#hearPresence(payload)
      // What was taken away at the broker.
      if (!payload.length) return
      if (parsed.name === 'ack') return this.#hearAck(payload)
      if (isUp(parsed.name)) throw invalid(`on ${topic}`)
      this.options.heard(parsed.name as Heard, payload)
    } catch (fault) {
      this.options.complain('MESSAGE_INVALID', messageOf(fault).slice(0, 300))
    }
  }

  #hearAck(payload: Buffer): void {
    const ack = EventAck.parse(JSON.parse(payload.toString('utf8')))
    void this.#sender.acknowledged(ack).then(() => this.#ackHeard())
  }

  /** A will that comes late, or of a node of the broker that died, must not stand. */
  #hearPresence(payload: Buffer): void {
    const connection = this.#connection
    if (!payload.length || !connection?.isOpen || this.#isLeaving) return
    const { state, bd, boot } = Presence.parse(JSON.parse(payload.toString('utf8')))
    if (bd > this.#bd) {
      // Its memory is older than the broker's, or it exists twice.
      this.options.memory.raiseTo(bd)
      this.options.complain('MESSAGE_INVALID', `somebody was this device in connection ${bd}, and this is ${this.#bd}`)
      return connection.destroy('its number is too low')
    }
    if (state === 'ready' && bd === this.#bd && boot === this.options.boot) return
    // Two machines of one name do not set each other off without an end.
    const inMs = Math.max(0, this.#resaidMs + RESAY_MS - performance.now())
    this.#resaying ??= setTimeout(() => {
      this.#resaying = null
      this.#resaidMs = performance.now()
      if (connection.isOpen) this.#sayReady(connection)
    }, inMs)
  }

  #sayReady(connection: Connection): void {
    this.#askedMs ??= performance.now()
    connection.publish(this.#topic('presence'), this.#presence('ready'), { qos: 1, retain: true }).then(
      () => {
        this.#askedMs = null
      },
      () => {},
    )
  }

  #tick(): void {
    this.#sender.tick()
    const connection = this.#connection
    if (!connection?.isOpen) return
    if (this.#askedMs === null) {
      // A broker may answer pings and nothing else. The presence said again also heals what a broken cluster retains.
      if (performance.now() - this.#resaidMs < this.#heartbeatSeconds * 1_000) return
      this.#resaidMs = performance.now()
      this.#sayReady(connection)
    } else if (performance.now() - this.#askedMs > HANGS_MS) connection.destroy('the broker acknowledges nothing')
  }

  #sendMetrics(payload: string): boolean {
    const connection = this.#connection
    if (!connection?.isOpen || connection.backlogBytes > MAX_BACKLOG_BYTES) return false
    connection.publish(this.#topic('metrics'), payload, { qos: 0, retain: false }).catch(() => {})
    return true
  }

  #keepAlarms(): void {
    const known = this.#messages.topics().flatMap((topic) => {
      const parsed = parseTopic(topic)
      return parsed?.name === 'alarm' ? parsed.last : []
    })
    this.options.memory.keepAlarms([...new Set([...this.#alarmIds, ...known])])
  }

  #presence(state: Presence['state']): string {
    const { boot } = this.options
    const at = utcText(this.#utcMs())
    return JSON.stringify({
      state,
      boot,
      bd: this.#bd,
      heartbeatSeconds: this.#heartbeatSeconds,
      at,
    } satisfies Presence)
  }

  get #heartbeatSeconds(): number {
    return this.options.heartbeatSeconds ?? 60
  }

  /** Null, and a complaint, when the hub would refuse it. */
  #payload(name: TopicName, message: unknown): string | null {
    const payload = JSON.stringify(message)
    const { maxBytes } = TOPICS[name]
    if (Buffer.byteLength(payload) <= maxBytes) return payload
    this.options.complain('MESSAGE_INVALID', `${name} has ${payload.length} bytes; ${maxBytes} are allowed`)
    return null
  }

  #topic(name: TopicName, last?: string): string {
    return topicOf(this.options.court, this.options.device, name, last)
  }

  #utcMs(): number {
    return this.options.utcMs?.() ?? Date.now()
  }

  async #sleep(ms: number): Promise<void> {
    if (ms <= 0) return
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms)
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }
}

const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms)
  })

const invalid = (what: string) => new VerbatimError('MESSAGE_INVALID', what)
