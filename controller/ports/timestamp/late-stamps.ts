/**
 * Closing stamps that are still owed, of hearings whose journals are closed. They are noted on disk, for an authority may
 * be away for days and the recorder be switched off meanwhile; asked for one after the other, the latest hearing first.
 */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { BackOff, type BackOffLimits } from '../../base/back-off.ts'
import { DurableJson } from '../../base/durable-json.ts'
import { codeOf, messageOf } from '../../base/error.ts'
import type { Logger } from '../../base/log.ts'
import type { SignedPlace } from '../../journal/entry.ts'
import type { AskingForStamp } from './ask-authority.ts'

export interface LateStampsOptions {
  stateDir: string
  ask: AskingForStamp
  log: Logger
  /** Into the journal of this closed hearing; resolves when it stands there. */
  deliver: (hearing: string, stamp: SignedPlace & { token: string }) => Promise<void>
  retry?: BackOffLimits
}

const RETRY = { firstMs: 5_000, longestMs: 300_000 }

const Owed = z.record(z.string(), z.object({ upto: z.int(), head: z.string() }))
type Owed = z.output<typeof Owed>

export class LateStamps {
  readonly #backOff: BackOff
  readonly #end = new AbortController()
  /** Hearings to be asked for, the next one first. */
  #queue: string[] = []
  #asking: Promise<void> | null = null
  #saving: Promise<void> = Promise.resolve()
  #lastFault = ''

  private constructor(
    private readonly options: LateStampsOptions,
    private readonly file: DurableJson<Owed>,
    private owed: Owed,
  ) {
    this.#backOff = new BackOff(options.retry ?? RETRY)
  }

  /** What an earlier recorder owed is known again. Throws what the file system throws. */
  static async open(options: LateStampsOptions): Promise<LateStamps> {
    await mkdir(options.stateDir, { recursive: true })
    const file = new DurableJson(join(options.stateDir, 'stamps-owed.json'), (data) => Owed.parse(data))
    const owed = await file.read().catch((fault: unknown) => {
      options.log.error({ fault: messageOf(fault) }, 'which closing time stamps are owed is not known any more')
      return null
    })
    return new LateStamps(options, file, owed ?? {})
  }

  /** Asks for what an earlier recorder owed. */
  start(): void {
    this.#queue = Object.keys(this.owed).sort().reverse()
    this.#askSoon()
  }

  /** Notes that this hearing's end is to be stamped; somebody else asks for it yet. The disk follows. */
  note(hearing: string, { upto, head }: SignedPlace): void {
    this.owed = { ...this.owed, [hearing]: { upto, head } }
    this.#save()
  }

  /** Nobody else asks for it any more. */
  take(hearing: string): void {
    this.#queue = [hearing, ...this.#queue.filter((other) => other !== hearing)]
    this.#askSoon()
  }

  /** It is stamped. */
  settle(hearing: string): void {
    const { [hearing]: _stamped, ...others } = this.owed
    this.owed = others
    this.#queue = this.#queue.filter((other) => other !== hearing)
    this.#save()
  }

  /** What is owed is on disk when it resolves. */
  async stop(): Promise<void> {
    this.#end.abort()
    await this.#asking
    await this.#saving
  }

  #askSoon(): void {
    this.#asking ??= this.#askAll().finally(() => {
      this.#asking = null
    })
  }

  async #askAll(): Promise<void> {
    const { signal } = this.#end
    while (this.#queue.length && !signal.aborted) {
      await sleep(this.#backOff.leftMs, undefined, { signal, ref: false }).catch(() => {})
      const [hearing] = this.#queue
      if (hearing !== undefined && !signal.aborted) await this.#askOnce(hearing)
    }
  }

  async #askOnce(hearing: string): Promise<void> {
    const place = this.owed[hearing]
    if (!place) return this.settle(hearing)
    let token: string
    try {
      token = await this.options.ask(place.head, this.#end.signal)
    } catch (fault) {
      return this.#failed(hearing, fault)
    }
    this.#backOff.succeeded()
    this.#lastFault = ''
    try {
      await this.options.deliver(hearing, { ...place, token })
      this.settle(hearing)
    } catch (fault) {
      // Its disk may be away: the next start tries again, and an authority is not asked for nothing until then.
      this.#queue = this.#queue.filter((other) => other !== hearing)
      this.options.log.warn({ hearing, fault: messageOf(fault) }, 'a late time stamp could not be added')
    }
  }

  /** The others have their turn before it is asked for again. */
  #failed(hearing: string, fault: unknown): void {
    if (this.#end.signal.aborted) return
    const code = codeOf(fault)
    if (code !== this.#lastFault)
      this.options.log.warn({ code, hearing, fault: messageOf(fault) }, 'a late time stamp cannot be had yet')
    this.#lastFault = code
    this.#queue = [...this.#queue.filter((other) => other !== hearing), hearing]
    this.#backOff.failed()
  }

  #save(): void {
    const saved = this.file.write(this.owed).catch((fault: unknown) => {
      this.options.log.error({ fault: messageOf(fault) }, 'which time stamps are owed cannot be kept on disk')
    })
    this.#saving = Promise.all([this.#saving, saved]).then(() => {})
  }
}
