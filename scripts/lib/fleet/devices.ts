/** All simulated devices, in several processes, as one thing that connects, raises, counts and dies. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Connected, DevicesOrder, FromDevices, RaisedAlarm, ToDevices } from './device-words.ts'

export interface Counted {
  waiting: number
  /** Number of the last event of each device. */
  events: Record<string, number>
}

export class Devices {
  #children: ChildProcess[] = []
  readonly #connected = new Map<ChildProcess, number>()
  readonly raised: RaisedAlarm[] = []
  /** Every connection there was, as the devices know it. */
  readonly connections: Connected[] = []

  constructor(
    private readonly root: string,
    private readonly env: NodeJS.ProcessEnv = process.env,
  ) {}

  get connected(): number {
    return [...this.#connected.values()].reduce((sum, count) => sum + count, 0)
  }

  get pids(): number[] {
    return this.#children.flatMap(({ pid }) => pid ?? [])
  }

  async start(processes: number, order: Omit<DevicesOrder, 'from' | 'to'>): Promise<void> {
    const share = Math.ceil(order.total / processes)
    this.#children = Array.from({ length: processes }, () => this.#fork())
    await Promise.all(this.#children.map((child) => heard(child, 'up')))
    for (const [place, child] of this.#children.entries())
      this.#tell(child, {
        do: 'start',
        order: {
          ...order,
          ...{ from: place * share, to: Math.min(order.total, (place + 1) * share) },
          connectsPerSecond: order.connectsPerSecond / processes,
        },
      })
  }

  raise(perSecond: number): void {
    for (const child of this.#children) this.#tell(child, { do: 'raise', perSecond: perSecond / this.#children.length })
  }

  rest(): void {
    for (const child of this.#children) this.#tell(child, { do: 'rest' })
  }

  /** Their network is gone: every connection ends at once, and there is no other. */
  cut(): void {
    for (const child of this.#children) this.#tell(child, { do: 'cut' })
  }

  mend(): void {
    for (const child of this.#children) this.#tell(child, { do: 'mend' })
  }

  async count(): Promise<Counted> {
    const counted = await Promise.all(
      this.#children.map((child) => {
        const answer = heard(child, 'counted')
        this.#tell(child, { do: 'count' })
        return answer
      }),
    )
    return {
      waiting: counted.reduce((sum, { waiting }) => sum + waiting, 0),
      events: Object.assign({}, ...counted.map(({ events }) => events)),
    }
  }

  /** SIGSTOP leaves sockets open and silent, as a machine does that hangs. */
  freeze(signal: 'SIGSTOP' | 'SIGCONT'): void {
    for (const child of this.#children) child.kill(signal)
  }

  /** Without a word: their wills are for the broker to say. */
  async kill(): Promise<void> {
    const gone = this.#children.map((child) => once(child, 'exit'))
    for (const child of this.#children) child.kill('SIGKILL')
    await Promise.all(gone)
    this.#children = []
    this.#connected.clear()
  }

  async end(): Promise<void> {
    for (const child of this.#children) this.#tell(child, { do: 'end' })
    await Promise.all(this.#children.map((child) => (child.exitCode === null ? once(child, 'exit') : null)))
    this.#children = []
  }

  #fork(): ChildProcess {
    const file = join(this.root, 'scripts/lib/fleet/device-process.ts')
    const tsx = join(this.root, 'node_modules/tsx/dist/esm/index.mjs')
    const child = fork(file, { execArgv: ['--import', tsx], env: this.env })
    child.on('message', (message: FromDevices) => {
      if (message.is === 'connected') {
        this.#connected.set(child, message.count)
        this.connections.push(...message.since)
      }
      if (message.is === 'raised') this.raised.push(...message.alarms)
    })
    return child
  }

  #tell(child: ChildProcess, message: ToDevices): void {
    child.send(message)
  }
}

const heard = <Is extends FromDevices['is']>(child: ChildProcess, is: Is): Promise<Extract<FromDevices, { is: Is }>> =>
  new Promise((resolve, reject) => {
    const gone = (code: number | null, signal: string | null): void => {
      reject(new Error(`a process of devices ended: ${signal ?? code}`))
    }
    const listen = (message: FromDevices): void => {
      if (message.is !== is) return
      child.off('message', listen).off('exit', gone)
      resolve(message as Extract<FromDevices, { is: Is }>)
    }
    child.on('message', listen).once('exit', gone)
  })
