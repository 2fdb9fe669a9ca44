/**
 * The board of a courtroom without one: lines that a person or a test switches, on a Unix socket that the recorder's
 * GPIO port connects to (profile `"driver": "virtual"`). It lives in the courtroom's process, and outlives recorders.
 */
import { rmSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { LineSplitter } from '../../../controller/base/lines.ts'
import {
  BOARD_INPUTS,
  BOARD_OUTPUTS,
  type BoardInput,
  type BoardOutput,
  type FromBoard,
  ToBoard,
} from '../../../controller/wire/board.ts'

/** How a healthy room is: mains, and nothing wrong. */
const AT_REST: ReadonlySet<BoardInput> = new Set(['mains-good'])
const MAX_LINE_BYTES = 4_096

const recordOf = <K extends string>(keys: readonly K[], isOn: (key: K) => boolean): Record<K, boolean> =>
  Object.fromEntries(keys.map((key) => [key, isOn(key)])) as Record<K, boolean>

export class VirtualBoard {
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  readonly #lines = recordOf(BOARD_INPUTS, (line) => AT_REST.has(line))
  readonly #outputs = recordOf(BOARD_OUTPUTS, () => false)
  /** Told of every change of an output. */
  onOutput: (line: BoardOutput, active: boolean) => void = () => {}
  /** Fulfilled when a recorder can connect; rejects when the socket cannot be made. */
  readonly ready: Promise<void>

  constructor(readonly socketPath: string) {
    rmSync(socketPath, { force: true })
    this.#server = createServer((socket) => this.#welcome(socket))
    this.ready = new Promise((resolve, reject) => {
      this.#server.once('error', reject)
      this.#server.listen(socketPath, resolve)
    })
    // Whoever does not wait for it must not be ended by it.
    this.ready.catch(() => {})
  }

  /** Whether each input is active. */
  get lines(): Readonly<Record<BoardInput, boolean>> {
    return this.#lines
  }

  /** As the recorder last set them; they stay so when it is gone. */
  get outputs(): Readonly<Record<BoardOutput, boolean>> {
    return this.#outputs
  }

  /** Recorders that are connected. */
  get listeners(): number {
    return this.#sockets.size
  }

  /** Switches a line; `active` is what its name says. */
  set(line: BoardInput, active: boolean): void {
    this.#lines[line] = active
    for (const socket of this.#sockets) say(socket, { is: 'line', line, active })
  }

  /** Breaks every connection, as a cable would; the recorder may connect again. */
  unplug(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()))
    this.unplug()
    await closed
    rmSync(this.socketPath, { force: true })
  }

  #welcome(socket: Socket): void {
    const lines = new LineSplitter(MAX_LINE_BYTES)
    this.#sockets.add(socket)
    socket.on('close', () => this.#sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    socket.on('data', (bytes: Buffer) => {
      try {
        for (const line of lines.push(bytes)) this.#hear(ToBoard.parse(JSON.parse(line.toString('utf8'))))
      } catch {
        // Whoever talks nonsense is no recorder.
        socket.destroy()
      }
    })
    say(socket, { is: 'lines', lines: this.#lines })
  }

  #hear({ line, active }: ToBoard): void {
    if (this.#outputs[line] === active) return
    this.#outputs[line] = active
    this.onOutput(line, active)
  }
}

const say = (socket: Socket, message: FromBoard): void => {
  socket.write(`${JSON.stringify(message)}\n`)
}
