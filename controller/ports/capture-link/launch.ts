/** Starts capture workers so that they outlive the recorder. */
import { spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Config, SourceConfig } from '../../wire/config.ts'
import { type WorkerOrder, workerFiles } from '../../wire/worker-order.ts'

/** pollBus holds a thread for good, and a hanging disk another: the default pool of four would soon be empty. */
const THREADS = '16'
/** Large frames come and go: without it the heap of each worker grows by what its threads once needed. */
const ARENAS = '2'

export interface Launched {
  /** Null under systemd, which knows the process. */
  pid: number | null
}

/**
 * Writes the worker's order and starts it: as a process group of its own, or under systemd as a unit of its own, so that
 * restarting the recorder does not end it (R10).
 * @param onExit called when a spawned worker has ended, or could not be started
 */
export const launchWorker = (
  config: Config,
  source: SourceConfig,
  run: number,
  onExit: (how: string) => void,
): Launched => {
  const files = workerFiles(config.runtimeDir, source.name)
  const order: WorkerOrder = {
    source,
    run,
    runtimeDir: config.runtimeDir,
    segmentSeconds: config.segmentSeconds,
    stagger: config.sources.indexOf(source) / config.sources.length,
    limits: config.limits,
  }
  // A password may be in it.
  writeFileSync(files.order, JSON.stringify(order), { mode: 0o600 })
  if (config.workers === 'systemd') {
    const unit = `verbatim-capture@${source.name}.service`
    const systemctl = spawn('systemctl', ['restart', '--no-block', unit], { stdio: 'ignore' })
    systemctl.on('error', (fault) => onExit(`systemctl: ${fault.message}`))
    systemctl.on('exit', (code) => {
      if (code) onExit(`systemctl restart ${unit} ended with ${code}`)
    })
    return { pid: null }
  }
  const log = openSync(files.log, 'w', 0o600)
  const worker = spawn(process.execPath, [captureProgram(), files.order], {
    detached: true,
    stdio: ['ignore', log, log],
    env: { ...process.env, UV_THREADPOOL_SIZE: THREADS, MALLOC_ARENA_MAX: ARENAS },
  })
  worker.unref()
  closeSync(log)
  worker.on('error', (fault) => onExit(fault.message))
  worker.on('exit', (code, signal) => onExit(signal ? `ended by ${signal}` : `ended with code ${code}`))
  return { pid: worker.pid ?? null }
}

/** Process id of a source's worker that answers no more; null when that number is nobody's, or somebody else's by now. */
export const unheardWorker = (runtimeDir: string, source: string): number | null => {
  const files = workerFiles(runtimeDir, source)
  try {
    const pid = Number.parseInt(readFileSync(files.pid, 'utf8'), 10)
    const isOurs = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(files.order)
    return isOurs ? pid : null
  } catch {
    return null
  }
}

/** Both programs are bundled into one folder. */
const captureProgram = (): string => join(dirname(fileURLToPath(import.meta.url)), 'capture.js')
