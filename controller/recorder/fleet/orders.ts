/**
 * Orders of the hub: a fixed list (R33). Each is checked, carried out once by its id, also over starts of the machine,
 * and answered. None touches a recording.
 */
import { join } from 'node:path'
import { z } from 'zod'
import { DurableJson } from '../../base/durable-json.ts'
import { codeOf, messageOf, VerbatimError } from '../../base/error.ts'
import type { Logger } from '../../base/log.ts'
import { DAY_MS, utcText } from '../../base/units.ts'
import { ORDERS, Order, type OrderFault, OrderId, type OrderOp, OrderResult } from '../../wire/fleet/order.ts'
import { orderPayload } from '../../wire/fleet/signing.ts'
import { requireOperator } from './signed-by.ts'

/** What came of an order; `data` is what was asked for. */
export interface Outcome {
  code: OrderResult['code']
  text: string
  /** Why it was refused or failed, for programs. */
  fault?: OrderFault
  data?: string
  /** What is done when the result is durable and said: the machine goes away. */
  afterwards?: () => void
}

export interface OrdersOptions {
  folder: string
  device: string
  operatorKey: () => string | null
  isHearingOpen: () => boolean
  /** Null when nobody knows whether the clock is right. */
  isClockRight: () => boolean | null
  carryOut: { [Op in OrderOp]: (order: Order) => Promise<Outcome> }
  respond: (result: OrderResult) => void
  /** Told of each that was judged for the first time. */
  judged: (result: OrderResult) => void
  log: Logger
  utcMs?: () => number
}

const Kept = z.array(z.object({ result: OrderResult, untilMs: z.number() })).max(500)
type Kept = z.output<typeof Kept>

const MOST = 300
const LOW = 'refused while a hearing is open'
/** Beyond what another clock may be wrong by. */
const TOLERANCE_MS = 120_000

export class Orders {
  readonly #file: DurableJson<Kept>
  #kept: Kept = []
  #turn: Promise<void>

