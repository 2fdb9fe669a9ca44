/** The real recorder as a child, as it was built: started, waited for, killed. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, openSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const PROGRAM = fileURLToPath(new URL('../../../dist/recorder.js', import.meta.url))

export class RecorderProcess {
  readonly #child: ChildProcess

  constructor(
    configFile: string,
    private readonly logFile: string,
    env: Record<string, string> = {},
    /** A program that becomes the recorder, with the arguments before the recorder's own. */
    within: readonly string[] = [],
  ) {
    if (!existsSync(PROGRAM)) throw new Error('the recorder is not built: npm run build')
    const log = openSync(logFile, 'a')
    const [program, ...words] = [...within, process.execPath, PROGRAM, '--config', configFile]
    this.#child = spawn(program!, words, {
      stdio: ['ignore', log, log],
      env: { ...process.env, ...env },
    })
  }

  get pid(): number {
    return this.#child.pid!
  }

  /** Exit code or signal; null while it runs. */
  get ended(): number | string | null {
    return this.#child.exitCode ?? this.#child.signalCode
  }

  /** What it said so far, and all its predecessors on this stage. */
  get said(): string {
    return readFileSync(this.logFile, 'utf8')
  }

  /** Sends the signal and waits for the end; SIGINT closes the hearing first. */
  async end(signal: NodeJS.Signals): Promise<number | string | null> {
    const gone = this.gone()
    this.#child.kill(signal)
    return gone
  }

  async gone(): Promise<number | string | null> {
    if (this.ended === null) await once(this.#child, 'exit')
    return this.ended
  }
}
