/** All simulated devices, in several processes, as one thing that connects, raises, counts and dies. */
import type { Connected, DevicesOrder, FromDevices, RaisedAlarm, ToDevices } from './device-words.ts'
import { TalkingChild } from './talking-child.ts'

type Child = TalkingChild<ToDevices, FromDevices>

export interface Counted {
  waiting: number
  /** Number of the last event of each device. */
  events: Record<string, number>
}

export class Devices {
  #children: Child[] = []
  readonly #connected = new Map<Child, number>()
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
    return this.#children.flatMap(({ pid }) => pid || [])
  }

  async start(processes: number, order: Omit<DevicesOrder, 'from' | 'to'>): Promise<void> {
    const share = Math.ceil(order.total / processes)
    this.#children = Array.from({ length: processes }, () => this.#fork())
    await Promise.all(this.#children.map((child) => child.heard('up')))
    for (const [place, child] of this.#children.entries())
      child.tell({
        do: 'start',
        order: {
          ...order,
          ...{ from: place * share, to: Math.min(order.total, (place + 1) * share) },
          connectsPerSecond: order.connectsPerSecond / processes,
        },
      })
  }

  raise(perSecond: number): void {
    for (const child of this.#children) child.tell({ do: 'raise', perSecond: perSecond / this.#children.length })
  }

  rest(): void {
    for (const child of this.#children) child.tell({ do: 'rest' })
  }

  /** Their network is gone: every connection ends at once, and there is no other. */
  cut(): void {
    for (const child of this.#children) child.tell({ do: 'cut' })
  }

  mend(): void {
    for (const child of this.#children) child.tell({ do: 'mend' })
  }

  async count(): Promise<Counted> {
    const counted = await Promise.all(
      this.#children.map((child) => {
        const answer = child.heard('counted')
        child.tell({ do: 'count' })
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
    for (const child of this.#children) child.signal(signal)
  }

  /** Without a word: their wills are for the broker to say. */
  async kill(): Promise<void> {
    await Promise.all(this.#children.map((child) => child.kill()))
    this.#children = []
    this.#connected.clear()
  }

  async end(): Promise<void> {
    for (const child of this.#children) child.tell({ do: 'end' })
    await Promise.all(this.#children.map((child) => child.gone()))
    this.#children = []
  }

  #fork(): Child {
    const child: Child = new TalkingChild(this.root, 'scripts/lib/fleet/device-process.ts', this.env)
    child.listen((message) => {
      if (message.is === 'connected') {
        this.#connected.set(child, message.count)
        this.connections.push(...message.since)
      }
      if (message.is === 'raised') this.raised.push(...message.alarms)
    })
    return child
  }
}
