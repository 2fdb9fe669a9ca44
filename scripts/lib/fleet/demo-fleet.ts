/**
 * The fleet of the demonstration: the hub of a region on this machine, the virtual courtroom as one of its rooms, and
 * rooms that are simulated. What a person would type into the console is typed here.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ConsoleClient } from '../../../controller/simulator/console-client.ts'
import { COURTS } from '../../../controller/simulator/courts.ts'
import { freePort } from '../free-port.ts'
import type { RecorderChild } from '../recorder-child.ts'
import { HubChild } from './hub-child.ts'

export interface DemoFleetOptions {
  root: string
  /** Hub, simulated rooms and their logs lie here. */
  dir: string
  rooms: number
  /** 0 takes a free one. */
  consolePort: number
  speed: number
}

const USER = 'demo'
const COURT = { court: 'almaty-district', courtName: 'Almaty District Court' }
const CODE_WITHIN_S = 60

export class DemoFleet {
  #rooms: ChildProcess | null = null

  private constructor(
    private readonly options: DemoFleetOptions,
    private readonly hub: HubChild,
    private readonly passwordFile: string,
  ) {}

  static async start(options: DemoFleetOptions): Promise<DemoFleet> {
    const { root, dir, consolePort } = options
    mkdirSync(dir, { recursive: true, mode: 0o700 })
    const passwordFile = join(dir, 'demo-password')
    const config = {
      ...{ region: 'Demonstration', web: { host: '127.0.0.1', port: consolePort, tls: false } },
      broker: { kind: 'embedded' as const, host: '127.0.0.1', port: await brokerPort(join(dir, 'mqtt-port')) },
      courts: COURTS.map(({ id, name, region }) => ({ id, name, region })),
      escalation: { lateMinutes: 1 },
    }
    const administrator = { name: USER, password: passwordIn(passwordFile) }
    const hub = await HubChild.start({ root, dir: join(dir, 'hub'), config, administrator })
    return new DemoFleet(options, hub, passwordFile)
  }

  /** Address of the console, which is also where rooms ask to be enrolled. */
  get web(): string {
    return this.hub.addresses.web
  }

  get login(): string {
    return `${USER} / ${passwordIn(this.passwordFile)}`
  }

  /** Types the code that the courtroom shows; one that is of the fleet already shows none. */
  async takeIn(recorder: RecorderChild): Promise<void> {
    const { fleet } = await recorder.waitUntil('asking the hub to be enrolled', CODE_WITHIN_S, ({ fleet }) =>
      Boolean(fleet?.is === 'enrolled' || (fleet?.code && fleet.reached)),
    )
    if (!fleet || fleet.is === 'enrolled') return
    const client = new ConsoleClient(this.web)
    await client.login(USER, passwordIn(this.passwordFile))
    await client.ask('enrol', {}, { code: fleet.code, ...COURT })
  }

  /** Rooms that do not exist, with the days that rooms have. */
  simulate(): void {
    const { root, dir, rooms, speed } = this.options
    const log = openSync(join(dir, 'simulated-rooms.log'), 'w')
    const words = ['simulate', '--devices', `${rooms}`, '--hub', this.web, '--home', join(dir, 'simulated-rooms')]
    // Courts are at work, whenever the demonstration is.
    const who = [
      '--at',
      '10:00',
      '--user',
      USER,
      '--password-file',
      this.passwordFile,
      '--speed',
      `${speed}`,
      '--dockets',
    ]
    // A group of its own: Ctrl-C reaches this program alone, which ends it when it is its turn.
    this.#rooms = spawn(process.execPath, [join(root, 'dist/verbatim.js'), ...words, ...who], {
      ...{ stdio: ['ignore', log, log], detached: true },
    })
  }

  async stop(): Promise<void> {
    const rooms = this.#rooms
    if (rooms && rooms.exitCode === null && rooms.signalCode === null) {
      const gone = once(rooms, 'exit')
      rooms.kill('SIGTERM')
      await gone
    }
    await this.hub.stop()
  }
}

/** The same at every start: who was enrolled knows the broker by it. */
const brokerPort = async (file: string): Promise<number> => {
  if (!existsSync(file)) writeFileSync(file, `${await freePort()}\n`)
  return Number(readFileSync(file, 'utf8'))
}

/** Made at the first start: the same person can log in again. */
const passwordIn = (file: string): string => {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch {
    const made = randomBytes(9).toString('base64url')
    writeFileSync(file, `${made}\n`, { mode: 0o600 })
    return made
  }
}
