/** A region with one of the three brokers, by the configurations of this repository: real programs, TLS, certificates. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, connect as connectTcp, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import { connect as connectTls } from 'node:tls'
import { Authority, READER_PREFIX, type TlsFiles } from '../../../controller/ports/authority/authority.ts'
import { AuthorityRegister } from '../../../controller/ports/authority/register.ts'
import { Broker } from '../../../controller/ports/broker/broker.ts'
import { BrokerRights } from '../../../controller/ports/broker-rights/broker-rights.ts'
import { takePlace } from '../../../controller/ports/broker-rights/take-place.ts'
import { enrolledDevice } from '../../builders/fleet-keys.ts'
import { until } from '../../stories/stage/until.ts'

export const KINDS = ['embedded', 'mosquitto', 'nats'] as const
export type Kind = (typeof KINDS)[number]

const ROOT = join(import.meta.dirname, '../../..')
export const COURT = 'almaty-district'
export const READER = 'reader-zabbix'
const LOOPBACK = '127.0.0.1'

export class Region {
  readonly home = mkdtempSync(join(tmpdir(), 'verbatim-region-'))
  readonly #children: ChildProcess[] = []
  #ports: number[] = []
  #broker: Broker | null = null
  #rights: BrokerRights | null = null
  #said = ''
  #reloads = 0
  #readers = new Set([READER])
  #revokedReaders: string[] = []
  #serials: string[] = []

  private constructor(
    readonly kind: Kind,
    readonly authority: Authority,
    readonly register: AuthorityRegister,
    /** Where the keys of the authority lie. */
    readonly authorityHome: string,
  ) {}

  static async start(kind: Kind): Promise<Region> {
    const home = mkdtempSync(join(tmpdir(), 'verbatim-hub-'))
    const authority = await Authority.open({ home, region: 'Almaty', days: 1 })
    const region = new Region(kind, authority, await AuthorityRegister.open(home), home)
    region.#homes.push(home, region.home)
    await region.#begin()
    return region
  }

  readonly #homes: string[] = []

  /** Addresses of the broker: several nodes where it is a cluster. */
  get ports(): readonly number[] {
    return this.#ports
  }

  /** Enrolled, as if somebody had typed its code. */
  async enrol(device: string, court = COURT): Promise<TlsFiles> {
    const files = await enrolledDevice(this.authority, this.register, device, court)
    await this.#tell()
    return files
  }

  async revoke(device: string): Promise<void> {
    await this.register.add({ is: 'revoked', at: new Date().toISOString(), device, by: 'test' })
    this.#broker?.kick(device)
    await this.#tell()
  }

  /** A reader besides `READER`, by its whole name. */
  async giveReader(name: string): Promise<TlsFiles> {
    const files = await this.authority.issueReader(name.slice(READER_PREFIX.length))
    this.#readers.add(name)
    await this.#tell()
    return files
  }

  async revokeReader(name: string, { cert }: TlsFiles): Promise<void> {
    this.#readers.delete(name)
    this.#revokedReaders.push(name)
    this.#serials.push(new X509Certificate(cert).serialNumber)
    this.#broker?.kickReader(name)
    await this.#tell()
  }

  /** A TLS connection; the broker may still close it when it has seen the certificate. */
  async open(files: Partial<TlsFiles>, node = 0): Promise<Duplex> {
    const socket = connectTls({
      ...{ ca: this.authority.pem, ...files, host: LOOPBACK, port: this.#ports[node]!, servername: 'localhost' },
    })
    socket.on('error', () => {})
    await Promise.race([once(socket, 'secureConnect'), once(socket, 'close')])
    return socket
  }

  /** Where the hub itself speaks. */
  async openHub(node = 0): Promise<Duplex> {
    return this.#broker ? this.#broker.connectInside() : this.open(await this.authority.hubFiles(), node)
  }

  async stop(): Promise<void> {
    await this.#broker?.stop()
    for (const child of this.#children) {
      if (child.exitCode !== null || child.signalCode !== null) continue
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
    for (const folder of this.#homes) rmSync(folder, { recursive: true, force: true })
  }

  /** A signal is only a request: the program says when it has read its files. */
  async #tell(): Promise<void> {
    if (!this.#rights) return
    const wanted = this.#reloads + this.#children.length
    await this.#rights.tell()
    await until(`reloaded ${wanted} times`, 30, () => this.#reloads >= wanted).catch((fault: Error) => {
      throw new Error(`${fault.message}, ${this.#reloads} seen\n${this.#said}`)
    })
  }

  async #begin(): Promise<void> {
    if (this.kind === 'embedded') return this.#beginEmbedded()
    const server = await this.authority.serverFiles(['localhost'])
    for (const [name, text] of [
      ['authority.pem', server.ca],
      ['server.pem', server.cert],
      ['server-key.pem', server.key],
    ] as const)
      writeFileSync(join(this.home, name), text, { mode: 0o600 })
    const nodes = this.kind === 'nats' ? 3 : 1
    await this.#rightsFor([]).tell()
    this.#ports = await freePorts(nodes)
    if (this.kind === 'mosquitto') this.#beginMosquitto()
    else await this.#beginNats()
    for (const port of this.#ports) await answers(port, () => this.#said)
    this.#rights = this.#rightsFor(['/bin/kill', '-HUP', ...this.#children.map(({ pid }) => String(pid))])
  }

  #rightsFor(reload: string[]): BrokerRights {
    return new BrokerRights({
      ...{ broker: this.kind as 'mosquitto' | 'nats', folder: join(this.home, 'broker'), reload },
      rights: async () => ({
        members: [...this.register.devices()].filter(({ revokedAt }) => revokedAt === null),
        readers: [...this.#readers],
        revoked: [
          ...[...this.register.devices()].flatMap(({ device, revokedAt }) => (revokedAt === null ? [] : [device])),
          ...this.#revokedReaders,
        ],
        crl: await this.authority.crl([
          ...this.register.revoked(new Date()),
          ...this.#serials.map((serial) => ({ serial, at: new Date() })),
        ]),
      }),
      ...(this.kind === 'mosquitto' ? { putOut: (name: string) => this.#putOut(name) } : {}),
    })
  }

  async #putOut(name: string): Promise<void> {
    const url = `mqtts://localhost:${this.#ports[0]}`
    await takePlace(name, { url, ...(await this.authority.issuePlaceTaker(name)) })
  }

  async #beginEmbedded(): Promise<void> {
    this.#broker = await Broker.start({
      ...{ host: LOOPBACK, port: 0, tls: await this.authority.serverFiles(['localhost']), maxDevices: 100 },
      ...{ messagesPerSecond: 1_000, told: () => {} },
      admit: ({ name, court, serial }) => {
        if (this.#readers.has(name)) return { is: 'reader', name }
        return court && serial && this.register.isGood(name, serial) ? { is: 'device', device: name, court } : null
      },
    })
    this.#ports = [this.#broker.port]
  }

  #beginMosquitto(): void {
    const text = readFileSync(join(ROOT, 'hardware/fleet/mosquitto/mosquitto.conf'), 'utf8')
      .replace('listener 8883 0.0.0.0', `listener ${this.#ports[0]} ${LOOPBACK}\n`)
      .replaceAll('/etc/verbatim-fleet/', `${this.home}/`)
      .replaceAll('/var/lib/verbatim-fleet/', `${this.home}/`)
    const path = join(this.home, 'mosquitto.conf')
    // Mosquitto gives root up for a user of its own, who could not read the folder of this test.
    writeFileSync(path, `user root\n${text}`)
    this.#spawn('mosquitto', ['-c', path], {})
  }

  async #beginNats(): Promise<void> {
    makeNodeCertificate(this.home)
    const routes = await freePorts(this.#ports.length)
    const clients = await freePorts(this.#ports.length)
    const urls = routes.map((port) => `"nats://localhost:${port}"`).join(', ')
    for (const [i, port] of this.#ports.entries()) {
      const text = readFileSync(join(ROOT, 'hardware/fleet/nats/nats.conf'), 'utf8')
        .replace('0.0.0.0:8883', `${LOOPBACK}:${port}`)
        .replace('0.0.0.0:6222', `${LOOPBACK}:${routes[i]}`)
        .replace('127.0.0.1:4222', `${LOOPBACK}:${clients[i]}`)
        .replace('/var/lib/nats/jetstream', join(this.home, `jetstream-${i}`))
        .replaceAll('/etc/verbatim-fleet/', `${this.home}/`)
        .replace('include "users.conf"', 'include "broker/users.conf"')
      const path = join(this.home, `nats-${i}.conf`)
      writeFileSync(path, text)
      this.#spawn('nats-server', ['-c', path], { NATS_NODE: `node-${i + 1}`, NATS_ROUTES: `[${urls}]` })
    }
  }

  #spawn(program: string, words: string[], env: Record<string, string>): void {
    const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } })
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (bytes: Buffer) => {
        const text = bytes.toString()
        this.#reloads += text.match(/Reloading config|Reloaded server configuration/g)?.length ?? 0
        this.#said = `${this.#said}${text}`.slice(-8_000)
      })
    child.on('error', (fault) => {
      this.#said += fault.message
    })
    this.#children.push(child)
  }

  /** What its programs said last, for whoever looks for a fault. */
  get said(): string {
    return this.#said
  }
}

