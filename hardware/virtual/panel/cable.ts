/** The USB cable between virtual panel and host, in one process: plugged in or not, with the board's reset on opening. */
import { Duplex } from 'node:stream'
import type { VirtualPanel } from './virtual-panel.ts'

/** A port as serialport gives it, as far as anybody looks. */
class CablePort extends Duplex {
  constructor(private readonly panel: VirtualPanel) {
    super()
  }

  override _read(): void {}

  override _write(bytes: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.panel.receive(bytes)
    done()
  }
}

export class Cable {
  isPlugged = true
  /** How often the port was opened. */
  opened = 0
  #port: CablePort | null = null

  /** @param resetsOnOpening as an Arduino does, whose reset line hangs on the port's DTR */
  constructor(
    private readonly panel: VirtualPanel,
    private readonly resetsOnOpening = true,
  ) {
    panel.onBytes = (bytes) => {
      if (this.#port && !this.#port.destroyed) this.#port.push(Buffer.from(bytes))
    }
  }

  readonly open = async (): Promise<Duplex> => {
    if (!this.isPlugged) throw new Error('no such file or directory')
    this.opened++
    if (this.resetsOnOpening) this.panel.reset()
    this.#port = new CablePort(this.panel)
    return this.#port
  }

  unplug(): void {
    this.isPlugged = false
    this.#port?.destroy()
    this.#port = null
  }

  plug(): void {
    this.isPlugged = true
  }
}
