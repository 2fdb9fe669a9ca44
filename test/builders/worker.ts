/** A real capture worker as a child, and the recorder's end of its socket. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { createConnection, type Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { z } from 'zod'
import { LineSplitter } from '../../controller/base/lines.ts'
import { monotonicMs } from '../../controller/base/monotonic.ts'
import { type Fragment, FromWorker, ToWorker } from '../../controller/wire/capture.ts'
import { Limits, SourceConfig } from '../../controller/wire/config.ts'
import { type WorkerOrder, workerFiles } from '../../controller/wire/worker-order.ts'
import { makeStore } from './store.ts'

/** One connection to a worker; every message is checked against the schema. */
export class Link {
  readonly heard: FromWorker[] = []
  readonly socket: Socket
  closed = false

  constructor(path: string) {
    const lines = new LineSplitter()
    this.socket = createConnection(path)
    this.socket.on('data', (bytes: Buffer) => {
      for (const line of lines.push(bytes)) this.heard.push(FromWorker.parse(JSON.parse(line.toString())))
    })
    this.socket.on('error', () => {})
    this.socket.on('close', () => {
      this.closed = true
    })
  }

  send(message: z.input<typeof ToWorker>): void {
    this.socket.write(`${JSON.stringify(ToWorker.parse(message))}\n`)
  }

  all<K extends FromWorker['is']>(is: K): Extract<FromWorker, { is: K }>[] {
    return this.heard.filter((message): message is Extract<FromWorker, { is: K }> => message.is === is)
  }

  get fragments(): Fragment[] {
    return this.all('fragment').map(({ fragment }) => fragment)
  }

  async until(what: string, pleases: () => boolean, withinMs = 15_000): Promise<void> {
    const by = performance.now() + withinMs
    while (!pleases()) {
      if (performance.now() > by) throw new Error(`${what} did not come within ${withinMs} ms`)
      await delay(20)
    }
  }
}

export class Worker {
  readonly child: ChildProcess
  readonly stores: { name: string; path: string }[]
  zeroMs = 0
  #log = ''
  readonly #socket: string

  constructor(dir: string, source: z.input<typeof SourceConfig>, over: Partial<WorkerOrder> = {}) {
    const runtimeDir = mkdtempSync(join(dir, 'run-'))
    this.stores = ['main', 'mirror'].map((name) => ({ name, path: join(runtimeDir, name) }))
    for (const { path } of this.stores) makeStore(path)
    const order: WorkerOrder = {
      source: SourceConfig.parse(source),
      ...{ run: 1, runtimeDir, stagger: 0, segmentSeconds: 300, limits: Limits.parse({ pictureSeconds: 2 }), ...over },
    }
    const files = workerFiles(runtimeDir, order.source.name)
    this.#socket = files.socket
    writeFileSync(files.order, JSON.stringify(order))
    this.child = spawn(process.execPath, ['--import', 'tsx', 'controller/capture.ts', files.order], {
      env: { ...process.env, UV_THREADPOOL_SIZE: '16' },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const note = (text: Buffer) => {
      this.#log += text
    }
    this.child.stdout!.on('data', note)
    this.child.stderr!.on('data', note)
  }

  get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null
  }

  /** A connection that has been greeted. */
  async connect(): Promise<Link> {
    for (let tries = 0; tries < 100; tries++) {
      if (!this.isRunning) throw new Error(`the worker ended: ${this.#log}`)
      const link = new Link(this.#socket)
      await delay(100)
      if (link.all('hello').length) return link
      link.socket.destroy()
    }
    throw new Error(`nobody answers: ${this.#log}`)
  }

  /** Connected and armed. */
  async ready(): Promise<Link> {
    const link = await this.connect()
    await link.until('armed', () => link.all('armed').length > 0 || link.all('hello')[0]!.armed)
    return link
  }

  open(link: Link, over: Partial<z.input<typeof ToWorker>> = {}): void {
    const atMs = monotonicMs()
    this.zeroMs ||= atMs
    const times = { zeroMs: this.zeroMs, atMs, utcMs: Date.now() - (atMs - this.zeroMs) }
    const { stores } = this
    const writeTo = stores.map(({ name }) => name)
    link.send({ do: 'open', hearing: 'h', ...times, stores, writeTo, ...over } as z.input<typeof ToWorker>)
  }

  async close(link: Link, final: boolean): Promise<void> {
    const before = link.all('closed').length
    link.send({ do: 'close', atMs: monotonicMs(), final })
    await link.until('closed', () => link.all('closed').length > before)
  }

  /** The hearing's folder on a store. */
  folder(store = 0): string {
    return join(this.stores[store]!.path, 'h')
  }

  async kill(): Promise<void> {
    if (!this.isRunning) return
    const gone = new Promise((resolve) => this.child.once('exit', resolve))
    this.child.kill('SIGKILL')
    await gone
  }
}
