/** An MQTT 3.1.1 client that does nothing by itself: packets, or bytes that are none, in and out. */
import { once } from 'node:events'
import type { Duplex } from 'node:stream'
import mqttPacket, { type IConnectPacket, type IPublishPacket, type Packet } from 'mqtt-packet'

type Cmd = Packet['cmd']
type Of<C extends Cmd> = Extract<Packet, { cmd: C }>

const PATIENCE_MS = 20_000

export class RawClient {
  /** Those that came and that nobody has taken. */
  #packets: Packet[] = []
  #lookers = new Set<() => void>()
  #id = 0
  isClosed = false
  /** Whether a PUBLISH of QoS 1 is acknowledged at once. */
  acknowledges = true

  constructor(readonly stream: Duplex) {
    const parser = mqttPacket.parser()
    parser.on('packet', (packet: Packet) => {
      if (packet.cmd === 'publish' && packet.qos === 1 && this.acknowledges)
        this.send({ cmd: 'puback', messageId: packet.messageId! })
      this.#packets.push(packet)
      this.#look()
    })
    stream.on('data', (bytes: Buffer) => parser.parse(bytes))
    stream.on('error', () => {})
    stream.on('close', () => {
      this.isClosed = true
      this.#look()
    })
    stream.on('end', () => stream.destroy())
  }

  send(packet: Packet): void {
    if (!this.isClosed) this.stream.write(mqttPacket.generate(packet))
  }

  bytes(...bytes: number[]): void {
    this.stream.write(Buffer.from(bytes))
  }

  /** The next packet of this kind, taken; null when the connection ended without one. */
  async next<C extends Cmd>(cmd: C): Promise<Of<C> | null> {
    const find = () => this.#packets.findIndex((packet) => packet.cmd === cmd)
    await this.#until(`a ${cmd}`, () => find() >= 0 || this.isClosed)
    return find() < 0 ? null : (this.#packets.splice(find(), 1)[0] as Of<C>)
  }

  async connect(how: Partial<IConnectPacket> & { clientId: string }): Promise<Of<'connack'> | null> {
    this.send({
      ...{ cmd: 'connect', protocolId: 'MQTT', protocolVersion: 4, clean: true, keepalive: 60, ...how },
    } as IConnectPacket)
    return this.next('connack')
  }

  /** What was granted: 0, 1 or 128 for each; null when the connection ended instead. */
  async subscribe(qos: 0 | 1, ...topics: string[]): Promise<number[] | null> {
    const subscriptions = topics.map((topic) => ({ topic, qos }))
    this.send({ cmd: 'subscribe', messageId: ++this.#id, subscriptions })
    return ((await this.next('suback'))?.granted as number[] | undefined) ?? null
  }

  /** QoS 1 resolves when it was acknowledged, or the connection has ended: false. */
  async publish(
    topic: string,
    payload: string | Buffer,
    how: Partial<Pick<IPublishPacket, 'qos' | 'retain' | 'dup' | 'messageId'>> = {},
  ): Promise<boolean> {
    const packet = { cmd: 'publish', topic, payload, qos: 1, retain: false, dup: false, ...how } as IPublishPacket
    if (packet.qos) packet.messageId ??= ++this.#id
    this.send(packet)
    return packet.qos === 1 ? (await this.next('puback'))?.messageId === packet.messageId : true
  }

  /** After this, whatever the broker had to say before was said. False when the connection has ended. */
  async ping(): Promise<boolean> {
    this.send({ cmd: 'pingreq' })
    return (await this.next('pingresp')) !== null
  }

  /** Payloads until the one that is `last`, which is taken too. */
  async heardUntil(last: string): Promise<IPublishPacket[]> {
    const all: IPublishPacket[] = []
    for (;;) {
      const packet = await this.next('publish')
      if (!packet) throw new Error(`the connection ended before "${last}" came`)
      if (packet.payload.toString() === last) return all
      all.push(packet)
    }
  }

  async closed(): Promise<void> {
    await this.#until('the end of the connection', () => this.isClosed)
  }

  /** In order: no will. */
  async leave(): Promise<void> {
    if (this.isClosed) return
    this.send({ cmd: 'disconnect' })
    this.stream.end()
    await this.closed()
  }

  /** As when a machine loses its power and its network says so. */
  async drop(): Promise<void> {
    if (this.isClosed) return
    const closed = once(this.stream, 'close')
    this.stream.destroy()
    await closed
  }

  #look(): void {
    for (const look of this.#lookers) look()
  }

  async #until(what: string, is: () => boolean): Promise<void> {
    if (is()) return
    await new Promise<void>((resolve, reject) => {
      const settle = (end: () => void) => {
        clearTimeout(late)
        this.#lookers.delete(look)
        end()
      }
      const look = () => is() && settle(resolve)
      const late = setTimeout(
        () => settle(() => reject(new Error(`${what}: not within ${PATIENCE_MS} ms`))),
        PATIENCE_MS,
      )
      this.#lookers.add(look)
    })
  }
}
