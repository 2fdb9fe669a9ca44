/** Network UPS Tools as Debian has them: the real upsd, and NUT's own driver for a UPS that is a file. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, renameSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../../scripts/lib/free-port.ts'
import { until } from '../stories/stage/until.ts'

/** Debian's `/sbin/upsd` starts it only when `/etc/nut` says so. */
const UPSD = '/lib/nut/upsd'
const DRIVER = '/lib/nut/dummy-ups'

export const noNut = (): string | null => {
  if (!existsSync(UPSD) || !existsSync(DRIVER)) return 'the Debian package nut-server is not installed'
  return process.getuid?.() === 0 ? null : 'upsd gives up rights that only root has'
}

const end = async (child: ChildProcess | null, signal: NodeJS.Signals): Promise<void> => {
  if (!child || child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGCONT')
  child.kill(signal)
  await gone
}

export class NutServer {
  readonly #dir = mkdtempSync(join(tmpdir(), 'verbatim-nut-'))
  readonly name = 'rack'
  #driver: ChildProcess | null = null
  #upsd: ChildProcess | null = null

  private constructor(readonly port: number) {}

  /** A UPS on line with a full battery. */
  static async start(): Promise<NutServer> {
    const nut = new NutServer(await freePort())
    mkdirSync(nut.#path('run'), { mode: 0o770 })
    const ups = ['driver = dummy-ups', 'port = rack.seq', 'mode = dummy-loop', 'pollinterval = 1']
    writeFileSync(nut.#path('ups.conf'), [`[${nut.name}]`, ...ups, ''].join('\n'))
    writeFileSync(nut.#path('upsd.conf'), `LISTEN 127.0.0.1 ${nut.port}\nMAXAGE 4\n`, { mode: 0o640 })
    writeFileSync(nut.#path('upsd.users'), '', { mode: 0o640 })
    nut.say('OL', 100, 900)
    await nut.startDriver()
    await nut.startServer()
    return nut
  }

  #path(name: string): string {
    return join(this.#dir, name)
  }

  #run(program: string, ...words: string[]): ChildProcess {
    const run = this.#path('run')
    const places = { NUT_CONFPATH: this.#dir, NUT_STATEPATH: run, NUT_ALTPIDPATH: run, NUT_PIDPATH: run }
    return spawn(program, [...words, '-u', 'root', '-F'], { stdio: 'ignore', env: { ...process.env, ...places } })
  }

  /** What the UPS says from its next look at itself on, within a second or two. */
  say(status: string, charge: number, runtimeSeconds: number): void {
    const lines = [`ups.status: ${status}`, `battery.charge: ${charge}`, `battery.runtime: ${runtimeSeconds}`, '']
    // The driver reads it whenever it likes.
    writeFileSync(this.#path('new'), lines.join('\n'))
    renameSync(this.#path('new'), this.#path('rack.seq'))
  }

  async startDriver(): Promise<void> {
    this.#driver = this.#run(DRIVER, '-a', this.name)
    await until('the driver', 20, () => existsSync(this.#path(`run/dummy-ups-${this.name}`)))
  }

  async startServer(): Promise<void> {
    this.#upsd = this.#run(UPSD)
  }

  endDriver(): Promise<void> {
    return end(this.#driver, 'SIGTERM')
  }

  endServer(): Promise<void> {
    return end(this.#upsd, 'SIGTERM')
  }

  /** The server's connections stay open, and it answers nothing more. */
  freezeServer(): void {
    this.#upsd?.kill('SIGSTOP')
  }

  thawServer(): void {
    this.#upsd?.kill('SIGCONT')
  }

  async stop(): Promise<void> {
    await end(this.#upsd, 'SIGKILL')
    await end(this.#driver, 'SIGKILL')
  }
}