  constructor(private readonly options: OrdersOptions) {
    this.#file = new DurableJson(join(options.folder, 'orders.json'), (data) => Kept.parse(data), 0o600)
    this.#turn = this.#file.read().then(
      (kept) => {
        this.#kept = kept ?? []
        return this.#finishInterrupted()
      },
      (fault: unknown) => options.log.error({ fault: messageOf(fault) }, 'earlier orders are not known any more'),
    )
  }

  /** The program before ended in the middle of it: whoever ordered it waits no longer, and it is not done by surprise. */
  async #finishInterrupted(): Promise<void> {
    for (const { result, untilMs } of this.#kept.filter((one) => one.result.code === 'under-way')) {
      const text = 'The recorder ended before it was done.'
      await this.#finish(result, { code: 'failed', fault: 'INTERRUPTED', text }, untilMs).catch(() => {})
    }
  }

  /** One after the other. Never rejects. */
  heard(payload: Uint8Array): Promise<void> {
    this.#turn = this.#turn
      .then(() => this.#take(payload))
      .catch((fault: unknown) => this.options.log.error({ fault: messageOf(fault) }, 'an order could not be judged'))
    return this.#turn
  }

  /** The end of one that was under way. */
  async ended(id: string, outcome: Outcome): Promise<void> {
    const known = this.#kept.find(({ result }) => result.id === id)
    if (known) await this.#finish(known.result, outcome, known.untilMs).catch(() => {})
  }

  async #take(payload: Uint8Array): Promise<void> {
    const json: unknown = JSON.parse(Buffer.from(payload).toString('utf8'))
    const parsed = Order.safeParse(json)
    if (!parsed.success) return this.#refuseMalformed(json)
    const order = parsed.data
    // Somebody shows it to another device than it is for: it is not answered in this one's name.
    if (order.device !== this.options.device) throw new VerbatimError('SIGNATURE_INVALID', `it is for ${order.device}`)
    const refusal = this.#refusalOf(order)
    // What is not signed says nothing about the signed order of the same id.
    if (refusal?.code === 'unsigned') return this.options.respond(this.#resultOf(order, refusal))
    const known = this.#kept.find(({ result }) => result.id === order.id)
    if (known) return this.options.respond(known.result)
    const untilMs = Math.max(Date.parse(order.expires), this.#utcMs()) + DAY_MS
    if (refusal) return this.#finish(order, refusal, untilMs)
    // Known before it is begun: a machine that starts again must not start again for the same order.
    await this.#keep(this.#resultOf(order, { code: 'under-way', text: 'begun' }), untilMs)
    const outcome = await this.options.carryOut[order.op](order).catch(
      (fault: unknown): Outcome => ({ code: 'failed', text: messageOf(fault).slice(0, 500) }),
    )
    await this.#finish(order, outcome, untilMs)
  }

  #refusalOf(order: Order): Outcome | null {
    const { operatorKey, isHearingOpen, isClockRight } = this.options
    try {
      requireOperator(orderPayload(order), order.sig, operatorKey())
    } catch (fault) {
      return { code: 'unsigned', text: messageOf(fault) }
    }
    const lateMs = this.#utcMs() - Date.parse(order.expires)
    if (lateMs > (isClockRight() ? 0 : DAY_MS))
      return { code: 'expired', text: `it was to be done until ${order.expires}` }
    const earlyMs = Date.parse(order.issued) - this.#utcMs()
    if (earlyMs > (isClockRight() ? TOLERANCE_MS : DAY_MS)) {
      return { code: 'refused', fault: 'NOT_YET', text: 'it is of a time to come' }
    }
    // A lamp tells the truth while a hearing is open, so that not even its lamps are touched then.
    if (order.op !== 'send-logs' && order.op !== 'update' && isHearingOpen())
      return {
        ...{ code: 'refused', fault: 'HEARING_OPEN' },
        text: `"${order.op}" (${ORDERS[order.op].split(/[;:]/)[0]}) is ${LOW}`,
      }
    return null
  }

  #refuseMalformed(json: unknown): void {
    const { id, op } = Object(json) as { id?: unknown; op?: unknown }
    const known = OrderId.safeParse(id)
    if (!known.success) throw new VerbatimError('MESSAGE_INVALID', 'an order without an id')
    const isUnknown = typeof op === 'string' && !(op in ORDERS)
    const outcome: Outcome = isUnknown
      ? { code: 'unknown', text: 'there is no such order' }
      : { code: 'malformed', text: 'it breaks its schema' }
    this.options.respond(this.#resultOf({ id: known.data, op: String(op).slice(0, 40) }, outcome))
  }

  async #finish(order: { id: string; op: string }, outcome: Outcome, untilMs: number): Promise<void> {
    const result = this.#resultOf(order, outcome)
    await this.#keep(result, untilMs)
    this.options.respond(result)
    this.options.judged(result)
    outcome.afterwards?.()
  }

  #resultOf({ id, op }: { id: string; op: string }, { code, text, fault, data }: Outcome): OrderResult {
    const ok = code === 'done' || code === 'under-way'
    const rest = { ...(fault === undefined ? {} : { fault }), ...(data === undefined ? {} : { data }) }
    return { id, op, at: utcText(this.#utcMs()), ok, code, text, ...rest }
  }

  async #keep(result: OrderResult, untilMs: number): Promise<void> {
    const others = this.#kept.filter((one) => one.result.id !== result.id && one.untilMs > this.#utcMs())
    // Log lines are read once; that they were sent is remembered.
    const { data: _, ...short } = result
    this.#kept = [...others.slice(1 - MOST), { result: short, untilMs }]
    await this.#file.write(this.#kept).catch((fault: unknown) => {
      throw new VerbatimError('REFUSED', `orders cannot be kept: ${codeOf(fault)}`, { cause: fault })
    })
  }

  #utcMs(): number {
    return this.options.utcMs?.() ?? Date.now()
  }
}
