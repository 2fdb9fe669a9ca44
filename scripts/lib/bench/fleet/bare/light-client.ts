/** As little of a device as a broker can tell from one: a will, a retained birth, a subscription, now and then a message. */
import { connect as connectTcp, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import mqttPacket, { type Packet } from 'mqtt-packet'
import type { TlsFiles } from '../../../../../controller/ports/authority/authority.ts'
import { TREE, topicOf } from '../../../../../controller/wire/fleet/topics.ts'
import type { Member } from './bare-words.ts'

const LOOPBACK = '127.0.0.1'
/** The longest that all brokers take: nothing need be said while the others connect. */
const KEEPALIVE_S = 300
const [BIRTH_ID, DOWN_ID, FIRST_ID] = [1, 2, 3]
const MOST_IDS = 60_000
const PAYLOAD = Buffer.alloc(200, 'x')

/** @param tls null for a connection without it */
export const openSocket = (port: number, tls: TlsFiles | null): Socket =>
  tls
    ? connectTls({ ...tls, port, host: LOOPBACK, servername: 'localhost' })
    : connectTcp({ port, host: LOOPBACK, noDelay: true })

export class LightClient {
  #id = FIRST_ID
  readonly #saidMs = new Map<number, number>()
  readonly #awaited = new Set([BIRTH_ID, DOWN_ID])
  readonly #socket: Socket
  said = 0
  hasEnded = false

  /**
   * @param entered when birth and subscription were acknowledged; with why not when the connection ended before
   * @param acknowledged from a message to its PUBACK
   */
  constructor(
    private readonly who: Member,
    where: { port: number; tls: TlsFiles | null },
    private readonly entered: (fault: Error | null) => void,
    private readonly acknowledged: (latencyMs: number) => void,
  ) {
    const { court, device } = who
    const parser = mqttPacket.parser()
    parser.on('packet', (packet: Packet) => this.#take(packet))
    const socket = openSocket(where.port, where.tls)
    let why = 'the connection ended'
    socket.on('data', (bytes: Buffer) => parser.parse(bytes))
    socket.on('error', (fault) => {
      why = fault.message
    })
    socket.on('close', () => {
      this.hasEnded = true
      if (this.#awaited.size) this.entered(new Error(`${device} was not taken in: ${why}`))
    })
    this.#socket = socket
    this.#send({
      ...{ cmd: 'connect', protocolId: 'MQTT', protocolVersion: 4, clean: true, keepalive: KEEPALIVE_S },
      ...{
        clientId: device,
        will: { topic: topicOf(court, device, 'presence'), payload: PAYLOAD, qos: 1, retain: true },
      },
    } as Packet)
  }

  say(): void {
    if (this.hasEnded) return
    this.#id = this.#id < MOST_IDS ? this.#id + 1 : FIRST_ID
    this.#saidMs.set(this.#id, performance.now())
    this.said++
    this.#publish('event', this.#id, false)
  }

  /** Messages that were not acknowledged. */
  get waiting(): number {
    return this.#saidMs.size
  }

  #take(packet: Packet): void {
    switch (packet.cmd) {
      case 'connack': {
        if (packet.returnCode) return void this.#socket.destroy(new Error(`CONNACK ${packet.returnCode}`))
        const { court, device } = this.who
        this.#publish('birth', BIRTH_ID, true)
        // At QoS 0, as recorders listen.
        const subscriptions = [{ topic: `${TREE}/${court}/${device}/down/#`, qos: 0 as const }]
        return this.#send({ cmd: 'subscribe', messageId: DOWN_ID, subscriptions } as Packet)
      }
      case 'suback':
        if (packet.granted[0] === 128) return void this.#socket.destroy(new Error('its subscription was refused'))
        return this.#settle(DOWN_ID)
      case 'puback': {
        const id = packet.messageId!
        if (id === BIRTH_ID) return this.#settle(id)
        const saidMs = this.#saidMs.get(id)
        if (saidMs === undefined) return
        this.#saidMs.delete(id)
        this.acknowledged(performance.now() - saidMs)
      }
    }
  }

  #settle(id: number): void {
    if (this.#awaited.delete(id) && !this.#awaited.size) this.entered(null)
  }

  #publish(name: 'birth' | 'event', messageId: number, retain: boolean): void {
    const topic = topicOf(this.who.court, this.who.device, name)
    this.#send({ cmd: 'publish', topic, payload: PAYLOAD, qos: 1, retain, dup: false, messageId } as Packet)
  }

  #send(packet: Packet): void {
    this.#socket.write(mqttPacket.generate(packet))
  }
}
