/** One subscriber to all: counts what devices and their wills say. */
import type { Socket } from 'node:net'
import mqttPacket, { type Packet } from 'mqtt-packet'
import { TOPICS, type TopicName, TREE } from '../../../../../controller/wire/fleet/topics.ts'
import type { BareBroker } from './bare-broker.ts'
import { openSocket } from './light-client.ts'

const HEARD = ['presence', 'birth', 'event'] as const satisfies readonly TopicName[]
const PING_MS = 30_000

export class Listener {
  /** By topic: one for each device. */
  readonly births = new Set<string>()
  readonly wills = new Set<string>()
  messages = 0
  readonly #ping: NodeJS.Timeout

  private constructor(private readonly socket: Socket) {
    this.#ping = setInterval(() => this.#send({ cmd: 'pingreq' }), PING_MS)
  }

  /** Resolves when it hears everything. */
  static async start({ ports, listener: { clientId, tls } }: BareBroker): Promise<Listener> {
    const socket = openSocket(ports[0]!, tls)
    const listener = new Listener(socket)
    await new Promise<void>((resolve, reject) => {
      const parser = mqttPacket.parser()
      parser.on('packet', (packet: Packet) => {
        if (packet.cmd === 'connack') listener.#subscribe()
        else if (packet.cmd === 'suback')
          packet.granted.includes(128) ? reject(new Error('the subscriber to all is refused')) : resolve()
        else if (packet.cmd === 'publish') listener.#hear(packet.topic, packet.messageId)
      })
      socket.on('data', (bytes: Buffer) => parser.parse(bytes))
      socket.on('error', reject)
      socket.on('close', () => reject(new Error('the connection of the subscriber to all ended')))
      listener.#send({
        ...{ cmd: 'connect', protocolId: 'MQTT', protocolVersion: 4, clean: true, keepalive: 120, clientId },
      } as Packet)
    })
    return listener
  }

  stop(): void {
    clearInterval(this.#ping)
    this.socket.destroy()
  }

  /** One by one: some brokers let nobody but the hub ask for a whole tree. */
  #subscribe(): void {
    const subscriptions = HEARD.map((name) => ({ topic: `${TREE}/+/+/${TOPICS[name].path}`, qos: 1 as const }))
    this.#send({ cmd: 'subscribe', messageId: 1, subscriptions } as Packet)
  }

  #hear(topic: string, messageId: number | undefined): void {
    if (messageId) this.#send({ cmd: 'puback', messageId })
    if (topic.endsWith(TOPICS.event.path)) this.messages++
    else (topic.endsWith(TOPICS.presence.path) ? this.wills : this.births).add(topic)
  }

  #send(packet: Packet): void {
    if (!this.socket.destroyed) this.socket.write(mqttPacket.generate(packet))
  }
}
