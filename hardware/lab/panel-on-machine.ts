/**
 * The front panel, its real firmware on a simulated chip, on the machine's USB serial adapter. It lives by the machine's
 * clock, for a recorder that is emulated slowly is as quick to its panel as a real one.
 */
import { createConnection, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { VirtualPanel } from '../virtual/panel/virtual-panel.ts'
import type { Machine } from './machine.ts'

const LOOK_EVERY_MS = 250
/** After a power cut the clock begins anew. */
const MOST_AT_ONCE_MS = 2_000

export class PanelOnMachine {
  readonly panel: VirtualPanel
  #socket: Socket | null = null
  #lit: readonly string[] = []
  #isOver = false

  constructor(private readonly machine: Machine) {
    this.panel = new VirtualPanel({
      onBytes: (bytes) => void this.#socket?.write(bytes),
      onLamps: (lit) => {
        this.#lit = lit
      },
    })
    void this.#live()
  }

  /** The lamps that give light now. */
  get lit(): readonly string[] {
    return this.#lit
  }

  end(): void {
    this.#isOver = true
    this.#socket?.destroy()
  }

  async #live(): Promise<void> {
    let atMs: number | null = null
    while (!this.#isOver) {
      await sleep(LOOK_EVERY_MS)
      if (!this.machine.isAwake) continue
      this.#plugIn()
      try {
        const nowMs = await this.machine.utcMs()
        if (atMs !== null && nowMs > atMs) this.panel.runMs(Math.min(nowMs - atMs, MOST_AT_ONCE_MS))
        atMs = nowMs
      } catch {
        // The machine is off, or on its way up.
        atMs = null
      }
    }
  }

  #plugIn(): void {
    if (this.#socket && !this.#socket.destroyed) return
    const socket = createConnection(this.machine.panelSocket)
    socket.on('data', (bytes: Buffer) => this.panel.receive(bytes))
    socket.on('error', () => socket.destroy())
    this.#socket = socket
  }
}
