/** The smallest hub for a story: real authority, enrolment and broker; it acknowledges every event that comes in order. */
import { generateKeyPairSync, randomUUID, sign } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MqttClient } from 'mqtt'
import { rawPublicKeyOf } from '../../../controller/base/ed25519.ts'
import { Authority } from '../../../controller/ports/authority/authority.ts'
import { EnrolmentDesk } from '../../../controller/ports/authority/enrolment-desk.ts'
import { ExpectedCodes } from '../../../controller/ports/authority/expected-codes.ts'
import { AuthorityRegister } from '../../../controller/ports/authority/register.ts'
import { Broker } from '../../../controller/ports/broker/broker.ts'
import type { CertificateRequest } from '../../../controller/wire/fleet/certificate.ts'
import type { EnrolmentAnswer, Proven } from '../../../controller/wire/fleet/enrolment.ts'
import type { FleetEvent } from '../../../controller/wire/fleet/fleet-event.ts'
import type { OrderOp, OrderResult } from '../../../controller/wire/fleet/order.ts'
import { orderPayload } from '../../../controller/wire/fleet/signing.ts'
import type { StandingRequest } from '../../../controller/wire/fleet/standing.ts'
import { parseTopic, topicOf } from '../../../controller/wire/fleet/topics.ts'
import { type HttpServer, serveHttp } from '../../builders/http-server.ts'

type Told = Pick<EnrolmentAnswer, 'operatorKey' | 'witness' | 'mqtt'>

export const COURT = 'court-of-stories'

export class StoryHub {
  readonly #operator = generateKeyPairSync('ed25519')
  readonly #said = new Map<string, string>()
  /** By number, as they first came. */
  readonly #events = new Map<number, string>()
  readonly contradictions: string[] = []
  #broker: Broker | null = null
  #client: MqttClient | null = null
  #port = 0
  web!: HttpServer

  private constructor(
    private readonly home: string,
    private readonly authority: Authority,
    private readonly register: AuthorityRegister,
    readonly desk: EnrolmentDesk,
  ) {}

  static async start(): Promise<StoryHub> {
    const home = mkdtempSync(join(tmpdir(), 'verbatim-hub-'))
    const authority = await Authority.open({ home, region: 'Stories', days: 1 })
    const register = await AuthorityRegister.open(home)
    const told = (): Told => ({ operatorKey: hub.operatorKey, witness: null, mqtt: `mqtts://localhost:${hub.#port}` })
    const desk: EnrolmentDesk = new EnrolmentDesk({
      authority,
      register,
      expected: await ExpectedCodes.open(home),
      told,
      sign: (text) => sign(null, Buffer.from(text), hub.#operator.privateKey).toString('base64'),
    })
    const hub: StoryHub = new StoryHub(home, authority, register, desk)
    hub.web = await serveHttp(async (body, response, { url }) => {
      const asked: unknown = JSON.parse(body.toString('utf8'))
      const reply = url === '/standing' ? desk.standing(asked as StandingRequest) : desk.ask(asked as Proven)
      response.end(JSON.stringify(await reply))
    })
    await hub.open()
    return hub
  }

  get operatorKey(): string {
    return rawPublicKeyOf(this.#operator.publicKey)
  }

  /** In the order of their numbers. */
  get events(): FleetEvent[] {
    return [...this.#events].sort(([a], [b]) => a - b).map(([, text]) => JSON.parse(text) as FleetEvent)
  }

  /** The latest of a topic below the device. */
  said<T>(path: string): T | null {
    const text = this.#said.get(path)
    return text ? (JSON.parse(text) as T) : null
  }

  async open(): Promise<void> {
    this.#broker = await Broker.start({
      ...{ host: '127.0.0.1', port: this.#port, tls: await this.authority.serverFiles(['localhost']), maxDevices: 10 },
      messagesPerSecond: 1_000,
      admit: ({ name, court, serial }) =>
        court && serial && this.register.isGood(name, serial) ? { is: 'device', device: name, court } : null,
      told: () => {},
    })
    this.#port = this.#broker.port
    const broker = this.#broker
    this.#client = new MqttClient(() => broker.connectInside() as never, {
      ...{ clientId: 'hub', protocolVersion: 4, reconnectPeriod: 0, keepalive: 60 },
    })
    this.#client.on('message', (topic, payload) => this.#take(topic, payload.toString('utf8')))
    this.#client.on('connect', () => this.#client?.subscribe('verbatim/v1/#', { qos: 1 }))
  }

  /** As if its machine were gone. */
  async close(): Promise<void> {
    this.#client?.end(true)
    await this.#broker?.stop()
    this.#broker = null
  }

  /** What came of it is `said('up/cmd/res/ID')`. */
  async order(device: string, op: OrderOp): Promise<() => OrderResult | null> {
    const id = randomUUID()
    const [issued, expires] = [new Date(), new Date(Date.now() + 60_000)].map((date) => date.toISOString()) as [
      string,
      string,
    ]
    const order = { device, id, op, args: {}, issued, expires }
    const sig = sign(null, Buffer.from(orderPayload(order)), this.#operator.privateKey).toString('base64')
    await this.#client!.publishAsync(topicOf(COURT, device, 'order'), JSON.stringify({ ...order, sig }), { qos: 1 })
    return () => this.said<OrderResult>(`up/cmd/res/${id}`)
  }

  async end(): Promise<void> {
    await this.close()
    await this.web.stop()
    rmSync(this.home, { recursive: true, force: true })
  }

  /** It may not connect any more, and is not connected. */
  async revoke(device: string): Promise<void> {
    await this.desk.revoke(device, 'story')
    this.#broker?.kick(device)
  }

  async #renew(court: string, device: string, text: string): Promise<void> {
    const certificates = await this.desk.renew(device, JSON.parse(text) as CertificateRequest)
    await this.#client?.publishAsync(topicOf(court, device, 'certificate'), JSON.stringify(certificates), { qos: 1 })
  }

  #take(topic: string, text: string): void {
    const parsed = parseTopic(topic)
    if (!parsed) return
    if (parsed.name === 'renewal') return void this.#renew(parsed.court, parsed.device, text)
    if (parsed.name !== 'event') return void this.#said.set(topic.split('/').slice(4).join('/'), text)
    const { seq } = JSON.parse(text) as FleetEvent
    const known = this.#events.get(seq)
    if (known !== undefined && known !== text) this.contradictions.push(text)
    if (known === undefined) this.#events.set(seq, text)
    let upto = 0
    while (this.#events.has(upto + 1)) upto++
    const ahead = [...this.#events.keys()].filter((one) => one > upto).slice(-200)
    const ack = JSON.stringify({ upto, ahead })
    this.#client?.publish(topicOf(parsed.court, parsed.device, 'ack'), ack, { qos: 1, retain: true })
  }
}
