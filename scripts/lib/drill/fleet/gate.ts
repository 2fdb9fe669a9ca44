/** A network that is there or not: a port of loopback that leads to another one while it is open, and counts. */
import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { freePort } from '../../free-port.ts'

export class Gate {
  readonly #sockets = new Set<Socket>()
  #server: Server | null = null
  /** Towards the hub, and from it. */
  readonly bytes = { up: 0, down: 0 }

  private constructor(readonly port: number) {}

  /** Closed. */
  static async make(): Promise<Gate> {
    return new Gate(await freePort())
  }

  async open(target: number): Promise<void> {
    const server = createServer((socket) => this.#lead(socket, connect(target, '127.0.0.1')))
    this.#server = server
    server.listen(this.port, '127.0.0.1')
    await once(server, 'listening')
  }

  /** At once, with all that went through it. */
  async close(): Promise<void> {
    const server = this.#server
    this.#server = null
    for (const socket of this.#sockets) socket.destroy()
    if (!server) return
    server.close()
    await once(server, 'close')
  }

  #lead(near: Socket, far: Socket): void {
    near.on('data', ({ length }) => {
      this.bytes.up += length
    })
    far.on('data', ({ length }) => {
      this.bytes.down += length
    })
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(one)
      one.setNoDelay(true)
      one.on('error', () => {})
      one.on('close', () => {
        this.#sockets.delete(one)
        other.destroy()
      })
      one.pipe(other)
    }
  }
}
