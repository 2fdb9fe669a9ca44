/** Real brokers for a test: the embedded kind, Mosquitto and NATS, each on a free port of loopback, without TLS. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Aedes } from 'aedes'
import { freePort } from '../../../scripts/lib/free-port.ts'
import { until } from '../../stories/stage/until.ts'

export interface TestBroker {
  name: string
  url: string
  /** As if its machine had lost its power. */
  stop(): Promise<void>
}

/** A server of any kind on loopback, that can be ended at once. */
export const serve = async (serveSocket: (socket: Socket) => void, port = 0): Promise<TestBroker> => {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket)).on('error', () => {})
    serveSocket(socket)
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const url = `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`
  const stop = async () => {
    const closed = once(server, 'close')
    server.close()
    for (const socket of sockets) socket.destroy()
    await closed
  }
  return { name: 'server', url, stop }
}

export const startAedes = async (port = 0): Promise<TestBroker & { aedes: Aedes }> => {
  const aedes = await Aedes.createBroker()
  const { url, stop } = await serve((socket) => aedes.handle(socket), port)
  return {
    ...{ name: 'aedes', url, aedes },
    stop: async () => {
      await stop()
      await new Promise<void>((resolve) => aedes.close(() => resolve()))
    },
  }
}

const answers = (port: number) =>
  until(`a broker on ${port}`, 20, async () => {
    const socket = connect(port, '127.0.0.1')
    const ok = await Promise.race([
      once(socket, 'connect').then(() => true),
      once(socket, 'error').then(() => false),
    ]).catch(() => false)
    socket.destroy()
    return ok
  })

const startProgram = async (name: string, program: string, config: (port: number, dir: string) => string) => {
  const dir = mkdtempSync(join(tmpdir(), `verbatim-${name}-`))
  const port = await freePort()
  writeFileSync(join(dir, 'config'), config(port, dir))
  const child: ChildProcess = spawn(program, ['-c', join(dir, 'config')], { stdio: 'ignore' })
  await answers(port)
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
    rmSync(dir, { recursive: true, force: true })
  }
  return { name, url: `mqtt://127.0.0.1:${port}`, stop }
}

export const startMosquitto = (): Promise<TestBroker> =>
  startProgram('mosquitto', 'mosquitto', (port) => `listener ${port} 127.0.0.1\nallow_anonymous true\n`)

export const startNats = (): Promise<TestBroker> =>
  startProgram(
    'nats',
    'nats-server',
    (port, dir) =>
      `server_name: test\nhost: 127.0.0.1\nport: -1\njetstream { store_dir: "${dir}" }\nmqtt { host: 127.0.0.1, port: ${port} }\n`,
  )
