/** A script of this repository in a process of its own: what it is told, and what it says. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join, resolve } from 'node:path'

export class TalkingChild<To extends object, From extends { is: string }> {
  readonly #child: ChildProcess

  /** @param file from `root`; a script in TypeScript, or one that was bundled */
  constructor(root: string, file: string, env: NodeJS.ProcessEnv = process.env) {
    const tsx = join(root, 'node_modules/tsx/dist/esm/index.mjs')
    this.#child = fork(resolve(root, file), { execArgv: file.endsWith('.ts') ? ['--import', tsx] : [], env })
  }

  get pid(): number {
    return this.#child.pid ?? 0
  }

  get hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null
  }

  tell(message: To): void {
    this.#child.send(message)
  }

  listen(told: (message: From) => void): void {
    this.#child.on('message', told)
  }

  /** The next message of this kind. Rejects when the process ends before. */
  heard<Is extends From['is']>(is: Is): Promise<Extract<From, { is: Is }>> {
    return new Promise((resolve, reject) => {
      const gone = (code: number | null, signal: string | null): void => {
        reject(new Error(`a process of the fleet ended: ${signal ?? code}`))
      }
      const listen = (message: From): void => {
        if (message.is !== is) return
        this.#child.off('message', listen).off('exit', gone)
        resolve(message as Extract<From, { is: Is }>)
      }
      this.#child.on('message', listen).once('exit', gone)
    })
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal)
  }

  /** Resolves when it has ended, by itself or not. */
  async gone(): Promise<void> {
    if (!this.hasEnded) await once(this.#child, 'exit')
  }

  /** At once, without a word. */
  async kill(): Promise<void> {
    const gone = this.gone()
    this.#child.kill('SIGKILL')
    await gone
  }
}
