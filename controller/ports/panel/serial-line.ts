/** A serial port that may be missing, vanish and come back: opened again and again, for as long as it takes. */
import type { Duplex } from 'node:stream'
import { messageOf } from '../../base/error.ts'

/** Gives an open port, or fails. */
export type OpenPort = () => Promise<Duplex>

export interface SerialLineOptions {
  open: OpenPort
  retryMs: number
  onUp: () => void
  onBytes: (bytes: Uint8Array) => void
  /** It was open and is not any more. */
  onDown: (why: string) => void
  /** It could not be opened. */
  onMissing: (why: string) => void
}

/** What a port that takes no bytes may leave waiting; more is dropped, for all that is said is said again. */
const MOST_WAITING_BYTES = 4_096

export class SerialLine {
  #port: Duplex | null = null
  #timer: NodeJS.Timeout | null = null
  #isClosed = false

  constructor(private readonly options: SerialLineOptions) {
    void this.#open()
  }

  write(bytes: Uint8Array): void {
    if (this.#port && this.#port.writableLength < MOST_WAITING_BYTES) this.#port.write(bytes)
  }

  /** Lets the port go, and opens it again after `waitMs`. */
  drop(waitMs = this.options.retryMs): void {
    const port = this.#port
    this.#port = null
    port?.destroy()
    if (!this.#isClosed) this.#retry(waitMs)
  }

  close(): void {
    this.#isClosed = true
    if (this.#timer) clearTimeout(this.#timer)
    this.#port?.destroy()
    this.#port = null
  }

  async #open(): Promise<void> {
    try {
      const port = await this.options.open()
      if (this.#isClosed) port.destroy()
      else this.#use(port)
    } catch (fault) {
      if (this.#isClosed) return
      this.options.onMissing(messageOf(fault))
      this.#retry(this.options.retryMs)
    }
  }

  #use(port: Duplex): void {
    this.#port = port
    const lose = (why: string) => {
      if (this.#port !== port) return
      this.drop()
      this.options.onDown(why)
    }
    port.on('data', (bytes: Buffer) => {
      if (this.#port === port) this.options.onBytes(bytes)
    })
    // Its listener stays for good: a port may complain after it has been let go.
    port.on('error', (fault: Error) => lose(fault.message))
    port.on('end', () => lose('the port ended'))
    port.on('close', () => lose('the port closed'))
    this.options.onUp()
  }

  #retry(waitMs: number): void {
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.#open(), waitMs)
  }
}
