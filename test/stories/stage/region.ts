/** The hub of a region as it is run: the real program with its own broker and console, and somebody who is logged in. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { connect, type MqttClient } from 'mqtt'
import { asideOf } from '../../../controller/base/replace-file.ts'
import { DAY_MS } from '../../../controller/base/units.ts'
import { giveReader } from '../../../controller/cli/fleet-reader.ts'
import { Authority } from '../../../controller/ports/authority/authority.ts'
import { People } from '../../../controller/ports/console/people.ts'
import { ConsoleClient } from '../../../controller/simulator/console-client.ts'
import type { Overview } from '../../../controller/wire/console.ts'
import { type HubConfig, parseHubConfig } from '../../../controller/wire/hub-config.ts'
import { freePort } from '../../../scripts/lib/free-port.ts'
import { until } from './until.ts'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const PROGRAM = fileURLToPath(new URL('../../../dist/fleet.js', import.meta.url))
const PASSWORD = 'a password of stories'
const STARTED_WITHIN_S = 60
/** Of the 397 days that a server's certificate is good for, less than the thirty are left in which it is renewed. */
const LONG_AGO_MS = 380 * DAY_MS

export class Region {
  readonly home = mkdtempSync(join(tmpdir(), 'verbatim-region-'))
  #child: ChildProcess | null = null
  #client: ConsoleClient | null = null
  #ports = { web: 0, mqtt: 0 }
  #reader: MqttClient | null = null
  #mosquitto: ChildProcess | null = null

  private constructor(private readonly isOutside: boolean) {}

  /** With an administrator, who is logged in. The broker is the hub's own, or Mosquitto as this repository sets it up. */
  static async start(broker: 'embedded' | 'mosquitto' = 'embedded'): Promise<Region> {
    const region = new Region(broker === 'mosquitto')
    await (await People.open(region.home)).put('admin', PASSWORD, 'administrator')
    if (region.isOutside) region.#ports.mqtt = await freePort()
    await region.open()
    if (region.isOutside) await region.#startMosquitto()
    return region
  }

  get log(): string {
    return readFileSync(join(this.home, 'log'), 'utf8')
  }

  get config(): HubConfig {
    return parseHubConfig(JSON.parse(readFileSync(join(this.home, 'hub.json'), 'utf8')))
  }

  get web(): string {
    return `https://localhost:${this.#ports.web}/`
  }

  /** Starts the hub, at the same addresses as before. */
  async open(): Promise<void> {
    const file = join(this.home, 'hub.json')
    writeFileSync(
      file,
      JSON.stringify({
        ...{ region: 'Stories', home: this.home, escalation: { lateMinutes: 0 } },
        web: { host: '127.0.0.1', port: this.#ports.web },
        broker: this.isOutside ? this.#outside() : { kind: 'embedded', host: '127.0.0.1', port: this.#ports.mqtt },
      }),
    )
    const child = spawn(process.execPath, [PROGRAM, '--config', file], {
      stdio: ['ignore', 'pipe', openSync(join(this.home, 'log'), 'a')],
    })
    this.#child = child
    let said = ''
    child.stdout!.on('data', (bytes: Buffer) => {
      said += bytes.toString('utf8')
    })
    const line = await until('the hub is there', STARTED_WITHIN_S, () => {
      if (child.exitCode !== null) throw new Error(`the hub ended: ${this.log}`)
      return said.includes('\n') && said.split('\n')[0]
    })
    const { web, mqtt } = JSON.parse(line) as { web: string; mqtt: string }
    this.#ports = { web: Number(new URL(web).port), mqtt: Number(new URL(mqtt).port) }
    this.#client = new ConsoleClient(this.web)
    await this.#client.login('admin', PASSWORD)
  }

  async close(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child
    this.#child = null
    if (!child) return
    const ended = once(child, 'exit')
    child.kill(signal)
    await ended
  }

  async end(): Promise<void> {
    this.#reader?.end(true)
    await this.close('SIGTERM')
    this.#mosquitto?.kill('SIGKILL')
    rmSync(this.home, { recursive: true, force: true })
  }

  /**
   * A tool of IT that hears whatever it may, and comes back when the broker does. `topics` are those below the device,
   * without ids.
   */
  async reader(): Promise<{ topics: Set<string>; text: string; refused: boolean }> {
    const folder = join(this.home, 'reader')
    const clientId = await giveReader(this.config, 'story', folder)
    const [ca, cert, key] = ['ca.pem', 'reader.pem', 'reader.key'].map((file) => readFileSync(join(folder, file)))
    const heard = { topics: new Set<string>(), text: '', refused: false }
    const client = connect(`mqtts://localhost:${this.#ports.mqtt}`, {
      ...{ ca: ca!, cert: cert!, key: key!, clientId, protocolVersion: 4, reconnectPeriod: 200 },
    })
    this.#reader = client
    client.on('error', (fault) => {
      heard.refused ||= /not authorized|certificate revoked/i.test(fault.message)
    })
    client.on('message', (topic, payload) => {
      heard.topics.add(
        topic
          .split('/')
          .slice(4)
          .join('/')
          .replace(/^(up\/(?:alarm|cmd\/res))\/.*/, '$1'),
      )
      heard.text += `${payload.toString('utf8')}\n`
    })
    await new Promise<void>((resolve) => {
      client.on('connect', () => client.subscribe('verbatim/v1/#', { qos: 1 }, () => resolve()))
    })
    return heard
  }

  #outside() {
    const url = `mqtts://localhost:${this.#ports.mqtt}`
    const reload = ['/bin/sh', '-c', `test ! -e ${this.#pidFile} || kill -HUP $(cat ${this.#pidFile})`]
    return { kind: 'outside', urls: [url], publicUrl: url, rights: 'mosquitto', reload }
  }

