/** The connection to one capture worker: knocks until it opens, hears its messages, notices that it is gone. */
import { createConnection, type Socket } from 'node:net'
import { messageOf } from '../../base/error.ts'
import { LineSplitter } from '../../base/lines.ts'
import { FromWorker, parseFrame, type ToWorker } from '../../wire/capture.ts'

const KNOCK_MS = 100

/** A worker's first word. */
export type Hello = Extract<FromWorker, { is: 'hello' }>

export interface WorkerLinkOptions {
  path: string
  onHello: (hello: Hello) => void
  onMessage: (message: FromWorker) => void
  /** The connection is lost; the worker may live on. */
  onLost: (why: string) => void
}

export class WorkerLink {
  #socket: Socket | null = null
  #hello: Hello | null = null
  #closed = false

  constructor(private readonly options: WorkerLinkOptions) {
    this.#knock()
  }

  get hello(): Hello | null {
    return this.#hello
  }

  send(message: ToWorker): void {
    this.#socket?.write(`${JSON.stringify(message)}\n`)
  }

  close(): void {
    this.#closed = true
    this.#socket?.destroy()
  }

  #knock(): void {
    if (this.#closed) return
    const socket = createConnection(this.options.path)
    const lines = new LineSplitter()
    let open = false
    socket.on('connect', () => {
      open = true
      this.#socket = socket
    })
    socket.on('data', (bytes: Buffer) => {
      try {
        for (const line of lines.push(bytes)) this.#hear(parseFrame(FromWorker, line))
      } catch (fault) {
        this.#lost(socket, messageOf(fault))
      }
    })
    socket.on('error', () => {})
    socket.on('close', () => {
      if (open) this.#lost(socket, 'the connection ended')
      else setTimeout(() => this.#knock(), KNOCK_MS)
    })
  }

  #hear(message: FromWorker): void {
    if (message.is === 'hello') {
      this.#hello = message
      this.options.onHello(message)
    } else if (this.#hello) this.options.onMessage(message)
  }

  #lost(socket: Socket, why: string): void {
    socket.destroy()
    if (this.#closed || this.#socket !== socket) return
    this.#closed = true
    this.options.onLost(why)
  }
}
