/**
 * Others are told of every signed place: a witness, and a time-stamping authority. What they answer goes into the journal
 * while it is open, and beside it later. None of these calls waits for the network.
 */
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from '../base/log.ts'
import { type Reason, reason } from '../base/reason.ts'
import { MINUTE_MS } from '../base/units.ts'
import type { EntryBody, ReceiptEntry } from '../journal/entry.ts'
import type { SignedMoment } from '../journal/payload.ts'
import { askAuthority } from '../ports/timestamp/ask-authority.ts'
import { HearingStamps } from '../ports/timestamp/hearing-stamps.ts'
import { LateStamps } from '../ports/timestamp/late-stamps.ts'
import { keepLateReceipt } from '../ports/witness/late-receipts.ts'
import { overHttp, type Showing } from '../ports/witness/over-http.ts'
import { Owed } from '../ports/witness/owed.ts'
import { Pin } from '../ports/witness/pin.ts'
import { Witnessing } from '../ports/witness/witnessing.ts'
import type { Config } from '../wire/config.ts'
import type { Device } from '../wire/witness.ts'

export interface AttestOptions {
  config: Pick<Config, 'stateDir' | 'stores' | 'witness' | 'timestamps'>
  log: Logger
  /** Where no witness is configured: the one of the fleet, over MQTT. Null without a fleet. */
  ofFleet?: {
    show: Showing
    name: string
    /** The key that enrolment told of; null before, and where it told of none. */
    key: () => string | null
    doubted: (code: string, why: string) => void
  } | null
  /** Who signs now. */
  device: () => Device
  /** Into the journal of this hearing, which is open. */
  append: (hearing: string, body: EntryBody) => void
  /** Into the journal of this hearing, which is closed; resolves when it stands there. */
  addLate: (hearing: string, body: EntryBody) => Promise<void>
}

export interface AttestedPlace extends SignedMoment {
  hearing: string
  /** Id of the device's key. */
  key: string
  signature: string
}

/** A disk and a witness that are there answer at once; a later receipt stands beside the journal. */
const CLOSING_RECEIPT_MS = 2_000
const LOOK_MS = 20

export class Attest {
  /** Hearings whose journal takes lines; null where nothing is stamped. */
  readonly #open = new Map<string, HearingStamps | null>()
  /** Of each hearing the latest place that may not be durable yet. */
  readonly #unconfirmed = new Map<string, { place: AttestedPlace; durable: () => Promise<void> }>()
  #witnessing: Witnessing | null = null
  #owed: Owed | null = null
  /** Closing stamps that have not come yet. */
  #late: LateStamps | null = null

  private constructor(private readonly options: AttestOptions) {}

