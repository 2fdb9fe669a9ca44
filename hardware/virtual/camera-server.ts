/** Starts, switches and ends `cameras.py`. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface, type Interface } from 'node:readline'
import { fileURLToPath } from 'node:url'

export interface CameraServerOptions {
  /** Where the prepared streams lie. */
  dir: string
  cameras: readonly string[]
  /** 0 takes a free one. */
  port?: number
  user?: string
  password?: string
  /** Loop so many seconds, beginning at multiples of them on the monotonic clock. */
  alignSeconds?: number
}

/** `frozen` delivers one picture again and again; `off` is gone from the network. */
export const CAMERA_POSITIONS = ['on', 'frozen', 'off'] as const
export type CameraPosition = (typeof CAMERA_POSITIONS)[number]

export interface CameraServer {
  pid: number
  port: number
  /** By name of the camera. */
  urls: Record<string, string>
  /** Fulfilled once it is so; rejects when the server is not there or does not say so in time. */
  turn: (camera: string, position: CameraPosition) => Promise<void>
  /** Ends it in order, or at once as a power cut would. */
  stop: (signal?: 'SIGTERM' | 'SIGKILL') => Promise<void>
}

const PROGRAM = fileURLToPath(new URL('cameras.py', import.meta.url))
const READY_WITHIN_MS = 20_000
const TURNED_WITHIN_MS = 10_000
const GONE_WITHIN_MS = 5_000

export const startCameraServer = async (options: CameraServerOptions): Promise<CameraServer> => {
  const { dir, cameras, port = 0, user, password, alignSeconds } = options
  const words = ['--tied', '--port', String(port), '--dir', dir, ...cameras.flatMap((name) => ['--camera', name])]
  if (user !== undefined) words.push('--user', user, '--password', password ?? '')
  if (alignSeconds !== undefined) words.push('--align', String(alignSeconds))
  // Debian's own Python: another one earlier on PATH lacks the bindings. A group of its own, so that Ctrl-C in the
  // terminal reaches only the program that ends everything in order.
  const child = spawn('/usr/bin/python3', [PROGRAM, ...words], { stdio: ['pipe', 'pipe', 'pipe'], detached: true })
  const said = createInterface({ input: child.stdout })
  // Whoever is killed while an order is on its way hangs up; its end is noticed elsewhere.
  child.stdin.on('error', () => {})
  try {
    const urls = await readyUrls(child, said)
    return {
      pid: child.pid!,
      port: Number(new URL(urls[0]!).port),
      urls: Object.fromEntries(cameras.map((name, i) => [name, urls[i]!])),
      turn: (camera, position) => turn(child, said, camera, position),
      stop: (signal = 'SIGTERM') => end(child, signal),
    }
  } catch (cause) {
    child.kill('SIGKILL')
    throw cause
  }
}

const readyUrls = async (child: ChildProcess, said: Interface): Promise<string[]> => {
  let complaint = ''
  child.stderr!.on('data', (bytes) => {
    complaint = `${complaint}${bytes}`.slice(-2_000)
  })
  const patience = AbortSignal.timeout(READY_WITHIN_MS)
  const line = once(said, 'line', { signal: patience })
  const gone = once(child, 'close', { signal: patience }).then(() => {
    throw new Error(`the cameras' server ended: ${complaint.trim()}`)
  })
  gone.catch(() => {})
  const [text] = await Promise.race([line, gone])
  return (JSON.parse(String(text)) as { urls: string[] }).urls
}

const turn = (child: ChildProcess, said: Interface, camera: string, position: CameraPosition): Promise<void> =>
  new Promise((resolve, reject) => {
    const settle = (done: () => void) => {
      clearTimeout(late)
      said.off('line', hear).off('close', gone)
      done()
    }
    const gone = () => settle(() => reject(new Error("the cameras' server has ended")))
    const hear = (line: string) => {
      const { camera: which, is } = JSON.parse(line) as { camera: string; is: string }
      if (which === camera && is === position) settle(resolve)
    }
    const late = setTimeout(() => settle(() => reject(new Error(`${camera} cannot be switched`))), TURNED_WITHIN_MS)
    said.on('line', hear).on('close', gone)
    if (child.exitCode !== null || child.signalCode !== null) gone()
    else child.stdin!.write(`${JSON.stringify({ camera, is: position })}\n`)
  })

const end = async (child: ChildProcess, signal: NodeJS.Signals): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill(signal)
  const late = setTimeout(() => child.kill('SIGKILL'), GONE_WITHIN_MS)
  await gone
  clearTimeout(late)
}
