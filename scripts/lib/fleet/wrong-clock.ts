/** A wall clock of one program, which is set while it runs; monotonic time and the times of files stay the machine's. */
import { existsSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const LIBRARY = ['x86_64', 'aarch64']
  .map((machine) => `/usr/lib/${machine}-linux-gnu/faketime/libfaketime.so.1`)
  .find(existsSync)

export class WrongClock {
  readonly #file: string

  /** Throws when libfaketime is not there. */
  constructor(dir: string) {
    if (!LIBRARY) throw new Error('it needs libfaketime')
    this.#file = join(dir, 'clock')
    this.set(0)
  }

  /** What a program is run under. */
  get under(): string[] {
    const variables = ['FAKETIME_NO_CACHE=1', 'FAKETIME_DONT_FAKE_MONOTONIC=1', 'NO_FAKE_STAT=1']
    return ['env', `LD_PRELOAD=${LIBRARY}`, `FAKETIME_TIMESTAMP_FILE=${this.#file}`, ...variables]
  }

  /** At once. @param offSeconds ahead of the machine's; negative: behind */
  set(offSeconds: number): void {
    writeFileSync(`${this.#file}.new`, `${offSeconds < 0 ? '' : '+'}${offSeconds}`)
    renameSync(`${this.#file}.new`, this.#file)
  }
}
