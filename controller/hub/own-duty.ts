/** What the hub itself has to do now and then: done again soon while it fails, and told until it is done. */
import { messageOf } from '../base/error.ts'

export interface OwnDutyOptions {
  /** Rejects when it could not be done. */
  do: () => Promise<void>
  /** From one that went well to the next, milliseconds. */
  everyMs: number
  /** What made it fail; null when it went well. Once for each that is another than the one before. */
  told: (fault: unknown) => void
  againMs?: number
}

/** Somebody mends the cause, and looks at the console. */
const AGAIN_MS = 5_000

export class OwnDuty {
  #timer: NodeJS.Timeout | null = null
  #isAtIt = false
  #isAskedAgain = false
  #isEnded = false
  /** Why it failed the last time. */
  #fault: string | null = null

  constructor(private readonly options: OwnDutyOptions) {}

  /** At once, with what is true now, and from now on in turn. Whoever asks while it is being done has it done once more. */
  now(): void {
    this.#isAskedAgain = true
    if (!this.#isAtIt) void this.#doAll()
  }

  end(): void {
    this.#isEnded = true
    if (this.#timer) clearTimeout(this.#timer)
  }

  async #doAll(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer)
    this.#isAtIt = true
    while (this.#isAskedAgain && !this.#isEnded) {
      this.#isAskedAgain = false
      await this.options.do().then(
        () => this.#ended(null, null),
        (fault: unknown) => this.#ended(messageOf(fault), fault),
      )
    }
    this.#isAtIt = false
    if (this.#isEnded) return
    const { everyMs, againMs = AGAIN_MS } = this.options
    this.#timer = setTimeout(() => this.now(), this.#fault === null ? everyMs : againMs)
  }

  #ended(why: string | null, fault: unknown): void {
    if (why === this.#fault) return
    this.#fault = why
    this.options.told(fault)
  }
}
