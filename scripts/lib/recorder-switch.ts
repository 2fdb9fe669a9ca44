/** The recorder that can be killed by hand and started again, and must not be taken for one that failed. */
import type { Plug } from '../../hardware/virtual/room/make-room.ts'
import type { RecorderChild } from './recorder-child.ts'

const ANSWERS_WITHIN_S = 30

export class RecorderSwitch implements Plug {
  #child: RecorderChild
  #isKilled = false
  #stopping: Promise<void> | undefined

  constructor(private readonly start: () => RecorderChild) {
    this.#child = start()
  }

  get child(): RecorderChild {
    return this.#child
  }

  readonly isIn = (): boolean => !this.#child.ended()

  /** SIGKILL, as by a crash: the workers record on. Started again, it adopts them. */
  readonly turn = async (isIn: boolean): Promise<void> => {
    if (isIn === this.isIn()) return
    this.#isKilled = !isIn
    if (!isIn) return this.#child.kill()
    this.#child = this.start()
    await this.#child.waitUntil('starting the recorder', ANSWERS_WITHIN_S, () => true)
  }

  /** It has ended, and nobody wanted that. */
  hasFailed(): boolean {
    return !this.#isKilled && this.#child.ended()
  }

  /** Ends it in order, with its workers: one that was killed is started once more, for only it can close its hearing. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stop()
    return this.#stopping
  }

  async #stop(): Promise<void> {
    if (this.#isKilled) await this.turn(true).catch(() => {})
    await this.#child.stop()
  }
}
