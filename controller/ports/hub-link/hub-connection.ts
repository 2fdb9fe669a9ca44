/** One connection of the hub to a broker, from CONNECT to its end; the next one is another. */

import { connect as connectTcp } from 'node:net'
import type { Duplex } from 'node:stream'
import { connect as connectTls } from 'node:tls'
import { MqttClient } from 'mqtt'
import { brokerAddressOf } from '../../base/broker-address.ts'
import { messageOf, VerbatimError } from '../../base/error.ts'
import { guardPackets } from '../../base/guarded-socket.ts'
import { makePacketLengths } from '../../base/packet-lengths.ts'
import { MAX_PACKET_BYTES } from '../../wire/fleet/topics.ts'
import { VersionRefused } from './version-refused.ts'

export interface HubConnectionOptions {
  /** Opens a pipe into the embedded broker; null for an outside one. */
  stream: (() => Duplex) | null
  url: string | null
  tls: { ca: string; cert: string; key: string } | null
  version: 4 | 5
  signal: AbortSignal
  heard: (topic: string, payload: Buffer, kept: boolean) => void
}

const CONNECT_MS = 15_000
const KEEPALIVE_S = 30
/** More wait for their turn: brokers close a connection that has more on its way than they take. */
const MAX_IN_FLIGHT = 500
/** First byte and length, before what `MAX_PACKET_BYTES` counts. */
const HEADER_BYTES = 5
/**
 * Of an outside broker, which is somebody else's program: no packet that is longer than anything in the table. How many
 * come is the business of ten thousand devices, and has no limit here; what waits for its turn has one.
 */
const ALLOWANCE = {
  ...{ maxBytes: MAX_PACKET_BYTES + HEADER_BYTES, maxBytesPerTen: Infinity, maxPacketsPerTen: Infinity },
  maxStuckBytes: 64 << 20,
}
/** "Unacceptable protocol version" of MQTT 3.1.1, and "Unsupported Protocol Version" of MQTT 5. */
const REFUSES_VERSION = [1, 0x84]

export class HubConnection {
  readonly ended: Promise<string>
  #end!: (why: string) => void
  #why = ''
  #hasEnded = false
  #inFlight = 0
  #mayBeInFlight = MAX_IN_FLIGHT
  readonly #waiting: (() => void)[] = []
  readonly #unanswered = new Set<(fault: Error) => void>()

  private constructor(private readonly client: MqttClient) {
    this.ended = new Promise((resolve) => {
      this.#end = resolve
    })
  }

  /** Resolves when the broker has accepted it. Throws NO_ANSWER and VersionRefused. */
  static open(options: HubConnectionOptions): Promise<HubConnection> {
    makePacketLengths()
    const { version, signal, heard } = options
    const client = new MqttClient(() => streamOf(options), {
      ...{ clientId: 'hub', protocolId: 'MQTT', protocolVersion: version, clean: true, keepalive: KEEPALIVE_S },
      ...{
        reconnectPeriod: 0,
        connectTimeout: CONNECT_MS,
        queueQoSZero: false,
        resubscribe: false,
        manualConnect: true,
      },
    })
    const connection = new HubConnection(client)
    return new Promise((resolve, reject) => {
      let answered = 0
      client.on('packetreceive', (packet) => {
        if (packet.cmd === 'connack') answered = packet.reasonCode ?? packet.returnCode ?? -1
      })
      client.on('connect', ({ properties }) => {
        connection.#mayBeInFlight = Math.min(MAX_IN_FLIGHT, properties?.receiveMaximum ?? MAX_IN_FLIGHT)
        resolve(connection)
      })
      client.on('message', (topic, payload, { retain }) => heard(topic, payload, retain))
      client.on('error', (fault) => {
        connection.#why ||= messageOf(fault)
        client.end(true)
      })
      const stop = () => client.end(true)
      client.on('close', () => {
        signal.removeEventListener('abort', stop)
        const why = connection.#why || 'the connection was closed'
        // Whoever closes without a word may not know the version.
        const isVersion = REFUSES_VERSION.includes(answered) || (answered === 0 && !connection.#why && version === 5)
        reject(isVersion ? new VersionRefused(why) : new VerbatimError('NO_ANSWER', why))
        connection.#close(why)
      })
      signal.addEventListener('abort', stop)
      client.connect()
    })
  }

  /** Throws NO_ANSWER, also when the broker refuses a filter. */
  async subscribe(filters: readonly string[]): Promise<void> {
    await this.#answered((done) =>
      this.client.subscribe([...filters], { qos: 1 }, (fault, granted) => {
        const refused = granted?.find(({ qos }) => qos >= 0x80)
        done(fault ?? (refused ? new Error(`the broker refuses a subscription to ${refused.topic}`) : null))
      }),
    )
  }

  /** Resolves with the broker's acknowledgement; QoS 0 when it is written. Throws NO_ANSWER. */
  async publish(topic: string, payload: string, how: { qos: 0 | 1; retain: boolean }): Promise<void> {
    if (this.#inFlight >= this.#mayBeInFlight)
      await this.#answered((done) => {
        this.#waiting.push(() => done(null))
      })
    this.#inFlight++
    try {
      await this.#answered((done) => this.client.publish(topic, payload, how, (fault) => done(fault ?? null)))
    } finally {
      this.#inFlight--
      this.#waiting.shift()?.()
    }
  }

  /** In order. */
  async end(): Promise<void> {
    this.#why ||= 'ended here'
    this.client.end(false)
    await this.ended
  }

  #close(why: string): void {
    if (this.#hasEnded) return
    this.#hasEnded = true
    const fault = new VerbatimError('NO_ANSWER', why)
    for (const reject of this.#unanswered) reject(fault)
    this.#unanswered.clear()
    this.#end(why)
  }

  #answered(ask: (done: (fault: Error | null) => void) => void): Promise<void> {
    if (this.#hasEnded) return Promise.reject(new VerbatimError('NO_ANSWER', 'the connection has ended'))
    return new Promise((resolve, reject) => {
      this.#unanswered.add(reject)
      ask((fault) => {
        this.#unanswered.delete(reject)
        if (fault) reject(new VerbatimError('NO_ANSWER', messageOf(fault), { cause: fault }))
        else resolve()
      })
    })
  }
}

const streamOf = ({ stream, url, tls }: HubConnectionOptions): Duplex => {
  if (stream) return stream()
  const where = { ...brokerAddressOf(url!, tls !== null), noDelay: true }
  return guardPackets(tls ? connectTls({ ...where, ...tls, minVersion: 'TLSv1.2' }) : connectTcp(where), ALLOWANCE)
}
