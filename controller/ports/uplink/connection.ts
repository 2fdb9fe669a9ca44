/** One connection to a broker, from its CONNECT to its end; the next one is another. MQTT.js never reconnects by itself. */
import { connect as connectTcp, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { type IClientOptions, MqttClient } from 'mqtt'
import { brokerAddressOf } from '../../base/broker-address.ts'
import { codeOf, messageOf, VerbatimError } from '../../base/error.ts'
import { guardPackets } from '../../base/guarded-socket.ts'
import { makePacketLengths } from '../../base/packet-lengths.ts'
import { MAX_PACKET_BYTES } from '../../wire/fleet/topics.ts'
import { KeepAlive } from './keep-alive.ts'
import { patientLookup } from './lookup.ts'

/** PEM. */
export interface Credentials {
  /** Whom the broker's certificate must be from. */
  ca: string
  cert: string
  key: string
}

export interface ConnectionOptions {
  /** mqtt://host:port or mqtts://host:port */
  url: string
  /** With mqtts. */
  credentials?: Credentials | undefined
  clientId: string
  version: 4 | 5
  will: { topic: string; payload: string }
  /** The broker calls a device lost that says nothing for half as long again. */
  keepaliveSeconds: number
  /** A broker that says nothing for so long is left. */
  patienceMs: number
  /** From the first look-up to CONNACK, and for SUBACK. */
  withinMs: number
  heard: (topic: string, payload: Buffer) => void
  /** Once, when it has ended after it was open. */
  ended: (why: string) => void
}

export interface Publishing {
  qos: 0 | 1
  retain: boolean
}

/** The broker does not speak this version of MQTT, as far as can be told. */
export class VersionRefused extends VerbatimError {
  constructor(why: string) {
    super('NO_ANSWER', why)
  }
}

/** Nobody was there: asking again costs nobody anything. */
export class Unreached extends VerbatimError {
  constructor(why: string) {
    super('NO_ANSWER', why)
  }
}

/** The broker was there and did not let this device in. Whether that is meant for it the hub alone knows. */
export class Refused extends VerbatimError {
  constructor(why: string) {
    super('NO_ANSWER', why)
  }
}

const ALLOWANCE = { maxBytes: MAX_PACKET_BYTES, maxBytesPerTen: 4 << 20, maxPacketsPerTen: 20_000 }
/** "Unacceptable protocol version" of MQTT 3.1.1, and "Unsupported Protocol Version" of MQTT 5. */
const REFUSES_VERSION = new Set([1, 0x84])
const MAX_IN_FLIGHT = 100
/** MQTT.js sends none before CONNACK. */
const PINGREQ = Buffer.from([0xc0, 0])

export class Connection {
  readonly #client: MqttClient
  #socket: Socket | null = null
  #isOpen = false
  /** Somebody has taken the connection, whoever that was. */
  #isReached = false
  /** The broker has shown its certificate, or turned away ours. */
  #hasMet = false
  #why = ''
  /** Called with the fault when the connection ends before they are answered. */
  readonly #unanswered = new Set<(fault: Error) => void>()
  #queue: (() => void)[] = []
  #inFlight = 0
  #keepAlive: KeepAlive | null = null
  #mayBeInFlight = MAX_IN_FLIGHT

  private constructor(private readonly options: ConnectionOptions) {
    const { clientId, version, will, keepaliveSeconds, withinMs } = options
    const mqttOptions: IClientOptions = {
      ...{ clientId, protocolId: 'MQTT', protocolVersion: version, clean: true, keepalive: keepaliveSeconds },
      ...{ reconnectPeriod: 0, connectTimeout: withinMs, queueQoSZero: false, resubscribe: false },
      will: { topic: will.topic, payload: Buffer.from(will.payload), qos: 1, retain: true },
      ...(version === 5 ? { properties: { maximumPacketSize: MAX_PACKET_BYTES } } : {}),
      manualConnect: true,
    }
    this.#client = new MqttClient(() => this.#openSocket(), mqttOptions)
  }

  /** Resolves when the broker has accepted it. Throws NO_ANSWER, MESSAGE_INVALID and VersionRefused. */
  static async open(options: ConnectionOptions, signal: AbortSignal): Promise<Connection> {
    makePacketLengths()
    const connection = new Connection(options)
    try {
      await connection.#connect(signal)
      return connection
    } catch (fault) {
      connection.destroy()
      throw fault
    }
  }

  get isOpen(): boolean {
    return this.#isOpen
  }

  /** What was written and not yet taken by the network. */
  get backlogBytes(): number {
    return this.#socket?.writableLength ?? 0
  }

  /** QoS 1 resolves with its acknowledgement, QoS 0 when it is written. Throws NO_ANSWER when the connection ends. */
  publish(topic: string, payload: string, { qos, retain }: Publishing): Promise<void> {
    if (qos === 0) return this.#answered((done) => this.#client.publish(topic, payload, { qos, retain }, done))
    return this.#slot(() =>
      this.#answered((done) => this.#client.publish(topic, Buffer.from(payload), { qos, retain }, done)),
    )
  }

  /**
   * At QoS 0: the hub says again what has not been answered, and a cluster of NATS would keep a consumer in three nodes
   * for each subscription of QoS 1 (a thousand rooms did not get in). Throws NO_ANSWER, also when a filter is refused.
   */
  async subscribe(filters: readonly string[]): Promise<void> {
    let refused: string | undefined
    const subscribing = this.#answered((done) =>
      this.#client.subscribe([...filters], { qos: 0 }, (fault, granted) => {
        refused = granted?.find(({ qos }) => qos >= 0x80)?.topic
        done(fault ?? undefined)
      }),
    )
    const late = setTimeout(() => this.#end('no answer to SUBSCRIBE'), this.options.withinMs)
    try {
      await subscribing
    } finally {
      clearTimeout(late)
    }
    if (refused !== undefined) throw new VerbatimError('NO_ANSWER', `the broker refuses a subscription to ${refused}`)
  }

  /** In order: the broker does not publish the will. */
  async end(withinMs: number): Promise<void> {
    if (!this.#isOpen) return this.destroy()
    await new Promise<void>((resolve) => {
      const late = setTimeout(resolve, withinMs)
      this.#client.end(false, {}, () => {
        clearTimeout(late)
        resolve()
      })
    })
    this.destroy()
  }

  /** At once. */
  destroy(why = 'ended here'): void {
    this.#end(why)
    this.#client.end(true)
    this.#socket?.destroy()
  }

  async #connect(signal: AbortSignal): Promise<void> {
    const client = this.#client
    let refusedVersion = false
    let hasConnack = false
    await new Promise<void>((resolve, reject) => {
      const fail = (why: string) =>
        reject(refusedVersion || !hasConnack ? this.#noConnack(why, refusedVersion) : new Refused(why))
      const giveUp = (why: string) => reject(this.#isReached ? new VerbatimError('NO_ANSWER', why) : new Unreached(why))
      const late = setTimeout(() => giveUp(`no CONNACK within ${this.options.withinMs} ms`), this.options.withinMs)
      const stop = () => giveUp('stopped')
      signal.addEventListener('abort', stop, { once: true })
      const settle = () => {
        clearTimeout(late)
        signal.removeEventListener('abort', stop)
      }
      client.on('packetsend', ({ cmd }) => {
        if (cmd !== 'connect') return
        // It is promised to the broker now; keeping it is not left to MQTT.js.
        client.options.keepalive = 0
        this.#stayAlive(this.options.keepaliveSeconds)
      })
      client.on('packetreceive', (packet) => {
        this.#keepAlive?.heard()
        if (packet.cmd !== 'connack') return
        hasConnack = true
        refusedVersion = REFUSES_VERSION.has(packet.reasonCode ?? packet.returnCode ?? 0)
      })
      client.on('error', (fault) => {
        this.#why ||= messageOf(fault)
        if (this.#isOpen) return this.#end(this.#why)
        settle()
        fail(this.#why)
      })
      client.on('connect', ({ properties }) => {
        settle()
        if (signal.aborted) return fail('stopped')
        this.#isOpen = true
        this.#mayBeInFlight = Math.min(MAX_IN_FLIGHT, properties?.receiveMaximum ?? MAX_IN_FLIGHT)
        const wantedSeconds = properties?.serverKeepAlive
        if (wantedSeconds && wantedSeconds < this.options.keepaliveSeconds) this.#stayAlive(wantedSeconds)
        resolve()
      })
      client.on('message', (topic, payload) => {
        if (this.#isOpen) this.options.heard(topic, payload)
      })
      client.on('disconnect', (packet) => {
        this.#why ||= `the broker disconnects, reason ${packet.reasonCode ?? 0}`
      })
      client.on('close', () => {
        settle()
        const why = this.#why || 'the connection was closed'
        fail(why)
        this.#end(why)
      })
      client.connect()
    })
  }

  /**
   * From CONNECT on: where the way is long, CONNACK comes too late to begin then.
   * @param keepaliveSeconds as promised, or as a broker of MQTT 5 wants it instead
   */
  #stayAlive(keepaliveSeconds: number): void {
    this.#keepAlive?.stop()
    this.#keepAlive = new KeepAlive({
      keepaliveSeconds,
      patienceMs: this.options.patienceMs,
      ping: () => this.#client.stream.write(PINGREQ),
      dead: (why) => this.#end(why),
    })
  }

  /** Whoever closes without a word may not know the version. */
  #noConnack(why: string, refused: boolean): VerbatimError {
    if (refused) return new VersionRefused(why)
    if (!this.#isReached) return new Unreached(why)
    const isInvalid = this.#socket?.errored instanceof VerbatimError
    if (isInvalid) return new VerbatimError('MESSAGE_INVALID', why)
    if (this.#socket?.bytesWritten && !this.#why) return this.#unsaid(why)
    return this.#hasMet ? new Refused(why) : new VerbatimError('NO_ANSWER', why)
  }

  /** An older version is tried before it counts as refused. */
  #unsaid(why: string): VerbatimError {
    return this.options.version === 4 && this.#hasMet ? new Refused(why) : new VersionRefused(why)
  }

  #openSocket(): Socket {
    const { url, credentials } = this.options
    const isTls = new URL(url).protocol === 'mqtts:'
    const { host, port } = brokerAddressOf(url, isTls)
    const where = { host, port, lookup: patientLookup }
    const name = /^[\d.]+$|:/.test(host) ? {} : { servername: host }
    const socket = isTls ? connectTls({ ...where, ...name, ...credentials, minVersion: 'TLSv1.2' }) : connectTcp(where)
    socket.setNoDelay(true)
    socket.once('connect', () => {
      this.#isReached = true
    })
    // Not every fault has a code, and MQTT.js passes on none without.
    socket.on('error', (fault) => {
      this.#why ||= messageOf(fault)
      this.#hasMet ||= /^ERR_SSL_.*ALERT/.test(codeOf(fault))
    })
    if (isTls)
      socket.once('secureConnect', () => {
        this.#hasMet = true
      })
    this.#socket = socket
    return guardPackets(socket, ALLOWANCE)
  }

  #end(why: string): void {
    const wasOpen = this.#isOpen
    this.#isOpen = false
    this.#keepAlive?.stop()
    this.#queue = []
    const fault = new VerbatimError('NO_ANSWER', why)
    for (const reject of this.#unanswered) reject(fault)
    this.#unanswered.clear()
    if (!wasOpen) return
    this.#socket?.destroy()
    this.options.ended(why)
  }

  #answered(ask: (done: (fault?: Error | null) => void) => void): Promise<void> {
    if (!this.#isOpen) return Promise.reject(new VerbatimError('NO_ANSWER', 'the connection has ended'))
    return new Promise((resolve, reject) => {
      this.#unanswered.add(reject)
      ask((fault) => {
        this.#unanswered.delete(reject)
        if (fault) reject(fault)
        else resolve()
      })
    })
  }

  /** Not more at once than the broker takes. */
  async #slot(send: () => Promise<void>): Promise<void> {
    if (this.#inFlight >= this.#mayBeInFlight)
      await new Promise<void>((resolve, reject) => {
        this.#unanswered.add(reject)
        this.#queue.push(() => {
          this.#unanswered.delete(reject)
          resolve()
        })
      })
    this.#inFlight++
    try {
      await send()
    } finally {
      this.#inFlight--
      this.#queue.shift()?.()
    }
  }
}
