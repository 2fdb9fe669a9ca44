/**
 * The recorder's side of its capture workers: starts them, finds those that live, passes words both ways, and says
 * when one has ended. It holds processes and sockets, never rules.
 */
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { codeOf, messageOf } from '../../base/error.ts'
import { now } from '../../base/monotonic.ts'
import { type Reason, reason } from '../../base/reason.ts'
import type { Event } from '../../core/event.ts'
import type { FromWorker, ToWorker } from '../../wire/capture.ts'
import { type Config, type SourceConfig, tracksOf } from '../../wire/config.ts'
import { workerFiles } from '../../wire/worker-order.ts'
import { eventsOf } from './events-of.ts'
import { launchWorker, unheardWorker } from './launch.ts'
import { type Hello, WorkerLink } from './worker-link.ts'

interface Worker {
  run: number
  pid: number | null
  link: WorkerLink
  /** Its own last words. */
  dying: Reason | null
  ended: boolean
}

export type Tried = Extract<FromWorker, { is: 'tried' }>

/** A worker that outlived an earlier recorder, and the hearing it takes part in. */
export interface Living {
  source: string
  run: number
  hearing: string | null
}

export class CaptureLink {
  readonly #workers = new Map<string, Worker>()
  #sources: Map<string, SourceConfig>
  /** What workers said before `adoptAll`: the core must hear first that they are there. */
  #held: Event[] | null = []

  constructor(
    private config: Config,
    private readonly tell: (event: Event) => void,
    /** A trial recording of a source has ended: the self-test waits for it, the core has no part in it. */
    private readonly onTried: (source: string, tried: Tried) => void = () => {},
  ) {
    this.#sources = new Map(config.sources.map((source) => [source.name, source]))
  }

  /** Other names and limits; the sources are the same. Workers go on recording, and begin to judge by them at once. */
  take(config: Config): void {
    this.config = config
    this.#sources = new Map(config.sources.map((source) => [source.name, source]))
    for (const [source, { link }] of this.#workers) this.#tellLimits(source, link)
  }

  #tellLimits(source: string, link: WorkerLink): void {
    const config = this.#sources.get(source)
    // One that outlived an update would cut off whoever says what it does not know.
    if (!config || !link.hello?.takesNotice) return
    const labels = Object.fromEntries(tracksOf(config).map(({ name, label }) => [name, label]))
    link.send({ do: 'notice', limits: this.config.limits, labels })
  }

  /**
   * Looks for workers that outlived an earlier recorder. One that does not answer within `waitMs` hangs: it is killed,
   * or it would record on for ever beside its successor.
   */
  async findLiving(waitMs = 1_000): Promise<Living[]> {
    const found = [...this.#sources.keys()].map(async (source) => {
      if (!existsSync(workerFiles(this.config.runtimeDir, source).socket)) return []
      return new Promise<Living[]>((resolve) => {
        const worker = this.#attach(source, 0, null, ({ run, hearing }) => resolve([{ source, run, hearing }]))
        setTimeout(() => {
          if (worker.link.hello) return
          worker.link.close()
          this.#workers.delete(source)
          const pid = unheardWorker(this.config.runtimeDir, source)
          if (pid !== null) signal(pid, 'SIGKILL')
          resolve([])
        }, waitMs)
      })
    })
    return (await Promise.all(found)).flat()
  }

  /** Tells of every worker that was found, as `worker-adopted`. */
  adoptAll(): void {
    for (const [source, { link, run }] of this.#workers) {
      const hello = link.hello
      if (!hello) continue
      const { hearing, gate, armed, stores } = hello
      this.tell({ is: 'worker-adopted', source, run, hearing, gate, armed, stores, ...now() })
    }
    const held = this.#held ?? []
    this.#held = null
    for (const event of held) this.tell(event)
  }

  private report(event: Event): void {
    if (this.#held) this.#held.push(event)
    else this.tell(event)
  }

  start(source: string, run: number): void {
    const config = this.#sources.get(source)
    if (!config) return
    rmSync(workerFiles(this.config.runtimeDir, source).socket, { force: true })
    const worker = this.#attach(source, run, null, (hello) => this.#connected(source, run, hello))
    try {
      worker.pid = launchWorker(this.config, config, run, (how) => this.#ended(source, worker, how)).pid
    } catch (fault) {
      // The runtime folder may be gone or full: one worker that cannot start takes nothing from the others (R6).
      setImmediate(() => this.#ended(source, worker, messageOf(fault)))
    }
  }

  #connected(source: string, run: number, { hearing, gate, stores }: Hello): void {
    this.report({ is: 'worker-connected', source, run, hearing, gate, stores, ...now() })
  }

  send(source: string, run: number, message: ToWorker): void {
    const worker = this.#workers.get(source)
    if (worker?.run === run) worker.link.send(message)
  }

  kill(source: string, run: number): void {
    const worker = this.#workers.get(source)
    if (!worker || worker.run !== run) return
    const pid = worker.link.hello?.pid ?? worker.pid
    if (pid !== null) signal(pid, 'SIGKILL')
  }

  /** Lets go of every worker; they record on. */
  detach(): void {
    for (const { link } of this.#workers.values()) link.close()
  }

  #attach(source: string, run: number, pid: number | null, onHello: (hello: Hello) => void): Worker {
    this.#workers.get(source)?.link.close()
    const worker: Worker = { run, pid, dying: null, ended: false, link: undefined as unknown as WorkerLink }
    worker.link = new WorkerLink({
      path: workerFiles(this.config.runtimeDir, source).socket,
      onHello: (hello) => {
        worker.run ||= hello.run
        worker.pid = hello.pid
        onHello(hello)
        // It may have been started by other ones.
        this.#tellLimits(source, worker.link)
      },
      onMessage: (message) => this.#hear(source, worker, message),
      onLost: (why) => this.#lost(source, worker, why),
    })
    this.#workers.set(source, worker)
    return worker
  }

  #hear(source: string, worker: Worker, message: FromWorker): void {
    if (message.is === 'dying') worker.dying = message.reason
    if (message.is === 'tried') this.onTried(source, message)
    for (const event of eventsOf(source, message)) this.report({ ...event, ...now() })
  }

  /** A worker whose connection broke while it lives is spoken to again; capture must not suffer for a broken socket. */
  #lost(source: string, worker: Worker, why: string): void {
    if (this.#workers.get(source) !== worker) return
    const pid = worker.pid
    if (worker.dying || pid === null || !signal(pid, 0)) return this.#ended(source, worker, why)
    const { run } = worker
    setTimeout(() => {
      if (this.#workers.get(source) !== worker) return
      if (!signal(pid, 0)) return this.#ended(source, worker, why)
      this.#attach(source, run, pid, (hello) => this.#connected(source, run, hello))
    }, 200)
  }

  #ended(source: string, worker: Worker, how: string): void {
    if (worker.ended) return
    worker.ended = true
    worker.link.close()
    const why = worker.dying ?? reason('It stopped unexpectedly.', `${how}; ${this.#lastWords(source)}`)
    this.report({ is: 'worker-exited', source, run: worker.run, reason: why, ...now() })
  }

  /** The end of the worker's log, for the engineer. */
  #lastWords(source: string): string {
    try {
      return readFileSync(workerFiles(this.config.runtimeDir, source).log, 'utf8').trim().slice(-1_500)
    } catch {
      return 'no log'
    }
  }
}

/** True when the process was there. */
const signal = (pid: number, name: NodeJS.Signals | 0): boolean => {
  try {
    return process.kill(pid, name)
  } catch (fault) {
    return codeOf(fault) === 'EPERM'
  }
}
