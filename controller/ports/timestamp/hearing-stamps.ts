/**
 * The time stamps of one hearing: at its opening, now and then, and at its closing. Always the latest place is stamped,
 * for it covers every line before; while the authority is away it is asked again and again, and recording goes on.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { BackOff, type BackOffLimits } from '../../base/back-off.ts'
import { codeOf, messageOf } from '../../base/error.ts'
import type { Logger } from '../../base/log.ts'
import { monotonicMs } from '../../base/monotonic.ts'
import type { SignedPlace } from '../../journal/entry.ts'
import type { AskingForStamp } from './ask-authority.ts'

export interface HearingStampsOptions {
  hearing: string
  ask: AskingForStamp
  everyMs: number
  log: Logger
  deliver: (stamp: SignedPlace & { token: string }) => void
  retry?: BackOffLimits
}

const RETRY = { firstMs: 5_000, longestMs: 300_000 }

export class HearingStamps {
  readonly #backOff: BackOff
  readonly #end = new AbortController()
  #latest: SignedPlace | null = null
  #stampedUpto = -1
  /** Monotonic; the first place is stamped at once. */
  #dueMs = 0
  #closing = false
  #asking: Promise<void> | null = null
  #wake = new AbortController()
  #lastFault = ''

  constructor(private readonly options: HearingStampsOptions) {
    this.#backOff = new BackOff(options.retry ?? RETRY)
  }

  /** Every signed place; they come often enough to be the clock of it. Returns at once. */
  place({ upto, head }: SignedPlace): void {
    this.#latest = { upto, head }
    if (this.#isOwed) this.#asking ??= this.#askUntilStamped()
  }

  /** The latest place, unless it is stamped: with it the hearing ends. */
  get unstamped(): SignedPlace | null {
    return this.#latest?.upto === this.#stampedUpto ? null : this.#latest
  }

  /**
   * Stamps the last place. True when that is done; false when it has not been possible within this time, and then the
   * authority is asked again and again until `stop`.
   */
  async close(withinMs: number): Promise<boolean> {
    this.#closing = true
    this.#backOff.succeeded()
    this.#wake.abort()
    if (this.#isOwed) this.#asking ??= this.#askUntilStamped()
    const over = new AbortController()
    await Promise.race([this.#asking, sleep(withinMs, undefined, { signal: over.signal }).catch(() => {})])
    over.abort()
    if (!this.#isOwed) return true
    this.options.log.warn({ hearing: this.options.hearing, ...this.#latest }, 'the closing time stamp is late')
    return false
  }

  stop(): void {
    this.#end.abort()
    this.#wake.abort()
  }

  get #isOwed(): boolean {
    if (!this.#latest || this.#latest.upto === this.#stampedUpto) return false
    return this.#closing || monotonicMs() >= this.#dueMs
  }

  async #askUntilStamped(): Promise<void> {
    while (this.#isOwed && !this.#end.signal.aborted) {
      await this.#rest()
      if (!this.#end.signal.aborted) await this.#askOnce(this.#latest!)
    }
    this.#asking = null
  }

  async #rest(): Promise<void> {
    this.#wake = new AbortController()
    const { signal } = this.#wake
    await sleep(this.#backOff.leftMs, undefined, { signal, ref: false }).catch(() => {})
  }

  async #askOnce(place: SignedPlace): Promise<void> {
    const { ask, deliver, everyMs } = this.options
    try {
      const token = await ask(place.head, this.#end.signal)
      if (this.#end.signal.aborted) return
      this.#stampedUpto = place.upto
      this.#dueMs = monotonicMs() + everyMs
      this.#backOff.succeeded()
      this.#lastFault = ''
      deliver({ ...place, token })
    } catch (fault) {
      if (!this.#end.signal.aborted) this.#failed(place, fault)
    }
  }

  #failed({ upto }: SignedPlace, fault: unknown): void {
    const { hearing, log } = this.options
    const code = codeOf(fault)
    const about = { code, hearing, upto, fault: messageOf(fault) }
    if (code !== 'NO_ANSWER' || this.#lastFault !== code) log.warn(about, 'there is no time stamp')
    this.#lastFault = code
    this.#backOff.failed()
  }
}
