/** The command line's link to the recorder, and two questions that want no excuses. */
import { createConnection } from 'node:net'
import { ask, recorderSocket } from '../../controller/cli/clerk-link.ts'
import type { Status } from '../../controller/wire/clerk.ts'

export { ask, recorderSocket }

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
