/** How a simulated appliance answers its hub: orders, configuration, dockets. It believes what the operator's key signed. */
import { isSigned } from '../base/ed25519.ts'
import { utcText } from '../base/units.ts'
import type { NewEvent } from '../ports/outbox/kept-event.ts'
import { DesiredConfig, type ReportedConfig } from '../wire/fleet/desired.ts'
import { SealedDocket } from '../wire/fleet/docket.ts'
import { Order, type OrderOp, type OrderResult } from '../wire/fleet/order.ts'
import { desiredPayload, docketPayload, orderPayload } from '../wire/fleet/signing.ts'
import type { RoomNow } from './room-now.ts'

export interface ObeyingOptions {
  device: string
  /** Ed25519, raw, base64: whose orders count. */
  operatorKey: string
  now: () => RoomNow | null
  utcMs: () => number
  result: (result: OrderResult) => void
  report: (reported: ReportedConfig) => void
  raise: (event: NewEvent) => void
  /** The machine is switched off and on. */
  restart: () => void
}

type Verdict = Pick<OrderResult, 'ok' | 'code' | 'text' | 'fault'> & { data?: string }

const MOST_KNOWN = 200
const NO_FIELDS = { live: [], waiting: [] }
const DONE: Verdict = { ok: true, code: 'done', text: 'Done' }
const REFUSED: Verdict = { ok: false, code: 'refused', fault: 'HEARING_OPEN', text: 'A hearing is open' }

export class Obeying {
  /** By id: an order that comes again gets the answer that it had. */
  readonly #results = new Map<string, OrderResult>()
  #config: ReportedConfig
  #docketRev = 0

  constructor(private readonly options: ObeyingOptions) {
    const at = utcText(options.utcMs())
    this.#config = { at, rev: 0, cfg: {}, configSha256: '', applied: 'local', wanted: 0, why: '', ...NO_FIELDS }
  }

  get configRev(): number {
    return this.#config.rev
  }

  /** What is in force. */
  get reported(): ReportedConfig {
    return this.#config
  }

  /** Throws what JSON and schemas throw; an order that nobody signed is answered, and nothing is done. */
  hear(what: 'order' | 'desired' | 'docket', payload: Buffer): void {
    const message: unknown = JSON.parse(payload.toString('utf8'))
    if (what === 'order') this.#order(Order.parse(message))
    else if (what === 'desired') this.#desired(DesiredConfig.parse(message))
    else this.#docket(SealedDocket.parse(message))
  }

  #order(order: Order): void {
    const { device, result, raise, utcMs, restart } = this.options
    if (order.device !== device) return
    const known = this.#results.get(order.id)
    if (known) return result(known)
    const verdict = this.#judge(order)
    const answer: OrderResult = { id: order.id, op: order.op, at: utcText(utcMs()), ...verdict }
    this.#results.set(order.id, answer)
    if (this.#results.size > MOST_KNOWN) this.#results.delete(this.#results.keys().next().value!)
    result(answer)
    const { ok, code } = verdict
    raise({ kind: 'order-done', urgent: false, utcMs: utcMs(), data: { id: order.id, op: order.op, ok, code } })
    if (ok && order.op === 'reboot') restart()
  }

  #judge(order: Order): Verdict {
    if (!isSigned(orderPayload(order), order.sig, this.options.operatorKey))
      return { ok: false, code: 'unsigned', text: 'The operator has not signed it' }
    if (this.options.utcMs() >= Date.parse(order.expires))
      return { ok: false, code: 'expired', text: 'It came too late' }
    const hearing = this.options.now()?.hearing
    const isOpen = hearing === 'recording' || hearing === 'off-record'
    const verdicts: Record<OrderOp, () => Verdict> = {
      identify: () => ({ ...DONE, text: 'All lamps are lit for ten seconds' }),
      'self-test': () => (isOpen ? REFUSED : { ...DONE, text: 'Everything passed' }),
      'send-logs': () => ({ ...DONE, data: 'A simulated appliance has no log.' }),
      reboot: () => (isOpen ? REFUSED : DONE),
      update: () => ({
        ok: false,
        code: 'refused',
        fault: 'UPDATE_NOT_SUPPORTED',
        text: 'A simulated appliance has nothing to update',
      }),
    }
    return verdicts[order.op]()
  }

  #desired(desired: DesiredConfig): void {
    const { device, operatorKey, utcMs, report, raise } = this.options
    const { rev, cfg, sig } = desired
    if (desired.device !== device || rev <= this.#config.rev) return
    const at = utcText(utcMs())
    if (!isSigned(desiredPayload(desired), sig, operatorKey)) {
      this.#config = { ...this.#config, at, applied: 'refused', wanted: rev, why: 'The operator has not signed it' }
      raise({ kind: 'config-refused', urgent: false, utcMs: utcMs(), data: { rev } })
    } else {
      this.#config = { at, rev, cfg, configSha256: '', applied: 'applied', wanted: rev, why: '', ...NO_FIELDS }
      raise({ kind: 'config-applied', urgent: false, utcMs: utcMs(), data: { rev } })
    }
    report(this.#config)
  }

  #docket(docket: SealedDocket): void {
    const { device, operatorKey, raise, utcMs } = this.options
    if (docket.device !== device || docket.rev <= this.#docketRev) return
    if (!isSigned(docketPayload(docket), docket.sig, operatorKey)) return
    this.#docketRev = docket.rev
    raise({ kind: 'docket-received', urgent: false, utcMs: utcMs(), data: { rev: docket.rev } })
  }
}
