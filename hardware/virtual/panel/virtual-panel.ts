/**
 * The front panel without a board: the real firmware on a simulated chip, buttons to press, lamps to look at, and a
 * serial line. Time stands still until `runMs`, or `followClock`, moves it.
 */
import { fileURLToPath } from 'node:url'
import { EEPROMMemoryBackend } from 'avr8js'
import { Chip, CYCLES_PER_MS, type PortName, type ResetCause } from './chip.ts'
import { flashOf } from './hex.ts'

export const PANEL_HEX = fileURLToPath(new URL('../../../firmware/panel/panel.hex', import.meta.url))

/** Where the wires go: `firmware/panel/board.h` in words of the room. */
export const BUTTON_BITS = { rec: 2, off: 3, stop: 4, mark: 5 } as const
export const LAMP_BITS = { rec: 0, off: 1, fault: 2, disk: 3, net: 4, link: 5 } as const
const STRAP_BITS = { judge: 6, second: 7 } as const

export type VirtualButton = keyof typeof BUTTON_BITS
export type VirtualLamp = keyof typeof LAMP_BITS
export type VirtualRole = 'clerk' | keyof typeof STRAP_BITS

export interface VirtualPanelOptions {
  role?: VirtualRole
  hex?: string
  /** A button held while power comes. */
  held?: readonly VirtualButton[]
  onBytes?: (bytes: Uint8Array) => void
  onLamps?: (lit: readonly VirtualLamp[]) => void
  onReset?: (cause: ResetCause) => void
}

/** The firmware's Makefile sees to it that what it keeps ends below. */
const STACK_FROM = 0x740

const keysOf = <K extends string>(record: Record<K, unknown>): K[] => Object.keys(record) as K[]

/** After the computer was suspended or busy, the panel does not run after all that time. */
const MOST_BEHIND_MS = 500

export class VirtualPanel {
  readonly #chip: Chip
  readonly #closed = new Set<number>()
  #lit = ''
  #sent: number[] = []
  /** What happens later: contacts that bounce. */
  #plans: { atMs: number; act: () => void }[] = []
  #timer: NodeJS.Timeout | null = null
  #clockMs = 0
  onBytes: (bytes: Uint8Array) => void

  constructor(private readonly options: VirtualPanelOptions = {}) {
    this.onBytes = options.onBytes ?? (() => {})
    const { role = 'clerk', held = [] } = options
    if (role !== 'clerk') this.#closed.add(STRAP_BITS[role])
    for (const button of held) this.#closed.add(BUTTON_BITS[button])
    // The chip speaks of its ports while it is still being made.
    const onPort = (port: PortName) => queueMicrotask(() => this.#portChanged(port))
    this.#chip = new Chip(flashOf(options.hex ?? PANEL_HEX), new EEPROMMemoryBackend(1_024), {
      onByte: (byte) => this.#sent.push(byte),
      onPort: (port) => (this.#chip ? this.#portChanged(port) : onPort(port)),
      onReset: (cause) => options.onReset?.(cause),
    })
    this.#portChanged('D')
  }

  /** Since it was made. */
  get ageMs(): number {
    return this.#chip.cycles / CYCLES_PER_MS
  }

  /** How near the stack has come to what the firmware keeps. */
  get unusedStackBytes(): number {
    return this.#chip.unusedBytes(STACK_FROM)
  }

  get lit(): VirtualLamp[] {
    return keysOf(LAMP_BITS).filter((lamp) => this.#chip.isHigh('B', LAMP_BITS[lamp]))
  }

  isLit(lamp: VirtualLamp): boolean {
    return this.#chip.isHigh('B', LAMP_BITS[lamp])
  }

  /** A clean contact; `press` is nearer to life. */
  contact(button: VirtualButton, isClosed: boolean): void {
    if (isClosed) this.#closed.add(BUTTON_BITS[button])
    else this.#closed.delete(BUTTON_BITS[button])
    this.#portChanged('D')
  }

  /** A contact that bounces a few times before it stays. */
  bounce(button: VirtualButton, isClosed: boolean, edges = 6, overMs = 3): void {
    for (let edge = 0; edge <= edges; edge++) {
      const level = (edges - edge) % 2 === 0 ? isClosed : !isClosed
      this.#plan(this.ageMs + (overMs * edge) / Math.max(1, edges), () => this.contact(button, level))
    }
  }

  /** Holds a button for so long, bounces included. */
  press(button: VirtualButton, heldMs = 80): void {
    this.bounce(button, true)
    this.#plan(this.ageMs + heldMs, () => this.bounce(button, false))
  }

  /** Bytes from the host. */
  receive(bytes: Iterable<number>): void {
    this.catchUp()
    this.#chip.receive(bytes)
  }

  reset(cause: ResetCause = 'external'): void {
    this.#chip.reset(cause)
  }

  powerCycle(cause: ResetCause = 'power'): void {
    this.#chip.powerCycle(cause)
  }

  hang(): void {
    this.#chip.hang()
  }

  runMs(ms: number): void {
    const untilMs = this.ageMs + ms
    for (;;) {
      const [next] = this.#plans
      if (!next || next.atMs > untilMs) break
      this.#chip.run(next.atMs * CYCLES_PER_MS)
      this.#plans.shift()
      next.act()
    }
    this.#chip.run(untilMs * CYCLES_PER_MS)
    this.#flush()
  }

  /** From now on it lives as fast as the clock on the wall. */
  followClock(everyMs = 2): void {
    this.#clockMs = performance.now()
    this.#timer ??= setInterval(() => this.catchUp(), everyMs)
  }

  catchUp(): void {
    if (!this.#timer) return
    const nowMs = performance.now()
    this.runMs(Math.min(nowMs - this.#clockMs, MOST_BEHIND_MS))
    this.#clockMs = nowMs
  }

  stop(): void {
    if (this.#timer) clearInterval(this.#timer)
    this.#timer = null
  }

  #plan(atMs: number, act: () => void): void {
    this.#plans.push({ atMs, act })
    this.#plans.sort((a, b) => a.atMs - b.atMs)
  }

  /** avr8js knows no pull-ups: an open input is high only where the firmware has switched one on. */
  #portChanged(port: PortName): void {
    if (port === 'D') {
      for (const bit of [...Object.values(BUTTON_BITS), ...Object.values(STRAP_BITS)])
        this.#chip.drive('D', bit, !this.#closed.has(bit) && this.#chip.isPulledUp('D', bit))
      return
    }
    const lit = this.lit
    if (lit.join() === this.#lit) return
    this.#lit = lit.join()
    this.options.onLamps?.(lit)
  }

  #flush(): void {
    if (!this.#sent.length) return
    const bytes = Uint8Array.from(this.#sent)
    this.#sent = []
    this.onBytes(bytes)
  }
}
