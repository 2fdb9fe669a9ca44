import { createConnection } from 'node:net'
import { FromWorker } from '../../../controller/wire/capture.ts'
import { workerFiles } from '../../../controller/wire/worker-order.ts'

type Hello = Extract<FromWorker, { is: 'hello' }>

/** What the worker of a source says first to whoever connects; null when nobody answers. */
export const greet = (runtimeDir: string, source: string): Promise<Hello | null> =>
  new Promise((resolve) => {
    const socket = createConnection(workerFiles(runtimeDir, source).socket)
    let said = ''
    const end = (hello: Hello | null) => {
      socket.destroy()
      resolve(hello)
    }
    socket.setTimeout(2_000, () => end(null))
    socket.on('error', () => end(null))
    socket.on('close', () => resolve(null))
    socket.on('data', (bytes) => {
      said += bytes
      const line = said.split('\n')[0]
      if (line === undefined || !said.includes('\n')) return
      const message = FromWorker.parse(JSON.parse(line))
      end(message.is === 'hello' ? message : null)
    })
  })
