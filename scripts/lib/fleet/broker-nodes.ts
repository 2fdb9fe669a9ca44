/** Mosquitto, or a cluster of three NATS nodes, as programs on this machine. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { openSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { freePort } from '../free-port.ts'
import { LOOPBACK, makeNodeCertificate, mosquittoConfig, natsConfig } from './broker-configurations.ts'

export type OutsideKind = 'mosquitto' | 'nats'

export interface BrokerNodes {
  /** Where each of them listens for MQTT. */
  ports: readonly number[]
  nodes: readonly BrokerNode[]
  stop: () => Promise<void>
}

const ANSWERS_WITHIN_MS = 60_000

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

const mosquitto = (dir: string, port: number, isPlain: boolean, run: Run): BrokerNode => {
  const file = join(dir, 'mosquitto.conf')
  writeFileSync(file, mosquittoConfig(dir, port, isPlain))
  return new BrokerNode('mosquitto', port, () => run('mosquitto', 'mosquitto', ['-c', file]))
}

const natsCluster = async (
  dir: string,
  ports: readonly number[],
  isPlain: boolean,
  run: Run,
): Promise<BrokerNode[]> => {
  makeNodeCertificate(dir)
  const [routes, clients] = [await Promise.all(ports.map(freePort)), await Promise.all(ports.map(freePort))]
  const urls = routes.map((port) => `"nats://localhost:${port}"`).join(', ')
  return ports.map((mqtt, node) => {
    const file = join(dir, `nats-${node}.conf`)
    writeFileSync(file, natsConfig(dir, node, { mqtt, route: routes[node]!, client: clients[node]! }, isPlain))
    const env = { NATS_NODE: `node-${node + 1}`, NATS_ROUTES: `[${urls}]` }
    const name = `nats node ${node + 1}`
    return new BrokerNode(name, mqtt, () => run(name, 'nats-server', ['-c', file], env))
  })
}

/**
 * Resolves when all of them listen.
 * @param dir empty, or with the certificates and the rights that the configurations of `hardware/fleet` name
 */
export const startBrokerNodes = async (kind: OutsideKind, dir: string, isPlain: boolean): Promise<BrokerNodes> => {
  const run = (name: string, program: string, words: string[], env: Record<string, string> = {}): ChildProcess => {
    const log = openSync(join(dir, `${name.replaceAll(' ', '-')}.log`), 'a')
    return spawn(program, words, { stdio: ['ignore', log, log], env: { ...process.env, ...env } })
  }
  const ports = await Promise.all(Array.from({ length: kind === 'nats' ? 3 : 1 }, freePort))
  const nodes =
    kind === 'mosquitto' ? [mosquitto(dir, ports[0]!, isPlain, run)] : await natsCluster(dir, ports, isPlain, run)
  const stop = async (): Promise<void> => {
    for (const node of nodes) await node.kill()
  }
  try {
    for (const node of nodes) node.start()
    for (const node of nodes) await node.answers()
  } catch (thrown) {
    await stop()
    throw thrown
  }
  return { ports, nodes, stop }
}