  /** Finds what is owed since earlier starts: places to the witness, closing stamps by the authority. Throws what the file system throws. */
  static async open(options: AttestOptions): Promise<Attest> {
    const attest = new Attest(options)
    const { config, log, addLate, ofFleet } = options
    if (config.timestamps)
      attest.#late = await LateStamps.open({
        ...{ stateDir: config.stateDir, log, ask: askAuthority(config.timestamps.url) },
        deliver: (hearing, stamp) => addLate(hearing, { kind: 'timestamp', ...stamp }),
      })
    const show = config.witness ? overHttp(config.witness.url) : ofFleet?.show
    if (!show) return attest
    const folder = join(config.stateDir, 'witness')
    const pin = await Pin.open(folder, config.witness ?? { url: ofFleet!.name, told: ofFleet!.key }, log)
    const owed = await Owed.open(join(folder, 'owed'), log)
    const deliver = (hearing: string, receipt: ReceiptEntry) => attest.#deliver(hearing, receipt)
    attest.#owed = owed
    attest.#witnessing = new Witnessing({
      ...{ show, owed, pin, log, deliver },
      ...(ofFleet ? { doubted: ofFleet.doubted } : {}),
    })
    return attest
  }

  /** Why the witness is out of reach; null when it answers, or there is none. The hub's own is away with the hub. */
  get witnessAway(): Reason | null {
    const { witness } = this.options.config
    if (!witness || !this.#witnessing?.isAway) return null
    return reason('The witness outside the room is not reached', `${witness.url} gave no receipt`)
  }

  /** Begins with what is owed; call when the hearing that was left open has been taken up. */
  start(): void {
    this.#witnessing?.start()
    this.#late?.start()
  }

  /** The journal of a hearing takes lines from here on. */
  opened(hearing: string): void {
    if (!this.#open.has(hearing)) this.#open.set(hearing, this.#stampsOf(hearing))
  }

  /**
   * Call after each `signature` line.
   * @param durable resolves when every line of this journal so far is durable on a store
   */
  place(place: AttestedPlace, durable: () => Promise<void>): void {
    const isConfirming = this.#unconfirmed.has(place.hearing)
    this.#unconfirmed.set(place.hearing, { place, durable })
    if (!isConfirming) void this.#confirm(place.hearing)
  }

  /**
   * Call after the signature of the closing line. Until it resolves lines are still added to this journal as to an open
   * one. A closing stamp that has not come within this time is added late, if need be by the next recorder.
   */
  async closed(hearing: string, stampWithinMs: number): Promise<void> {
    await this.#until(() => !this.#unconfirmed.has(hearing))
    const isReceipted = () => !this.#owed?.has(hearing) || this.#witnessing?.isAway === true
    const stamps = this.#open.get(hearing) ?? null
    await Promise.all([this.#closeStamps(hearing, stamps, stampWithinMs), this.#until(isReceipted)])
    this.#open.delete(hearing)
    this.#unconfirmed.delete(hearing)
  }

  /** Noted as owed first: whatever happens until the stamp has come, a later start asks for it. */
  async #closeStamps(hearing: string, stamps: HearingStamps | null, withinMs: number): Promise<void> {
    const last = stamps?.unstamped
    if (!last) return
    this.#late?.note(hearing, last)
    if (await stamps.close(withinMs)) return this.#late?.settle(hearing)
    stamps.stop()
    this.#late?.take(hearing)
  }

  /** At the recorder's end. What is owed is on disk when it resolves. */
  async stop(): Promise<void> {
    for (const stamps of this.#open.values()) stamps?.stop()
    await Promise.all([this.#witnessing?.stop(), this.#late?.stop()])
  }

  /** A place that a power cut could take back is shown to nobody: the honest device would contradict itself later. */
  async #confirm(hearing: string): Promise<void> {
    for (let next = this.#unconfirmed.get(hearing); next; next = this.#unconfirmed.get(hearing)) {
      await next.durable()
      this.#tell(next.place)
      if (this.#unconfirmed.get(hearing) === next) this.#unconfirmed.delete(hearing)
    }
  }

  #tell({ hearing, upto, head, utc, monoMs, key, signature }: AttestedPlace): void {
    this.#open.get(hearing)?.place({ upto, head })
    const { publicKey, certificates } = this.options.device()
    this.#witnessing?.place({ device: { key, publicKey, certificates }, hearing, upto, head, signature, utc, monoMs })
  }

  #stampsOf(hearing: string): HearingStamps | null {
    const { config, log, append } = this.options
    if (!config.timestamps) return null
    const { url, everyMinutes } = config.timestamps
    return new HearingStamps({
      ...{ hearing, log, ask: askAuthority(url), everyMs: everyMinutes * MINUTE_MS },
      deliver: (stamp) => append(hearing, { kind: 'timestamp', ...stamp }),
    })
  }

  async #deliver(hearing: string, receipt: ReceiptEntry): Promise<void> {
    const { append, config } = this.options
    if (this.#open.has(hearing)) append(hearing, { kind: 'receipt', ...receipt })
    else await keepLateReceipt(config.stores, hearing, receipt)
  }

  async #until(is: () => boolean): Promise<void> {
    for (let waited = 0; waited < CLOSING_RECEIPT_MS && !is(); waited += LOOK_MS) await sleep(LOOK_MS)
  }
}
