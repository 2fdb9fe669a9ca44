/** Mosquitto, or a cluster of three NATS nodes, on this machine, by the configurations of `hardware/fleet`. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { z } from 'zod'
import { Authority } from '../../../controller/ports/authority/authority.ts'
import { AuthorityRegister } from '../../../controller/ports/authority/register.ts'
import { BrokerRights } from '../../../controller/ports/broker-rights/broker-rights.ts'
import type { HubConfig } from '../../../controller/wire/hub-config.ts'
import { freePort } from '../free-port.ts'

export interface OutsideBroker {
  /** Devices are told this. */
  publicUrl: string
  config: z.input<typeof HubConfig>['broker']
  /** The hub is at the first of them. */
  nodes: readonly BrokerNode[]
  stop: () => Promise<void>
}

/** One program of a broker, which dies and is started again at the same address. */
export class BrokerNode {
  #child: ChildProcess | null = null

  constructor(
    readonly name: string,
    private readonly port: number,
    private readonly run: () => ChildProcess,
  ) {}

  get pids(): number[] {
    return this.#child?.pid === undefined ? [] : [this.#child.pid]
  }

  start(): void {
    this.#child = this.run()
  }

  /** Resolves when it listens. */
  async answers(): Promise<void> {
    await answering(this.port)
  }

  /** At once, without a word. */
  async kill(): Promise<void> {
    const child = this.#child
    this.#child = null
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    child.kill('SIGKILL')
    await gone
  }
}

const LOOPBACK = '127.0.0.1'
const ANSWERS_WITHIN_MS = 60_000
const CONFIGURATIONS = join(import.meta.dirname, '../../../hardware/fleet')

/** Nodes of a cluster have certificates of an authority of their own, made as an administrator would. */
const makeNodeCertificate = (dir: string): void => {
  const openssl = (...words: string[]) => execFileSync('openssl', words, { cwd: dir, stdio: 'ignore' })
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
  openssl('req', '-x509', ...key, '-days', '30', '-keyout', 'nodes-key.pem', '-out', 'nodes.pem', '-subj', '/CN=nodes')
  const names = ['-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1']
  openssl('req', ...key, '-keyout', 'node-key.pem', '-out', 'node.csr', '-subj', '/CN=node', ...names)
  const by = ['-CA', 'nodes.pem', '-CAkey', 'nodes-key.pem', '-CAcreateserial', '-days', '30']
  openssl('x509', '-req', '-in', 'node.csr', ...by, '-copy_extensions', 'copy', '-out', 'node.pem')
}

const mosquittoConfig = (dir: string, port: number): string =>
  `user root\n${readFileSync(join(CONFIGURATIONS, 'mosquitto/mosquitto.conf'), 'utf8')}`
    .replace('listener 8883 0.0.0.0', `listener ${port} ${LOOPBACK}\n`)
    .replaceAll(/\/(etc|var\/lib)\/verbatim-fleet\//g, `${dir}/`)

const natsConfig = (dir: string, node: number, ports: { mqtt: number; route: number; client: number }): string =>
  readFileSync(join(CONFIGURATIONS, 'nats/nats.conf'), 'utf8')
    .replace('0.0.0.0:8883', `${LOOPBACK}:${ports.mqtt}`)
    .replace('0.0.0.0:6222', `${LOOPBACK}:${ports.route}`)
    .replace('127.0.0.1:4222', `${LOOPBACK}:${ports.client}`)
    .replace('/var/lib/nats/jetstream', join(dir, `jetstream-${node}`))
    .replaceAll('/etc/verbatim-fleet/', `${dir}/`)
    .replace('include "users.conf"', 'include "broker/users.conf"')

const answering = async (port: number): Promise<void> => {
  for (const until = performance.now() + ANSWERS_WITHIN_MS; performance.now() < until; await delay(100)) {
    const socket = connect(port, LOOPBACK)
    const isThere = await new Promise<boolean>((resolve) => {
      socket.on('connect', () => resolve(true)).on('error', () => resolve(false))
    })
    socket.destroy()
    if (isThere) return
  }
  throw new Error(`no broker answers on ${port}`)
}

type Run = (name: string, program: string, words: string[], env?: Record<string, string>) => ChildProcess

const mosquitto = (dir: string, port: number, run: Run): BrokerNode => {
  const file = join(dir, 'mosquitto.conf')
  writeFileSync(file, mosquittoConfig(dir, port))
  return new BrokerNode('mosquitto', port, () => run('mosquitto', 'mosquitto', ['-c', file]))
}

const natsCluster = async (dir: string, ports: readonly number[], run: Run): Promise<BrokerNode[]> => {
  makeNodeCertificate(dir)
  const [routes, clients] = [await Promise.all(ports.map(freePort)), await Promise.all(ports.map(freePort))]
  const urls = routes.map((port) => `"nats://localhost:${port}"`).join(', ')
  return ports.map((mqtt, node) => {
    const file = join(dir, `nats-${node}.conf`)
    writeFileSync(file, natsConfig(dir, node, { mqtt, route: routes[node]!, client: clients[node]! }))
    const env = { NATS_NODE: `node-${node + 1}`, NATS_ROUTES: `[${urls}]` }
    const name = `nats node ${node + 1}`
    return new BrokerNode(name, mqtt, () => run(name, 'nats-server', ['-c', file], env))
  })
}

/** @param authorityHome the authority of the fleet, whose devices are enrolled already */
export const startOutsideBroker = async (
  kind: 'mosquitto' | 'nats',
  home: string,
  authorityHome: string,
  region: string,
): Promise<OutsideBroker> => {
  const dir = join(home, kind)
  rmSync(dir, { recursive: true, force: true })
  mkdirSync(dir, { recursive: true })
  const authority = await Authority.open({ home: authorityHome, region, days: 365 })
  const register = await AuthorityRegister.open(authorityHome)
  const [server, own] = [await authority.serverFiles(['localhost']), await authority.hubFiles()]
  const files = { 'authority.pem': server.ca, 'server.pem': server.cert, 'server-key.pem': server.key }
  for (const [name, text] of Object.entries({ ...files, 'hub.pem': own.cert, 'hub-key.pem': own.key }))
    writeFileSync(join(dir, name), text, { mode: 0o600 })
  await new BrokerRights({
    ...{ broker: kind, folder: join(dir, 'broker'), reload: [] },
    rights: async () => ({ members: [...register.devices()], readers: [], revoked: [], crl: await authority.crl([]) }),
  }).tell()
  const run = (name: string, program: string, words: string[], env: Record<string, string> = {}): ChildProcess => {
    const log = openSync(join(dir, `${name.replaceAll(' ', '-')}.log`), 'a')
    return spawn(program, words, { stdio: ['ignore', log, log], env: { ...process.env, ...env } })
  }
  const ports = await Promise.all(Array.from({ length: kind === 'nats' ? 3 : 1 }, freePort))
  const nodes = kind === 'mosquitto' ? [mosquitto(dir, ports[0]!, run)] : await natsCluster(dir, ports, run)
  for (const node of nodes) node.start()
  for (const node of nodes) await node.answers()
  const urls = ports.map((port) => `mqtts://localhost:${port}`)
  const publicUrl = `mqtts://${ports.map((port) => `localhost:${port}`).join(',')}`
  return {
    ...{ publicUrl, nodes },
    config: {
      ...{ kind: 'outside', urls, publicUrl, rights: 'none' },
      ...{ ca: join(dir, 'authority.pem'), cert: join(dir, 'hub.pem'), key: join(dir, 'hub-key.pem') },
    },
    stop: async () => {
      for (const node of nodes) await node.kill()
    },
  }
}
