/**
 * The broker of a region, in the hub itself: aedes in memory. It loses everything at its end, and is right all the same:
 * devices say again what is kept, and events come until the hub has acknowledged them.
 */
import { constants } from 'node:crypto'
import { createServer as createTcpServer, type Server, type Socket } from 'node:net'
import { performance } from 'node:perf_hooks'
import type { Duplex } from 'node:stream'
import { createServer as createTlsServer, type TLSSocket, type Server as TlsServer } from 'node:tls'
import { Aedes, type Client } from 'aedes'
import { messageOf } from '../../base/error.ts'
import { Pace } from '../../base/pace.ts'
import { makePacketLengths } from '../../base/packet-lengths.ts'
import { MOST_ALARMS_KEPT } from '../../wire/fleet/alarm.ts'
import { MAX_PACKET_BYTES } from '../../wire/fleet/topics.ts'
import { Arrivals } from './arrivals.ts'
import { ByAddress } from './by-address.ts'
import { type CountOthers, findRetainedDirectly } from './direct-retained.ts'
import { PacketMeter } from './packet-meter.ts'
import { pairedStreams } from './paired-streams.ts'
import { mayBeHandedOn, maySubscribe, refusesPublishing, type Who } from './rights.ts'
import { shownBy } from './shown-by.ts'
import { type MostUnread, Unread } from './unread.ts'

/** What a certificate says, or the client itself where there is no TLS. */
export interface Shown {
  name: string
  /** Null without TLS. */
  court: string | null
  /** Lower-case hex; null without TLS. */
  serial: string | null
}

export interface BrokerFault {
  code: 'refused' | 'not-permitted' | 'too-long' | 'too-fast' | 'too-slow' | 'taken-over' | 'broken'
  /** Empty before it is known. */
  client: string
  address: string
  why: string
}

export interface BrokerOptions {
  host: string
  /** 0 takes a free one. */
  port: number
  /** PEM; null for a listener without TLS, for tests on this machine. */
  tls: { ca: string; cert: string; key: string } | null
  maxDevices: number
  /** Every device when left out. */
  maxPerAddress?: number
  /** Of them, such as have not shown yet who they are; 1,000 when left out. */
  maxStrangersPerAddress?: number
  /** From one client; more are held back. */
  messagesPerSecond: number
  /** Waiting in memory for those who do not read; 8 MiB for each and 64 MiB together when left out. */
  mostUnread?: MostUnread
  /** Who this is; null for nobody, or for one that was revoked. */
  admit: (shown: Shown) => Exclude<Who, { is: 'hub' }> | null
  told: (fault: BrokerFault) => void
}

interface Guest {
  who: Who
  pace: Pace
  /** That it sends too fast was told. */
  isTold: boolean
  /** That it does not read was told. */
  isSlow: boolean
  address: string
}

const BURST_SECONDS = 5
const MAX_SUBSCRIPTIONS = 30
/** Without an answer to CONNECT, and within TLS. */
const CONNECT_MS = 20_000
/** Who does not read for so long is left: it would hold up others. */
const DRAIN_MS = 5_000
const MAX_KEEPALIVE_S = 300
const READ_BYTES = 8_192
/** Each stays one for 20 s at most within TLS, and as long before CONNECT: far fewer than places, far more than a court has. */
const STRANGERS_PER_ADDRESS = 1_000
const HUB_CLIENT = 'hub'
/** CONNACK 5 of MQTT 3.1.1. */
const NOT_AUTHORIZED = Object.assign(new Error('its certificate does not count here'), { returnCode: 5 })

export class Broker {
  readonly #aedes: Aedes
  readonly #server: Server
  #tlsServer: TlsServer | null = null
  readonly #arrivals: Arrivals
  readonly #byAddress: ByAddress
  readonly #guests = new WeakMap<Client, Guest>()
  readonly #inside = new WeakSet<Duplex>()
  readonly #unread: Unread
  #countOthers: CountOthers = () => 0

