/** A program run beside the recorder at the lowest priority: nobody notices it, and it can be stopped at any time. */
import { type ChildProcess, spawn } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** All programs are bundled into one folder. */
export const programBeside = (name: string): string => join(dirname(fileURLToPath(import.meta.url)), `${name}.js`)

export class LowPriority {
  #child: ChildProcess | null = null
  #stopped = false

  get stopped(): boolean {
    return this.#stopped
  }

  /** From here on programs run, until the next `stop`. */
  begin(): void {
    this.#stopped = false
  }

  stop(): void {
    this.#stopped = true
    this.#child?.kill('SIGKILL')
  }

  /** What the program printed, and how it ended; null when it was stopped or could not be run. One at a time. */
  async run(program: string, words: readonly string[]): Promise<{ said: string; complained: string } | null> {
    if (this.#stopped) return null
    const told = await new Promise<{ said: string; complained: string } | null>((resolve) => {
      const [out, err]: [Buffer[], Buffer[]] = [[], []]
      const child = spawn('nice', ['-n', '19', 'ionice', '-c', '3', process.execPath, program, ...words], {
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      this.#child = child
      child.stdout.on('data', (bytes: Buffer) => out.push(bytes))
      child.stderr.on('data', (bytes: Buffer) => err.push(bytes))
      child.on('error', () => resolve(null))
      child.on('close', () => resolve({ said: text(out), complained: text(err) }))
    })
    this.#child = null
    return this.#stopped ? null : told
  }
}

const text = (bytes: readonly Buffer[]): string => Buffer.concat(bytes).toString('utf8')
