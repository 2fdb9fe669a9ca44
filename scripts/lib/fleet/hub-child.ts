/** The hub as a child: started with somebody who may log in, killed, started again at the same addresses, ended in order. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { z } from 'zod'
import { HUB_ENVIRONMENT, HUB_NODE_FLAGS } from '../../../controller/cli/hub-node.ts'
import { People } from '../../../controller/ports/console/people.ts'
import type { HubConfig } from '../../../controller/wire/hub-config.ts'

export interface HubAddresses {
  web: string
  mqtt: string
  witness: string
  operator: string
}

export interface HubChildOptions {
  root: string
  /** Its home and its log lie here. */
  dir: string
  config: Omit<z.input<typeof HubConfig>, 'home'>
  administrator: { name: string; password: string }
  /** Of Node. */
  execArgv?: readonly string[]
  /** A program with its words that runs the hub, such as `faketime`. */
  under?: readonly string[]
}

const ENDS_WITHIN_MS = 30_000

export const hubHome = (dir: string): string => join(dir, 'home')

export class HubChild {
  #child: ChildProcess | null = null
  addresses!: HubAddresses

  private constructor(private readonly options: HubChildOptions) {}

  static async start(options: HubChildOptions): Promise<HubChild> {
    const { dir, config, administrator } = options
    const home = hubHome(dir)
    mkdirSync(home, { recursive: true, mode: 0o700 })
    writeFileSync(join(dir, 'fleet.json'), JSON.stringify({ ...config, home }, null, 2))
    await (await People.open(home)).put(administrator.name, administrator.password, 'administrator')
    const hub = new HubChild(options)
    await hub.start()
    return hub
  }

  get pid(): number {
    return this.#child?.pid ?? 0
  }

  get hasEnded(): boolean {
    return !this.#child || this.#child.exitCode !== null || this.#child.signalCode !== null
  }

  /** Throws with its last words when it ends instead. */
  async start(): Promise<void> {
    const { root, dir, execArgv = [], under = [] } = this.options
    const log = openSync(join(dir, 'fleet.log'), 'a')
    const [program, ...words] = [
      ...[...under, process.execPath, ...HUB_NODE_FLAGS, ...execArgv],
      join(root, 'dist/fleet.js'),
    ]
    // A group of its own: Ctrl-C reaches whoever started it, who ends it when it is its turn.
    const child = spawn(program!, [...words, '--config', join(dir, 'fleet.json')], {
      ...{ stdio: ['ignore', 'pipe', log], detached: true, cwd: dir },
      env: { ...HUB_ENVIRONMENT, ...process.env, NODE_PATH: join(root, 'node_modules') },
    })
    this.#child = child
    const line = await Promise.race([
      once(createInterface(child.stdout!), 'line').then(([first]) => String(first)),
      once(child, 'exit').then(() => null),
    ])
    if (line === null) throw new Error(`the hub ended; it said:\n${this.lastWords()}`)
    this.addresses = JSON.parse(line) as HubAddresses
  }

  get home(): string {
    return hubHome(this.options.dir)
  }

  /** All that it has logged, over all its starts. */
  get log(): string {
    return readFileSync(join(this.options.dir, 'fleet.log'), 'utf8')
  }

  lastWords(): string {
    return this.log.trimEnd().split('\n').slice(-5).join('\n')
  }

  /** At once, without a word. */
  async kill(): Promise<void> {
    if (this.hasEnded) return
    const gone = once(this.#child!, 'exit')
    this.#child!.kill('SIGKILL')
    await gone
  }

  async stop(): Promise<void> {
    if (this.hasEnded) return
    const gone = once(this.#child!, 'exit')
    this.#child!.kill('SIGTERM')
    const late = setTimeout(() => this.#child!.kill('SIGKILL'), ENDS_WITHIN_MS)
    await gone
    clearTimeout(late)
  }
}
