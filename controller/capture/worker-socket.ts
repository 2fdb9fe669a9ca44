/**
 * The worker's Unix socket: one JSON object a line. The recorder comes and goes; the worker stays. What was reported
 * while nobody listened is told when the recorder asks to catch up.
 */
import { createReadStream, existsSync, rmSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { messageOf } from '../base/error.ts'
import { LineSplitter } from '../base/lines.ts'
import { type FromWorker, parseFrame, ToWorker } from '../wire/capture.ts'

export interface WorkerSocketOptions {
  path: string
  /** What a new listener hears first: who speaks, and what is going on. */
  hello: () => FromWorker[]
  /** True while a hearing is open: a new listener must catch up before it hears of fragments. */
  mustCatchUp: () => boolean
  hear: (request: ToWorker) => void
  complain: (text: string) => void
}

interface Listener {
  socket: Socket
  caughtUp: boolean
}

export class WorkerSocket {
  #listeners = new Set<Listener>()

  constructor(private readonly options: WorkerSocketOptions) {
    rmSync(options.path, { force: true })
    createServer((socket) => this.#welcome(socket)).listen(options.path)
  }

  get listeners(): number {
    return this.#listeners.size
  }

  say(message: FromWorker): void {
    const line = `${JSON.stringify(message)}\n`
    const proof = message.is === 'fragment' || message.is === 'stored'
    for (const { socket, caughtUp } of this.#listeners) if (caughtUp || !proof) writeSoon(socket, line)
  }

  /** Everything that was missed goes out first; from here on the listener hears all. */
  catchUp(missed: FromWorker[]): void {
    for (const listener of this.#listeners) {
      if (listener.caughtUp) continue
      for (const message of missed) listener.socket.write(`${JSON.stringify(message)}\n`)
      listener.caughtUp = true
    }
  }

  #welcome(socket: Socket): void {
    const listener: Listener = { socket, caughtUp: !this.options.mustCatchUp() }
    const lines = new LineSplitter()
    this.#listeners.add(listener)
    socket.on('close', () => this.#listeners.delete(listener))
    socket.on('error', () => socket.destroy())
    socket.on('data', (bytes: Buffer) => {
      try {
        for (const line of lines.push(bytes)) this.options.hear(parseFrame(ToWorker, line))
      } catch (fault) {
        // A peer that talks nonsense is cut off; the recording goes on.
        this.options.complain(`refused what came on the socket: ${messageOf(fault)}`)
        socket.destroy()
      }
    })
    for (const message of this.options.hello()) socket.write(`${JSON.stringify(message)}\n`)
  }
}

/** What is said in one breath leaves together, so that the recorder wakes up once for it. */
const writeSoon = (socket: Socket, line: string): void => {
  socket.cork()
  socket.write(line)
  process.nextTick(() => socket.uncork())
}

/** The lines of an index file; a torn last line is left out. */
export const readIndexLines = async function* (path: string): AsyncGenerator<string> {
  if (!existsSync(path)) return
  const lines = new LineSplitter()
  for await (const chunk of createReadStream(path))
    for (const line of lines.push(chunk as Buffer)) yield line.toString('utf8')
}