  private constructor(private readonly options: BrokerOptions) {
    this.#aedes = new Aedes({
      ...{ concurrency: 2_000, queueLimit: 100, maxClientsIdLength: 80, maxTopicLevels: 12 },
      ...{
        connectTimeout: CONNECT_MS,
        drainTimeout: DRAIN_MS,
        keepaliveLimit: MAX_KEEPALIVE_S,
        maxInflightInbound: 100,
      },
      preConnect: (_client, packet, done) => {
        // What waits for somebody who is away would fill the memory. Nobody here needs it.
        packet.clean = true
        done(null, true)
      },
      authenticate: (client, _user, _password, done) =>
        this.#mayConnect(client) ? done(null, true) : done(NOT_AUTHORIZED, false),
      authorizePublish: (client, packet, done) => this.#judgePublishing(client, packet, done),
      // Also asked of what was kept before somebody came.
      authorizeForward: (client, packet) => {
        const guest = this.#guests.get(client)
        return guest && mayBeHandedOn(guest.who, packet.topic) ? packet : null
      },
      authorizeSubscribe: (client, subscription, done) => {
        done(null, this.#judgeSubscribing(client, subscription.topic) ? subscription : null)
      },
    })
    this.#aedes.on('clientError', (client, fault) => this.#tell(client, 'broken', messageOf(fault)))
    this.#aedes.on('keepaliveTimeout', (client) => this.#tell(client, 'broken', 'it fell silent'))
    this.#byAddress = new ByAddress(
      {
        connections: options.maxPerAddress ?? options.maxDevices,
        strangers: options.maxStrangersPerAddress ?? STRANGERS_PER_ADDRESS,
      },
      (address, why) => options.told({ code: 'refused', client: '', address, why }),
    )
    this.#unread = new Unread((stream, bytes) => {
      const { client } = stream as unknown as { client: Client }
      this.#tell(client, 'too-slow', `it does not read: ${bytes} bytes wait for it`)
      stream.destroy()
    }, options.mostUnread)
    const enter = this.#entrance()
    this.#arrivals = new Arrivals((socket) => {
      const mayEnter = this.#byAddress.greet(socket)
      if (mayEnter) enter(socket)
      else socket.destroy()
      return mayEnter
    })
    this.#server = createTcpServer({ noDelay: true, highWaterMark: READ_BYTES }, (socket) => {
      if (this.#byAddress.take(socket)) this.#arrivals.come(socket)
      else socket.destroy()
    })
    this.#server.maxConnections = options.maxDevices
  }

  /** Throws what listening does. */
  static async start(options: BrokerOptions): Promise<Broker> {
    makePacketLengths()
    const broker = new Broker(options)
    await broker.#aedes.listen()
    broker.#countOthers = findRetainedDirectly(broker.#aedes)
    await new Promise<void>((resolve, reject) => {
      broker.#server.once('error', reject)
      broker.#server.listen({ port: options.port, host: options.host, backlog: 4_096 }, resolve)
    })
    return broker
  }

  get port(): number {
    return (this.#server.address() as { port: number }).port
  }

  /** Another certificate for those who come from now on. */
  showCertificate(tls: { ca: string; cert: string; key: string }): void {
    this.#tlsServer?.setSecureContext({ ...tls, minVersion: 'TLSv1.2', secureOptions: constants.SSL_OP_NO_TICKET })
  }

  /** Bytes that wait in memory for those who do not read, at most. */
  get unread(): number {
    return this.#unread.together
  }

  get connected(): number {
    return this.#aedes.connectedClients
  }

  /** A pipe for the hub's own client, within this process. */
  connectInside(): Duplex {
    const [mine, theirs] = pairedStreams()
    this.#inside.add(mine)
    this.#handle(mine)
    return theirs
  }

  /** At once, with its will. */
  kick(client: string): void {
    const found = (this.#aedes as unknown as { clients: Record<string, Client | undefined> }).clients[client]
    found?.conn.destroy()
  }

  /** Every connection that came with a reader's certificate of this name. */
  kickReader(name: string): void {
    for (const client of Object.values((this.#aedes as unknown as { clients: Record<string, Client> }).clients)) {
      const who = this.#guests.get(client)?.who
      if (who?.is === 'reader' && who.name === name) client.conn.destroy()
    }
  }

  async stop(): Promise<void> {
    this.#arrivals.stop()
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()))
    await new Promise<void>((resolve) => this.#aedes.close(resolve))
    await closed
  }

  /** What becomes of a connection that is let in. */
  #entrance(): (socket: Socket) => void {
    const { tls } = this.options
    if (!tls)
      return (socket) => {
        this.#arrivals.over()
        this.#handle(socket)
      }
    const server = createTlsServer(
      {
        ...{ ...tls, requestCert: true, rejectUnauthorized: true, minVersion: 'TLSv1.2' as const },
        // A session kept for later costs memory ten thousand times, and devices stay connected.
        ...{ secureOptions: constants.SSL_OP_NO_TICKET, handshakeTimeout: CONNECT_MS, sessionTimeout: 1 },
      },
      (socket) => {
        this.#arrivals.over()
        this.#handle(socket)
      },
    )
    this.#tlsServer = server
    server.on('tlsClientError', (fault: Error, socket: TLSSocket) => {
      this.#arrivals.over()
      const address = socket.remoteAddress ?? ''
      this.options.told({ code: 'refused', client: '', address, why: messageOf(fault) })
    })
    // It listens to nothing itself: node gives it what was accepted elsewhere.
    return (socket) => server.emit('connection', socket)
  }

  #handle(stream: Duplex): void {
    // The hub itself is not cut.
    if (!this.#inside.has(stream)) this.#unread.watch(stream)
    const client = this.#aedes.handle(stream)
    const meter = new PacketMeter(MAX_PACKET_BYTES)
    // What aedes reads it hands to this parser, which keeps a packet until it is whole.
    const parser = (client as unknown as { _parser: { parse: (bytes: Buffer) => number } })._parser
    const parse = parser.parse.bind(parser)
    parser.parse = (bytes) => {
      const wrong = meter.push(bytes)
      if (wrong === null) return parse(bytes)
      this.#tell(client, 'too-long', wrong)
      stream.destroy()
      return 0
    }
  }

  #mayConnect(client: Client): boolean {
    const clientId = client.id
    const stream = client.conn as Duplex
    const address = (stream as Socket).remoteAddress ?? ''
    const who = this.#inside.has(stream) ? ({ is: 'hub' } as const) : this.#admit(stream, clientId)
    if (!who) {
      this.options.told({ code: 'refused', client: clientId, address, why: NOT_AUTHORIZED.message })
      return false
    }
    if ((this.#aedes as unknown as { clients: Record<string, unknown> }).clients[clientId])
      this.options.told({ code: 'taken-over', client: clientId, address, why: 'it was connected already' })
    if (who.is !== 'hub') this.#byAddress.known(stream as Socket)
    const { messagesPerSecond: rate } = this.options
    const pace = new Pace(rate, rate * BURST_SECONDS, performance.now())
    this.#guests.set(client, { who, pace, isTold: false, isSlow: false, address })
    return true
  }

  /** A client is called as its certificate is; a reader may be there more than once. */
  #admit(stream: Duplex, clientId: string): Who | null {
    if (clientId === HUB_CLIENT) return null
    if (!this.options.tls) return this.options.admit({ name: clientId, court: null, serial: null })
    const certificate = (stream as TLSSocket).getPeerX509Certificate()
    if (!certificate) return null
    const shown = shownBy(certificate)
    const who = this.options.admit(shown)
    const isSo = clientId === shown.name || (who?.is === 'reader' && clientId.startsWith(`${shown.name}-`))
    return isSo ? who : null
  }

  #judgePublishing(
    client: Client | null,
    { topic, payload, retain }: { topic: string; payload: Buffer | string; retain: boolean },
    done: (fault?: Error | null) => void,
  ): void {
    const guest = client && this.#guests.get(client)
    // The broker's own.
    if (!client || !guest) return done(client ? new Error('nobody') : null)
    if (guest.who.is === 'hub') return done(null)
    const bytes = payload.length
    const why = refusesPublishing(guest.who, topic, bytes, retain) ?? this.#keepsTooMuch(topic, bytes, retain)
    if (why !== null) {
      this.#tell(client, 'not-permitted', `${topic}: ${why}`)
      return done(new Error(why))
    }
    const holdMs = guest.pace.holdMs(performance.now())
    if (holdMs === 0) return done(null)
    // Nothing more is read from it meanwhile; if it lasts, its keep-alive ends it.
    setTimeout(done, holdMs, null)
    if (guest.isTold) return
    guest.isTold = true
    this.#tell(client, 'too-fast', `it sends more than ${this.options.messagesPerSecond} messages a second`)
  }

  /** What is kept of a device stays bounded, whatever ids it thinks of, and however often it comes. */
  #keepsTooMuch(topic: string, bytes: number, retain: boolean): string | null {
    const isAlarm = retain && bytes > 0 && topic.includes('/up/alarm/')
    return isAlarm && this.#countOthers(topic) >= MOST_ALARMS_KEPT
      ? `more than ${MOST_ALARMS_KEPT} are kept of it`
      : null
  }

  #judgeSubscribing(client: Client, filter: string): boolean {
    const guest = this.#guests.get(client)
    if (!guest) return false
    if (guest.who.is === 'hub') return true
    const isFull =
      Object.keys((client as unknown as { subscriptions: object }).subscriptions).length >= MAX_SUBSCRIPTIONS
    if (!isFull && maySubscribe(guest.who, filter)) return true
    this.#tell(client, 'not-permitted', `may not subscribe to ${filter.slice(0, 200)}`)
    return false
  }

  #tell(client: Client, code: BrokerFault['code'], why: string): void {
    const guest = this.#guests.get(client)
    const address = guest?.address ?? ''
    // aedes says so of each message that waited; what then follows is that it was cut.
    const isSlow = code === 'too-slow' || /drain/.test(why)
    if (guest?.isSlow && (isSlow || code === 'broken')) return
    if (isSlow && guest) guest.isSlow = true
    this.options.told({ code: isSlow ? 'too-slow' : code, client: client.id ?? '', address, why: why.slice(0, 500) })
  }
}
