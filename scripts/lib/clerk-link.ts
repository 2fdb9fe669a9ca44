/** Asks the recorder on its control socket: one line there, one line back. */
import { once } from 'node:events'
import { createConnection } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { z } from 'zod'
import { FromRecorder, type Status, type ToRecorder } from '../../controller/wire/clerk.ts'

const ANSWER_WITHIN_MS = 10_000

export const recorderSocket = (runtimeDir: string): string => join(runtimeDir, 'recorder.sock')

export const ask = async (runtimeDir: string, message: z.input<typeof ToRecorder>): Promise<FromRecorder> => {
  const socket = createConnection(recorderSocket(runtimeDir))
  const patience = AbortSignal.timeout(ANSWER_WITHIN_MS)
  try {
    await once(socket, 'connect', { signal: patience })
    const answer = once(createInterface({ input: socket }), 'line', { signal: patience })
    socket.write(`${JSON.stringify(message)}\n`)
    const [line] = await answer
    return FromRecorder.parse(JSON.parse(String(line)))
  } finally {
    socket.destroy()
  }
}

/** Null while nobody answers. */
export const askStatus = async (runtimeDir: string): Promise<Status | null> => {
  try {
    const answer = await ask(runtimeDir, { do: 'status' })
    return answer.is === 'status' ? answer.status : null
  } catch {
    return null
  }
}

/** Whether somebody listens there, even one who is too busy to answer. */
export const isTaken = (runtimeDir: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = createConnection(recorderSocket(runtimeDir))
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
