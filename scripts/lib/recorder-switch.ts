/**
 * The recorder's machine: it can be stopped by hand and started again, and it is off when the recorder has ended in order
 * because the battery was. Neither must be taken for a failure.
 */
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
    return !this.#isKilled && this.#child.ended() && !this.#child.endedWell()
  }

  /**
   * As a machine does that starts by itself when power comes, and as systemd does with a recorder that has taken another
   * configuration: only one that has ended by itself and in order.
   */
  async comesAgain(): Promise<void> {
    if (!this.#isKilled && !this.#stopping && this.#child.endedWell()) await this.turn(true)
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
