/** The control socket: one JSON object a line, one answer a line. What is asked is answered by the recorder. */
import { chmodSync, rmSync } from 'node:fs'
import { createConnection, createServer, type Server, type Socket } from 'node:net'
import { messageOf, VerbatimError } from '../base/error.ts'
import { LineSplitter } from '../base/lines.ts'
import { parseFrame } from '../wire/capture.ts'
import { type FromRecorder, ToRecorder } from '../wire/clerk.ts'

/** Nobody types longer lines; a peer that sends one is cut off. */
const MAX_LINE_BYTES = 64 << 10

export interface ClerkSocketOptions {
  path: string
  answer: (request: ToRecorder) => Promise<FromRecorder>
  complain: (text: string) => void
}

/** Throws RECORDER_RUNNING when somebody already answers there. */
export const openClerkSocket = async ({ path, answer, complain }: ClerkSocketOptions): Promise<Server> => {
  if (await isAnswered(path)) throw new VerbatimError('RECORDER_RUNNING', `another recorder answers on ${path}`)
  rmSync(path, { force: true })
  const server = createServer((socket) => serve(socket, answer, complain))
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(path, resolve)
  })
  chmodSync(path, 0o660)
  return server
}

const serve = (
  socket: Socket,
  answer: ClerkSocketOptions['answer'],
  complain: ClerkSocketOptions['complain'],
): void => {
  const lines = new LineSplitter(MAX_LINE_BYTES)
  const say = (message: FromRecorder) => {
    if (socket.writable) socket.write(`${JSON.stringify(message)}\n`)
  }
  const refuse = (fault: unknown) => {
    const code = fault instanceof VerbatimError ? fault.code : 'FRAME_INVALID'
    complain(`refused a request: ${messageOf(fault)}`)
    say({ is: 'refused', code, text: 'This request was not understood.', engineer: messageOf(fault) })
  }
  socket.on('error', () => socket.destroy())
  socket.on('data', (bytes: Buffer) => {
    try {
      for (const line of lines.push(bytes)) {
        if (!line.length) continue
        try {
          answer(parseFrame(ToRecorder, line)).then(say, refuse)
        } catch (fault) {
          refuse(fault)
        }
      }
    } catch (fault) {
      refuse(fault)
      socket.end()
    }
  })
}

const isAnswered = (path: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = createConnection(path)
    socket.on('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.on('error', () => resolve(false))
  })
