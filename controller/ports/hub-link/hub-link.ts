/**
 * The hub's own connection to its broker, wherever that is: a pipe into the embedded one, or an outside broker by
 * address. It hears everything that devices say, and says what the hub says to them.
 */
import type { Duplex } from 'node:stream'
import { BackOff, type BackOffLimits } from '../../base/back-off.ts'
import { messageOf, VerbatimError } from '../../base/error.ts'
import { type ParsedTopic, parseTopic, TOPICS, type TopicName, TREE, topicOf } from '../../wire/fleet/topics.ts'
import { HubConnection } from './hub-connection.ts'
import { VersionRefused } from './version-refused.ts'

export type Way =
  | { is: 'inside'; open: () => Duplex }
  /**
   * Several for the nodes of a cluster, tried in turn. Files are asked for at each connect, for they are renewed
   * meanwhile; null without TLS, on this machine.
   */
  | { is: 'outside'; urls: readonly string[]; tls: (() => Promise<HubTls>) | null }

/** PEM. */
export interface HubTls {
  ca: string
  cert: string
  key: string
}

export interface HubLinkOptions {
  way: Way
  /** Of which region, where several hubs share a broker: courts; every court when empty. */
  courts?: readonly string[]
  /** @param kept whether the broker had it from before */
  heard: (topic: ParsedTopic, payload: Buffer, kept: boolean) => void
  /** What is no topic of the fleet, or longer than its topic may be. */
  strange: (topic: string, bytes: number) => void
  /** Connected, with everything subscribed; or no longer, and why. */
  changed: (connected: boolean, why: string) => void
  retry?: BackOffLimits
}

const RETRY = { firstMs: 500, longestMs: 10_000 }

export class HubLink {
  readonly #retry: BackOff
  readonly #stop = new AbortController()
  #connection: HubConnection | null = null
  #running: Promise<void> | null = null
  #turn = 0
  /** As each address was found to speak: MQTT 5 is asked for first, and 3.1.1 where it is refused. */
  readonly #versions = new Map<string, 4 | 5>()

  constructor(private readonly options: HubLinkOptions) {
    this.#retry = new BackOff(options.retry ?? RETRY)
  }

  /** Connects, and comes back, until it is stopped. */
  start(): void {
    this.#running ??= this.#run()
  }

  get isConnected(): boolean {
    return this.#connection !== null
  }

  /**
   * Resolves when the broker has taken it. Throws NO_ANSWER when there is no connection, or it ends before.
   * @param payload text; empty takes back what is kept
   * @param last the level that stands for `+`, where the topic has one
   */
  publish(court: string, device: string, name: TopicName, payload: string, last?: string): Promise<void> {
    const { qos, retain } = TOPICS[name]
    return this.publishRaw(topicOf(court, device, name, last), payload, { qos, retain })
  }

  /** Outside our own tree, such as the discovery of Home Assistant. Throws NO_ANSWER. */
  async publishRaw(topic: string, payload: string, how: { qos: 0 | 1; retain: boolean }): Promise<void> {
    if (!this.#connection) throw new VerbatimError('NO_ANSWER', 'there is no connection to the broker')
    await this.#connection.publish(topic, payload, how)
  }

  async stop(): Promise<void> {
    this.#stop.abort()
    await this.#connection?.end()
    await this.#running
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const why = await this.#connectOnce()
      if (this.#stop.signal.aborted) return
      if (why !== '') this.#retry.failed()
      await this.#pause(this.#retry.leftMs)
    }
  }

  /** Resolves when the connection has ended again, with the reason; empty when only the version was wrong. */
  async #connectOnce(): Promise<string> {
    const { way, courts = [], heard, strange, changed } = this.options
    const url = way.is === 'inside' ? null : way.urls[this.#turn++ % way.urls.length]!
    const version = url === null ? 4 : (this.#versions.get(url) ?? 5)
    try {
      const tls = way.is === 'outside' && way.tls ? await way.tls() : null
      const connection = await HubConnection.open({
        stream: way.is === 'inside' ? way.open : null,
        ...{ url, tls, version, signal: this.#stop.signal },
        heard: (topic, payload, kept) => {
          const parsed = parseTopic(topic)
          // The embedded broker refuses what is too long; others know no limit for a topic.
          if (parsed && payload.length <= TOPICS[parsed.name].maxBytes) heard(parsed, payload, kept)
          else strange(topic, payload.length)
        },
      })
      const filters = courts.length ? courts.map((court) => `${TREE}/${court}/+/up/#`) : [`${TREE}/+/+/up/#`]
      await connection.subscribe(filters)
      this.#connection = connection
      this.#retry.succeeded()
      changed(true, '')
      const why = await connection.ended
      this.#connection = null
      changed(false, why)
      return why
    } catch (fault) {
      if (fault instanceof VersionRefused && url !== null && version === 5) {
        this.#versions.set(url, 4)
        this.#turn--
        return ''
      }
      changed(false, messageOf(fault))
      return messageOf(fault)
    }
  }

  async #pause(ms: number): Promise<void> {
    const { signal } = this.#stop
    await new Promise<void>((resolve) => {
      const end = () => {
        clearTimeout(timer)
        signal.removeEventListener('abort', end)
        resolve()
      }
      const timer = setTimeout(end, ms)
      signal.addEventListener('abort', end)
    })
  }
}
