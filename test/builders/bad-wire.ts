/** A wire between a device and its broker that can be as bad as networks are: slow, half open, gone, and good again. */
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

export class BadWire {
  readonly #ends = new Set<Socket>()
  #server: Server | null = null
  #delayMs = 0
  /** Nothing passes, and nobody is told. */
  #isFrozen = false
  #port = 0

  private constructor(private readonly to: number) {}

  /** @param to port of the broker on loopback */
  static async to(to: number): Promise<BadWire> {
    const wire = new BadWire(to)
    await wire.open()
    return wire
  }

  get url(): string {
    return `mqtt://127.0.0.1:${this.#port}`
  }

  /** Good, whatever it was before; what was open and frozen is gone. */
  async open(): Promise<void> {
    await this.close()
    this.#delayMs = 0
    this.#isFrozen = false
    this.#server = createServer((near) => this.#join(near)).listen(this.#port, '127.0.0.1')
    await once(this.#server, 'listening')
    this.#port = (this.#server.address() as AddressInfo).port
  }

  /** From now on each way takes so long. */
  slow(delayMs: number): void {
    this.#delayMs = delayMs
  }

  /** Half open: connections stay, new ones are made, and nothing comes through. */
  freeze(): void {
    this.#isFrozen = true
  }

  /** Connections end, and nobody listens. */
  async close(): Promise<void> {
    const server = this.#server
    this.#server = null
    const closed = server && once(server, 'close')
    server?.close()
    for (const end of this.#ends) end.destroy()
    await closed
  }

  #join(near: Socket): void {
    const far = connect(this.to, '127.0.0.1')
    this.#pass(near, far)
    this.#pass(far, near)
  }

  #pass(from: Socket, to: Socket): void {
    this.#ends.add(from)
    from.on('error', () => {})
    from.on('close', () => {
      this.#ends.delete(from)
      if (!this.#isFrozen) to.destroy()
    })
    // In order, for all of them wait as long.
    from.on('data', (bytes) =>
      setTimeout(() => {
        if (!this.#isFrozen && !to.destroyed) to.write(bytes)
      }, this.#delayMs),
    )
  }
}
