/**
 * Shows every signed place to the witness and brings back receipts: one request at a time, the latest place first, and
 * what the witness has not seen stays owed. Recording never waits for any of it (R9).
 */
import { BackOff, type BackOffLimits } from '../../base/back-off.ts'
import { codeOf, messageOf } from '../../base/error.ts'
import type { Logger } from '../../base/log.ts'
import type { ReceiptEntry } from '../../journal/entry.ts'
import type { ShownPlace } from '../../wire/witness.ts'
import type { Showing } from './over-http.ts'
import type { Owed } from './owed.ts'
import type { Pin } from './pin.ts'
import { receiptIn } from './receipt.ts'

export interface WitnessingOptions {
  show: Showing
  owed: Owed
  pin: Pin
  log: Logger
  /** Takes a receipt where it belongs. When it rejects the place stays owed. */
  deliver: (hearing: string, receipt: ReceiptEntry) => Promise<void>
  /** What answers is not the witness that is known, or refuses: once for each new fault, not each time. */
  doubted?: (code: string, why: string) => void
  /** After the witness was not reached, or answered rubbish. */
  retry?: BackOffLimits
  /** After it refused a hearing's place, or nobody took its receipt; other hearings go on meanwhile. */
  rest?: BackOffLimits
}

const RETRY = { firstMs: 1_000, longestMs: 60_000 }
const REST = { firstMs: 60_000, longestMs: 600_000 }
/** Somebody should look: these are no faults of the way there. */
const DOUBTED = ['WITNESS_CHANGED', 'WITNESS_REFUSED', 'RECEIPT_INVALID']
/** These say something of one hearing; all else says something of the witness or the way there. */
const OF_ONE_HEARING = ['WITNESS_REFUSED', 'RECEIPT_UNKEPT']

export class Witnessing {
  readonly #retry: BackOff
  readonly #resting = new Map<string, BackOff>()
  readonly #stop = new AbortController()
  #wake = (): void => {}
  #running: Promise<void> | null = null
  #lastFault = ''

  constructor(private readonly options: WitnessingOptions) {
    this.#retry = new BackOff(options.retry ?? RETRY)
  }

  /** Begins with what an earlier recorder owed; call when it is known which hearing is open. */
  start(): void {
    this.#running ??= this.#run()
  }

  /** Returns at once. */
  place(place: ShownPlace): void {
    this.options.owed.keep(place)
    this.#wake()
  }

  /** The last that was heard of the witness was nothing good: it is worth no waiting. */
  get isAway(): boolean {
    return this.#lastFault !== ''
  }

  /** Ends the request under way; resolves once what is owed is on disk. */
  async stop(): Promise<void> {
    this.#stop.abort()
    this.#wake()
    await this.#running
    await this.options.owed.saved()
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const { hearing, inMs } = this.#next()
      if (hearing === null || inMs > 0) await this.#sleep(inMs)
      else await this.#serve(hearing)
    }
  }

  /** What to show next, and when; nothing is owed when `hearing` is null. */
  #next(): { hearing: string | null; inMs: number } {
    let soonest: { hearing: string | null; inMs: number } = { hearing: null, inMs: Number.POSITIVE_INFINITY }
    for (const hearing of this.options.owed.hearings()) {
      const inMs = Math.max(this.#retry.leftMs, this.#resting.get(hearing)?.leftMs ?? 0)
      if (inMs < soonest.inMs) soonest = { hearing, inMs }
    }
    return soonest
  }

  /** Until then, or until a place comes or the end. */
  async #sleep(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = Number.isFinite(ms) ? setTimeout(resolve, Math.ceil(ms)).unref() : undefined
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
    this.#wake = () => {}
  }

  async #serve(hearing: string): Promise<void> {
    const place = await this.options.owed.read(hearing)
    if (!place) return
    try {
      await this.#show(place)
      this.#succeeded(hearing)
    } catch (fault) {
      if (!this.#stop.signal.aborted) this.#failed(place, fault)
    }
  }

  async #show(place: ShownPlace): Promise<void> {
    const { show, pin, deliver, owed } = this.options
    const answer = await show(place, this.#stop.signal)
    const receipt = receiptIn(answer, place, pin.key)
    await pin.keep(receipt.witness)
    await deliver(place.hearing, receipt)
    await owed.settle(place)
  }

  #succeeded(hearing: string): void {
    if (this.#lastFault) this.options.log.info({ hearing }, 'the witness gives receipts again')
    this.#lastFault = ''
    this.#retry.succeeded()
    this.#resting.delete(hearing)
  }

  #failed({ hearing, upto }: ShownPlace, fault: unknown): void {
    const code = codeOf(fault)
    const about = { code, hearing, upto, fault: messageOf(fault) }
    // Days without a network are one line; every wrong answer is one of its own.
    if (code !== 'NO_ANSWER' || this.#lastFault !== code) this.options.log.warn(about, 'the witness gave no receipt')
    if (DOUBTED.includes(code) && this.#lastFault !== code) this.options.doubted?.(code, messageOf(fault))
    this.#lastFault = code
    if (!OF_ONE_HEARING.includes(code)) return this.#retry.failed()
    this.#retry.succeeded()
    const rest = this.#resting.get(hearing) ?? new BackOff(this.options.rest ?? REST)
    rest.failed()
    this.#resting.set(hearing, rest)
  }
}
