/** A process of devices that raise events, and what it has told. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { FromRaising, Raised, RaisingOrder, ToRaising } from './raising-words.ts'

export interface Contact {
  device: string
  isConnected: boolean
  atMs: number
}

export class RaisingChild {
  /** All that counted as raised, as far as it came to say so. */
  readonly raised: Raised[] = []
  readonly contacts: Contact[] = []
  readonly heard: { device: string; what: string; text: string }[] = []

  private constructor(private readonly child: ChildProcess) {
    child.on('message', (message: FromRaising) => {
      if (message.is === 'raised') this.raised.push(...message.raised)
      if (message.is === 'contact') this.contacts.push(message)
      if (message.is === 'heard') this.heard.push(message)
    })
  }

  static async start(root: string, order: RaisingOrder): Promise<RaisingChild> {
    const child = fork(join(root, 'scripts/lib/drill/fleet/raising-process.ts'), {
      execArgv: ['--import', join(root, 'node_modules/tsx/dist/esm/index.mjs')],
    })
    const devices = new RaisingChild(child)
    await once(child, 'message')
    devices.#tell({ do: 'live', order })
    return devices
  }

  get connected(): number {
    const last = new Map(this.contacts.map(({ device, isConnected }) => [device, isConnected]))
    return [...last.values()].filter(Boolean).length
  }

  /** Raises no more, and stays connected. */
  rest(): void {
    this.#tell({ do: 'rest' })
  }

  async waiting(): Promise<number> {
    this.#tell({ do: 'count' })
    for (;;) {
      const [message] = (await once(this.child, 'message')) as [FromRaising]
      if (message.is === 'waiting') return message.events
    }
  }

  /** Its sockets stay open and are silent, as of a machine that hangs. */
  freeze(): void {
    this.child.kill('SIGSTOP')
  }

  async kill(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return
    const gone = once(this.child, 'exit')
    this.child.kill('SIGKILL')
    await gone
  }

  #tell(message: ToRaising): void {
    this.child.send(message)
  }
}
