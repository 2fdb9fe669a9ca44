/**
 * A stage for a story: folder, stores, configuration, the real recorder with its workers, and the buttons. Whatever
 * happens to the story, everything that was started is ended and every disk is let go.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ask } from '../../../controller/cli/clerk-link.ts'
import type { Button, FromRecorder, Status } from '../../../controller/wire/clerk.ts'
import type { RecorderConfig } from '../../../hardware/virtual/courtroom.ts'
import { LoopDisk } from './disk.ts'
import { Journal } from './journal.ts'
import { RecorderProcess } from './recorder.ts'
import { smallRoom } from './sources.ts'
import { until } from './until.ts'
import { greet } from './workers.ts'

export interface Setting {
  config?: Partial<RecorderConfig>
  /** Size of each store's own small disk; null for a folder. Two folders when left out. */
  disks?: readonly (number | null)[]
  /** For the recorder and its workers; `DIR` in a value becomes the stage's folder. */
  env?: Record<string, string>
  /** A program that becomes the recorder; `DIR` in a word becomes the stage's folder. */
  within?: readonly string[]
}

const END = fileURLToPath(new URL('end.sh', import.meta.url))
const NAMES = ['store', 'mirror']
/** A camera that encodes its own picture on a busy machine takes its time. */
export const LIVE_WITHIN_S = 40
export const CLOSED_WITHIN_S = 40

export class Stage {
  readonly dir = mkdtempSync(join(tmpdir(), 'verbatim-story-'))
  readonly stores: string[]
  readonly disks: (LoopDisk | null)[]
  recorder!: RecorderProcess
  #config: RecorderConfig
  readonly #guard: ChildProcess
  readonly #env: Record<string, string>
  readonly #within: string[]

  constructor({ config = {}, disks = [null, null], env = {}, within = [] }: Setting) {
    this.#within = within.map((word) => word.replace('DIR', this.dir))
    this.#env = Object.fromEntries(Object.entries(env).map(([name, value]) => [name, value.replace('DIR', this.dir)]))
    // Ends everything also when the story itself is killed.
    this.#guard = spawn(END, ['--when-orphaned'], {
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
      env: { ...process.env, STAGE: this.dir },
    })
    this.#guard.unref()
    this.disks = disks.map((megabytes, i) =>
      megabytes === null ? null : LoopDisk.make(this.dir, NAMES[i]!, megabytes),
    )
    this.stores = disks.map((_, i) => join(this.dir, NAMES[i]!))
    mkdirSync(join(this.dir, 'run'))
    this.#config = {
      court: 'Court of stories',
      room: 'Room 1',
      runtimeDir: join(this.dir, 'run'),
      stateDir: join(this.dir, 'state'),
      stores: this.stores.map((path, i) => ({ name: NAMES[i]!, path })),
      sources: smallRoom(),
      segmentSeconds: 4,
      hearing: { expectedHours: 0.01 },
      // A story asks for its own.
      selfTest: { atStart: false },
      ...config,
    }
  }

  get runtimeDir(): string {
    return this.#config.runtimeDir
  }

  get sources(): string[] {
    return this.#config.sources.map(({ name }) => name)
  }

  /** Starts the recorder; `changes` stay in the configuration. */
  start(changes: Partial<RecorderConfig> = {}): RecorderProcess {
    this.#config = { ...this.#config, ...changes }
    this.recorder = this.startAnother(this.#config)
    return this.recorder
  }

  /** A recorder beside the stage's own, with any configuration, right or wrong. */
  startAnother(config: unknown, name = 'recorder'): RecorderProcess {
    const file = join(this.dir, `${name}.json`)
    writeFileSync(file, typeof config === 'string' ? config : JSON.stringify(config, null, 2))
    return new RecorderProcess(file, join(this.dir, `${name}.log`), this.#env, this.#within)
  }

  get config(): RecorderConfig {
    return this.#config
  }

  /** Starts the recorder and waits until every source is live and every disk is good. */
  async ready(changes: Partial<RecorderConfig> = {}): Promise<Status> {
    this.start(changes)
    return this.until(
      'every source live',
      LIVE_WITHIN_S,
      ({ sources, stores }) =>
        sources.every(({ state }) => state === 'live') && stores.every(({ state }) => state === 'good'),
    )
  }

  /** The answer to a press; throws when nobody answers. */
  press(button: Button, about: { case?: string; note?: string } = {}): Promise<FromRecorder> {
    return ask(this.runtimeDir, { do: 'press', button, by: 'story', ...about })
  }

  /** REC, and the hearing's id. */
  async rec(caseNumber = '2-1234'): Promise<string> {
    const answer = await this.press('rec', { case: caseNumber })
    if (answer.is !== 'accepted' || !answer.hearing) throw new Error(`REC was not accepted: ${JSON.stringify(answer)}`)
    return answer.hearing
  }

  /** Null while nobody answers. */
  async status(): Promise<Status | null> {
    const answer = await ask(this.runtimeDir, { do: 'status' }).catch(() => null)
    return answer?.is === 'status' ? answer.status : null
  }

  until(what: string, withinSeconds: number, pleases: (status: Status) => boolean): Promise<Status> {
    return until(what, withinSeconds, async () => {
      const status = await this.status()
      return status && pleases(status) ? status : null
    })
  }

  /** Waits until every track has at least so many seconds on disk. */
  recorded(seconds: number): Promise<Status> {
    return this.until(`${seconds} s of every track`, 30 + 3 * seconds, ({ tracks }) =>
      tracks.every((track) => track.seconds >= seconds),
    )
  }

  /** STOP, and waits until the hearing is closed. */
  async stop(): Promise<void> {
    const answer = await this.press('stop')
    if (answer.is !== 'accepted') throw new Error(`STOP was not accepted: ${JSON.stringify(answer)}`)
    await this.closed()
  }

  async closed(): Promise<void> {
    await this.until('the hearing closed', CLOSED_WITHIN_S, ({ state }) => state === 'closed' || state === 'idle')
  }

  /** Pid of the worker that answers for a source. */
  workerPid(source: string): Promise<number> {
    return until(`a worker of ${source}`, 20, async () => (await greet(this.runtimeDir, source))?.pid)
  }

  workerPids(): Promise<number[]> {
    return Promise.all(this.sources.map((source) => this.workerPid(source)))
  }

  newFolder(name: string): string {
    mkdirSync(join(this.dir, name))
    return join(this.dir, name)
  }

  journal(hearing: string, store = 0): Journal {
    return Journal.read(this.stores[store]!, hearing)
  }

  async end(): Promise<void> {
    execFileSync(END, [], { env: { ...process.env, STAGE: this.dir }, stdio: 'ignore' })
    this.#guard.stdin?.end()
  }
}