/** Certificates of nodes come from an authority of their own, made with openssl as an administrator would. */
const makeNodeCertificate = (home: string): void => {
  const openssl = (...words: string[]) => execFileSync('openssl', words, { cwd: home, stdio: 'ignore' })
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '3']
  openssl('req', '-x509', ...key, '-keyout', 'nodes-key.pem', '-out', 'nodes.pem', '-subj', '/CN=nodes')
  const [asked, names] = ['node.csr', 'subjectAltName=DNS:localhost,IP:127.0.0.1']
  openssl('req', ...key.slice(0, -2), '-keyout', 'node-key.pem', '-out', asked, '-subj', '/CN=node', '-addext', names)
  const by = [
    '-CA',
    'nodes.pem',
    '-CAkey',
    'nodes-key.pem',
    '-CAcreateserial',
    '-days',
    '3',
    '-copy_extensions',
    'copy',
  ]
  openssl('x509', '-req', '-in', asked, ...by, '-out', 'node.pem')
}

const freePorts = async (count: number): Promise<number[]> => {
  const servers = Array.from({ length: count }, () => createServer().listen(0, LOOPBACK))
  const ports: number[] = []
  for (const server of servers) {
    if (!server.listening) await once(server, 'listening')
    ports.push((server.address() as AddressInfo).port)
  }
  for (const server of servers) {
    server.close()
    await once(server, 'close')
  }
  return ports
}

const answers = async (port: number, said: () => string): Promise<void> => {
  await until(`a broker on ${port}`, 30, async () => {
    const socket = connectTcp(port, LOOPBACK)
    const ok = await new Promise<boolean>((resolve) => {
      socket.on('connect', () => resolve(true)).on('error', () => resolve(false))
    })
    socket.destroy()
    return ok
  }).catch((fault: Error) => {
    throw new Error(`${fault.message}\n${said()}`)
  })
}