  get #pidFile(): string {
    return join(this.home, 'mosquitto.pid')
  }

  /** As hardware/fleet/mosquitto says, with its folders here. */
  async #startMosquitto(): Promise<void> {
    const text = readFileSync(join(ROOT, 'hardware/fleet/mosquitto/mosquitto.conf'), 'utf8')
      .replace('listener 8883 0.0.0.0', `listener ${this.#ports.mqtt} 127.0.0.1\n`)
      .replaceAll('/etc/verbatim-fleet/', `${join(this.home, 'authority')}/`)
      .replaceAll('/var/lib/verbatim-fleet/', `${this.home}/`)
    const path = join(this.home, 'mosquitto.conf')
    // Mosquitto gives root up for a user of its own, who could not read the folder of this test.
    writeFileSync(path, `user root\n${text}`)
    await until('the rights are written', STARTED_WITHIN_S, () => existsSync(join(this.home, 'broker', 'crl.pem')))
    this.#mosquitto = spawn('mosquitto', ['-c', path], {
      stdio: ['ignore', 'ignore', openSync(join(this.home, 'log'), 'a')],
    })
    writeFileSync(this.#pidFile, `${this.#mosquitto.pid}`)
  }

  /** What is wrong with the hub itself, as the console shows it: the codes, with commas. */
  async faults(): Promise<string> {
    const { faults } = await this.ask<Overview>('GET', 'api/overview')
    return faults.map(({ code }) => code).join()
  }

  /** Whether Mosquitto can be made to read its files: the hub orders it by the number of its process. */
  brokerHears(hears: boolean): void {
    writeFileSync(this.#pidFile, hears ? `${this.#mosquitto!.pid}` : 'nobody')
  }

  /**
   * What the hub's own servers show is due to be renewed, and nothing can be written there until `mend` is called. With
   * the hub stopped.
   */
  async makeUnrenewable(): Promise<{ mend: () => void }> {
    const { home, region, certificates, web } = this.config
    const [folder, aside] = [join(home, 'authority'), join(home, 'authority-long-ago')]
    cpSync(folder, aside, { recursive: true })
    const now = () => new Date(Date.now() - LONG_AGO_MS)
    await (await Authority.open({ home: aside, region, days: certificates.days, now })).serverFiles(web.names)
    const file = join(folder, 'server.pem')
    mkdirSync(asideOf(file).next)
    renameSync(join(aside, 'server.pem'), file)
    return { mend: () => rmdirSync(asideOf(file).next) }
  }

  /** Throws when the hub refuses. */
  async ask<T>(method: string, path: string, body?: unknown): Promise<T> {
    const { status, text } = await this.#client!.fetch(method, `/${path}`, body)
    if (status >= 300) throw new Error(`${path}: ${status} ${text}`)
    return (text ? JSON.parse(text) : null) as T
  }

  /** As it comes. */
  async text(path: string): Promise<string> {
    return (await this.#client!.fetch('GET', `/${path}`)).text
  }
}
