/**
 * The panels of the virtual courtroom: the clerk's, and the judge's lamp. Each is the real firmware behind a serial port
 * with a path. They live in one process of their own (`panel-process.ts`), for simulating a chip takes time that neither
 * the courtroom nor the recorder shall miss; this is the handle on them.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { VirtualButton, VirtualLamp, VirtualRole } from './virtual-panel.ts'

/** What is asked of one panel; every one of them is answered when it is done. */
export type PanelDeed = 'press' | 'release' | 'unplug' | 'plug' | 'reset' | 'hang'

export interface PanelOrder {
  number: number
  panel: number
  deed: PanelDeed
  button?: VirtualButton
}

export type PanelWord =
  | { is: 'ready' }
  | { is: 'lit'; panel: number; lit: VirtualLamp[] }
  | { is: 'done'; number: number; fault: string | null }

export interface RoomPanel {
  role: VirtualRole
  /** The serial port, for the recorder's configuration. It is there while the panel is plugged in. */
  path: string
  /** Lamps that give light at this moment: one that blinks is in it half of the time. Empty while unplugged. */
  readonly lit: readonly VirtualLamp[]
  /** Buttons that are held. */
  readonly held: readonly VirtualButton[]
  readonly isPlugged: boolean
  /** A finger comes down on a button, contact bounces included, and stays until `release`. */
  press: (button: VirtualButton) => Promise<void>
  release: (button: VirtualButton) => Promise<void>
  /** Pulls the cable, which carries the power too: lamps go dark, and what the panel had not told yet is forgotten. */
  unplug: () => Promise<void>
  plug: () => Promise<void>
  /** As by the reset button on the board: what was not told yet is kept. */
  reset: () => Promise<void>
  /** The program stops, until the chip's watchdog starts it anew. */
  hang: () => Promise<void>
  /** Called after every change of `lit`, `held` and `isPlugged`; the function returned ends it. */
  onChange: (listener: () => void) => () => void
}

export type RoomPanels = Record<'clerk' | 'judge', RoomPanel>

export interface RunningRoomPanels {
  panels: RoomPanels
  pid: number
  stop: () => Promise<void>
}

const PROGRAM = fileURLToPath(new URL('panel-process.ts', import.meta.url))
const READY_WITHIN_MS = 30_000
const ROLES = ['clerk', 'judge'] as const

/** @param dir where the ports appear, as `panel-clerk` and `panel-judge` */
export const startRoomPanels = async (dir: string): Promise<RunningRoomPanels> => {
  const paths = ROLES.map((role) => join(dir, `panel-${role}`))
  // A group of its own: Ctrl-C in the terminal reaches only the program that ends everything in order.
  const child = fork(
    PROGRAM,
    paths.flatMap((path, i) => [ROLES[i]!, path]),
    { detached: true },
  )
  const line = new PanelsLine(child)
  const [clerk, judge] = paths.map((path, i) => new PanelHandle(line, i, ROLES[i]!, path))
  try {
    await line.ready
  } catch (cause) {
    child.kill('SIGKILL')
    throw cause
  }
  return { panels: { clerk: clerk!, judge: judge! }, pid: child.pid!, stop: () => line.stop() }
}

/** What is said between here and the panels' process. */
class PanelsLine {
  readonly ready: Promise<void>
  readonly #waiting = new Map<number, { resolve: () => void; reject: (fault: Error) => void }>()
  #orders = 0
  /** By number of the panel. */
  readonly onLit: ((lit: VirtualLamp[]) => void)[] = []

  constructor(private readonly child: ChildProcess) {
    const gone = once(child, 'exit').then(([code, signal]) => {
      const fault = new Error(`the panels' process ended (${signal ?? code})`)
      for (const { reject } of this.#waiting.values()) reject(fault)
      this.#waiting.clear()
      throw fault
    })
    const ready = new Promise<void>((resolve, reject) => {
      const late = setTimeout(() => reject(new Error("the panels' process does not get ready")), READY_WITHIN_MS)
      child.on('message', (word: PanelWord) => {
        if (word.is !== 'ready') return this.#hear(word)
        clearTimeout(late)
        resolve()
      })
    })
    gone.catch(() => {})
    this.ready = Promise.race([ready, gone])
  }

  order(panel: number, deed: PanelDeed, button?: VirtualButton): Promise<void> {
    const number = ++this.#orders
    return new Promise((resolve, reject) => {
      if (!this.child.connected) return reject(new Error("the panels' process has ended"))
      this.#waiting.set(number, { resolve, reject })
      this.child.send({ number, panel, deed, ...(button ? { button } : {}) } satisfies PanelOrder)
    })
  }

  /** The ports go with it. */
  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return
    const gone = once(this.child, 'exit')
    if (this.child.connected) this.child.disconnect()
    await gone
  }

  #hear(word: Exclude<PanelWord, { is: 'ready' }>): void {
    if (word.is === 'lit') return this.onLit[word.panel]?.(word.lit)
    const waiting = this.#waiting.get(word.number)
    this.#waiting.delete(word.number)
    if (word.fault === null) waiting?.resolve()
    else waiting?.reject(new Error(word.fault))
  }
}

class PanelHandle implements RoomPanel {
  lit: readonly VirtualLamp[] = []
  held: readonly VirtualButton[] = []
  isPlugged = true
  readonly #listeners = new Set<() => void>()

  constructor(
    private readonly line: PanelsLine,
    private readonly number: number,
    readonly role: VirtualRole,
    readonly path: string,
  ) {
    line.onLit[number] = (lit) => {
      this.lit = lit
      this.#changed()
    }
  }

  async press(button: VirtualButton): Promise<void> {
    await this.line.order(this.number, 'press', button)
    this.held = [...this.held.filter((other) => other !== button), button]
    this.#changed()
  }

  async release(button: VirtualButton): Promise<void> {
    await this.line.order(this.number, 'release', button)
    this.held = this.held.filter((other) => other !== button)
    this.#changed()
  }

  async unplug(): Promise<void> {
    await this.line.order(this.number, 'unplug')
    this.isPlugged = false
    this.#changed()
  }

  async plug(): Promise<void> {
    await this.line.order(this.number, 'plug')
    this.isPlugged = true
    this.#changed()
  }

  reset(): Promise<void> {
    return this.line.order(this.number, 'reset')
  }

  hang(): Promise<void> {
    return this.line.order(this.number, 'hang')
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  #changed(): void {
    for (const listener of this.#listeners) listener()
  }
}
