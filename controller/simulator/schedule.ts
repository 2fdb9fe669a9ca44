/** Ten thousand devices with several things to do each: one timer for all, to a tenth of a second. */

const SLOT_MS = 100

export class Schedule {
  readonly #slots = new Map<number, (() => void)[]>()
  #next: number
  readonly #timer: NodeJS.Timeout

  constructor(private readonly nowMs: () => number = () => performance.now()) {
    this.#next = this.#slotOf(nowMs())
    this.#timer = setInterval(() => this.run(), SLOT_MS)
  }

  /** Not before `delayMs`, and about a tenth of a second later at most while the processor has time. */
  after(delayMs: number, task: () => void): void {
    const slot = Math.max(this.#next, this.#slotOf(this.nowMs() + delayMs) + 1)
    const tasks = this.#slots.get(slot)
    if (tasks) tasks.push(task)
    else this.#slots.set(slot, [task])
  }

  /** All that is due. */
  run(): void {
    for (const now = this.#slotOf(this.nowMs()); this.#next <= now; this.#next++) {
      const tasks = this.#slots.get(this.#next)
      this.#slots.delete(this.#next)
      for (const task of tasks ?? []) task()
    }
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#slots.clear()
  }

  #slotOf(ms: number): number {
    return Math.floor(ms / SLOT_MS)
  }
}
