/** What waits to be told to one target: bounded, sent together, tried again and again. */
import { BackOff } from '../../base/back-off.ts'
import { messageOf } from '../../base/error.ts'
import { isGrave, type Notice, type NoticeTarget } from './notice.ts'

const MOST = 2_000
/** A region that loses its network is one message of fifty rooms, not fifty messages. */
const TOGETHER = 50
const GATHER_MS = 500
const RETRY = { firstMs: 1_000, longestMs: 5 * 60_000 }

export interface NoticeQueueOptions {
  target: NoticeTarget
  /** It was told, or given up: forget it. */
  done: (notice: Notice) => void
  complain: (text: string) => void
  retry?: { firstMs: number; longestMs: number }
}

export class NoticeQueue {
  #waiting: Notice[] = []
  #timer: NodeJS.Timeout | null = null
  #isSending = false
  #isStopped = false
  readonly #retry: BackOff

  constructor(private readonly options: NoticeQueueOptions) {
    this.#retry = new BackOff(options.retry ?? RETRY)
  }

  get length(): number {
    return this.#waiting.length
  }

  add(notice: Notice): void {
    this.#waiting.push(notice)
    if (this.#waiting.length > MOST) this.#giveWay()
    this.#soon(GATHER_MS)
  }

  /** Nothing is sent any more; what was kept durably is told after the next start. */
  stop(): void {
    this.#isStopped = true
    if (this.#timer) clearTimeout(this.#timer)
  }

  /** The oldest that is not grave, else the oldest. */
  #giveWay(): void {
    const at = Math.max(
      0,
      this.#waiting.findIndex((notice) => !isGrave(notice)),
    )
    const [gone] = this.#waiting.splice(at, 1)
    if (gone) this.options.done(gone)
  }

  #soon(ms: number): void {
    if (this.#isStopped || this.#isSending) return
    this.#timer ??= setTimeout(() => {
      this.#timer = null
      void this.#send()
    }, ms)
  }

  async #send(): Promise<void> {
    const { target, done, complain } = this.options
    const notices = this.#waiting.slice(0, TOGETHER)
    if (!notices.length) return
    this.#isSending = true
    try {
      await target.send(notices)
      this.#retry.succeeded()
      const sent = new Set(notices)
      this.#waiting = this.#waiting.filter((notice) => !sent.has(notice))
      for (const notice of notices) done(notice)
    } catch (fault) {
      this.#retry.failed()
      complain(`${target.name}: ${messageOf(fault)}`)
    } finally {
      this.#isSending = false
    }
    if (this.#waiting.length) this.#soon(Math.max(this.#retry.leftMs, 1))
  }
}
