/** Who takes part in a case: a device, another one, the hub; each connection is ended when the case is over. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { IConnectPacket } from 'mqtt-packet'
import { DAY_MS } from '../../../controller/base/units.ts'
import { Authority, type TlsFiles } from '../../../controller/ports/authority/authority.ts'
import { keysIn } from '../../../controller/ports/authority/certificate-request.ts'
import { type TopicName, topicOf } from '../../../controller/wire/fleet/topics.ts'
import { csrOf, pemOf } from '../../builders/fleet-keys.ts'
import { until } from '../../stories/stage/until.ts'
import { RawClient } from './raw-client.ts'
import { COURT, type Region } from './region.ts'

const READY_WITHIN_S = 90
const COMES_AGAIN = 5
const COMES_AGAIN_AFTER_MS = 2_000

export const DEVICE = 'vb-abcdefghij234567'
export const OTHER = 'vb-zzzzzzzzzz234567'
/** Of the same court; revoked at the end. */
export const THIRD = 'vb-yyyyyyyyyy234567'

export const own = (name: TopicName, last?: string): string => topicOf(COURT, DEVICE, name, last)
export const others = (name: TopicName, last?: string): string => topicOf(COURT, OTHER, name, last)

export class Scene {
  readonly #clients: RawClient[] = []
  #count = 0

  constructor(
    readonly region: Region,
    readonly files: ReadonlyMap<string, TlsFiles>,
  ) {}

  /**
   * Resolves when every node takes the hub in. A cluster that listens has not elected its leader yet, and closes whoever
   * connects before.
   */
  async ready(): Promise<void> {
    for (const node of this.region.ports.keys())
      await until(`node ${node} takes connections`, READY_WITHIN_S, async () => {
        const client = new RawClient(await this.region.openHub(node))
        const connack = await client.connect({ clientId: 'hub' }).catch(() => null)
        await client.drop()
        return connack?.returnCode === 0
      })
  }

  /** Without CONNECT. */
  async bare(device = DEVICE): Promise<RawClient> {
    return this.#keep(new RawClient(await this.region.open(this.files.get(device)!)))
  }

  async device(how: Partial<IConnectPacket> = {}, device = DEVICE): Promise<RawClient> {
    return this.#comeIn(device, () => this.bare(device), how)
  }

  /** Without CONNECT, and with whatever certificate. */
  async strange(files: Partial<TlsFiles>): Promise<RawClient> {
    return this.#keep(new RawClient(await this.region.open(files)))
  }

  /** The same names, signed by somebody else. */
  forged(device: string): Promise<TlsFiles> {
    return this.#elsewhere(device, {})
  }

  /** Signed by ours, and over. */
  expired(device: string): Promise<TlsFiles> {
    return this.#elsewhere(device, { home: this.region.authorityHome, now: () => new Date(Date.now() - 90 * DAY_MS) })
  }

  async #elsewhere(device: string, how: { home?: string; now?: () => Date }): Promise<TlsFiles> {
    const home = mkdtempSync(join(tmpdir(), 'verbatim-elsewhere-'))
    try {
      const authority = await Authority.open({ home, region: 'Elsewhere', days: 1, ...how })
      const { csr, key } = await csrOf(device)
      const keys = await keysIn({ csr, evidenceKey: null, evidenceProof: null })
      const { certificates } = await authority.issueDevice(COURT, device, device, keys)
      return { ca: this.region.authority.pem, cert: pemOf(certificates.tls[0]!), key }
    } finally {
      rmSync(home, { recursive: true, force: true })
    }
  }

  async bareHub(): Promise<RawClient> {
    return this.#keep(new RawClient(await this.region.openHub()))
  }

  /** @param topics what it hears, at QoS 1 */
  async hub(how: Partial<IConnectPacket> = {}, ...topics: string[]): Promise<RawClient> {
    const client = await this.#comeIn('hub', () => this.bareHub(), how)
    if (topics.length) await client.subscribe(1, ...topics)
    return client
  }

  /** A word that nobody has said before. */
  word(): string {
    return `word-${++this.#count}`
  }

  /** Says a word as the other device and waits until the hub has heard it; what the hub heard before. */
  async hubHeard(hub: RawClient): Promise<string[]> {
    const [other, word] = [await this.device({}, OTHER), this.word()]
    await other.publish(others('event'), word)
    await other.leave()
    return (await hub.heardUntil(word)).map(({ topic, payload }) => `${topic} ${payload.toString()}`)
  }

  async end(): Promise<void> {
    for (const client of this.#clients.splice(0)) await client.drop()
  }

  /**
   * A busy cluster closes a connection without a word when its nodes have not answered each other in time; whoever belongs
   * there comes again, as recorders and the hub do.
   */
  async #comeIn(clientId: string, open: () => Promise<RawClient>, how: Partial<IConnectPacket>): Promise<RawClient> {
    for (let left = COMES_AGAIN; ; left--) {
      const client = await open()
      const connack = await client.connect({ clientId, ...how })
      if (connack?.returnCode === 0) return client
      if (connack || left === 0) throw new Error(`${clientId} is refused: ${connack?.returnCode ?? 'closed'}`)
      await delay(COMES_AGAIN_AFTER_MS)
    }
  }

  #keep(client: RawClient): RawClient {
    this.#clients.push(client)
    return client
  }
}
