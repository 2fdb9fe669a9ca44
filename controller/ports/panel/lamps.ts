/**
 * The panel's lamps, driven by johnny-five over a line that never closes: behind it the panel may come and go. An
 * unplugged board is the end of a johnny-five Board, and a second Board for it leaks, so it never hears of either.
 */
import { Duplex } from 'node:stream'
import firmata from 'firmata-io'
import five from 'johnny-five'
import { PANEL_LAMPS, type PanelLamp } from '../../wire/panel.ts'

/** Where the lamps are; `firmware/panel/board.h`. */
const FIRST_LAMP_PIN = 8
const PINS = 20
const OUTPUT = 1
const NO_CHANNEL = 0x7f
/** Longer than any life, as there is no panel to wait for. */
const NEVER_MS = 2 ** 31 - 1

/**
 * Version and firmware, as Firmata's handshake wants them. The panel has shown what it is by its own messages before a
 * byte is sent to it, so johnny-five is ready from the start, whether a panel is there or not.
 */
const HANDSHAKE = Buffer.of(0xf9, 2, 6, 0xf0, 0x79, 1, 0, 0xf7)

const pins = () =>
  Array.from({ length: PINS }, (_, pin) => ({
    supportedModes: PANEL_LAMPS[pin - FIRST_LAMP_PIN] ? [OUTPUT] : [],
    analogChannel: NO_CHANNEL,
  }))

/** What johnny-five takes for a serial port. */
class EndlessLine extends Duplex {
  constructor(private readonly send: (bytes: Uint8Array) => void) {
    super()
  }

  override _read(): void {}

  override _write(bytes: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.send(bytes)
    done()
  }
}

export class PanelLamps {
  #lit: ReadonlySet<PanelLamp> = new Set()
  #leds: Map<PanelLamp, five.Led> | null = null

  /** @param send bytes to the panel; they may be lost, `repeat` makes up for it */
  constructor(send: (bytes: Uint8Array) => void, complain: (fault: Error) => void) {
    const line = new EndlessLine(send)
    const io = new firmata.Firmata(line, { skipCapabilities: true, pins: pins(), analogPins: [] })
    io.on('error', complain)
    // Left to itself, johnny-five opens a prompt that ends the process without a terminal, and takes Ctrl-C for itself.
    const options = { io, repl: false, debug: false, sigint: false, timeout: NEVER_MS }
    const board = new five.Board(options)
    board.on('error', complain)
    board.on('ready', () => {
      const led = (lamp: PanelLamp, i: number) => [lamp, new five.Led({ pin: FIRST_LAMP_PIN + i, board })] as const
      this.#leds = new Map(PANEL_LAMPS.map(led))
      this.repeat()
    })
    process.nextTick(() => {
      line.emit('open')
      line.push(HANDSHAKE)
    })
  }

  light(lamps: Iterable<PanelLamp>): void {
    this.#lit = new Set(lamps)
    this.repeat()
  }

  /** A panel that was reset has forgotten its lamps. */
  repeat(): void {
    for (const [lamp, led] of this.#leds ?? []) {
      if (this.#lit.has(lamp)) led.on()
      else led.off()
    }
  }

  /** Whether the panel has the lamps as they shall be. */
  isLike(lit: readonly PanelLamp[]): boolean {
    return lit.length === this.#lit.size && lit.every((lamp) => this.#lit.has(lamp))
  }
}
