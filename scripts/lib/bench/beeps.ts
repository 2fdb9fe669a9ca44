/** Starts and ends `beeps.py`. */
import { spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Bench } from './part.ts'

export interface Lateness {
  /** How late each packet left that begins with a beep. */
  lateMs: number[]
  /** The latest of all packets. */
  worstLateMs: number
}

export interface Beeps {
  port: number
  /** Ends them, and says how punctual they were. */
  stop: () => Promise<Lateness>
}

const freePort = async (): Promise<number> => {
  const socket = createSocket('udp4').bind(0, '127.0.0.1')
  await once(socket, 'listening')
  const { port } = socket.address()
  socket.close()
  return port
}

export const startBeeps = async (bench: Bench): Promise<Beeps> => {
  const port = await freePort()
  const program = fileURLToPath(new URL('beeps.py', import.meta.url))
  const child = spawn('/usr/bin/python3', [program, String(port)], { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout })
  bench.atEnd(() => void (child.exitCode ?? child.kill()))
  await once(lines, 'line')
  return {
    port,
    stop: async () => {
      const last = once(lines, 'line')
      child.stdin.end()
      const [line] = await last
      return JSON.parse(String(line)) as Lateness
    },
  }
}
