/** What an operator says to a device: signed here, durable here, and then published. */
import { randomBytes } from 'node:crypto'
import { Encrypter } from 'age-encryption'
import { messageOf, VerbatimError } from '../base/error.ts'
import { utcText } from '../base/units.ts'
import type { EventStore } from '../ports/event-store/event-store.ts'
import { describeIssues } from '../wire/config.ts'
import { ConfigPatch } from '../wire/config-patch.ts'
import type { NewOrder, SentOrder } from '../wire/console.ts'
import { Birth } from '../wire/fleet/birth.ts'
import type { DesiredConfig } from '../wire/fleet/desired.ts'
import type { Docket, SealedDocket } from '../wire/fleet/docket.ts'
import type { Order } from '../wire/fleet/order.ts'
import { desiredPayload, docketPayload, orderPayload } from '../wire/fleet/signing.ts'
import type { Hub } from './hub.ts'
import type { OperatorKey } from './operator-key.ts'

/** A device that is away this long does not carry an order out when it is back: nobody expects it any more. */
const ORDER_LIVES_MS = 10 * 60_000

export class ToDevices {
  /** One after the other: of two at once each would take the same number, and one of them be ignored. */
  #numbered: Promise<unknown> = Promise.resolve()

  constructor(
    private readonly hub: Hub,
    private readonly store: EventStore,
    private readonly operator: OperatorKey,
  ) {}

  /** A device that is away gets it when it is back, while it is good. Throws NOT_FOUND. */
  async order(device: string, { op, args }: NewOrder, by: string): Promise<SentOrder> {
    this.#mustBeKnown(device)
    const nowMs = this.hub.courtUtcMs
    const expiresMs = nowMs + ORDER_LIVES_MS
    const id = randomBytes(12).toString('hex')
    const unsigned = { device, id, op, args, issued: utcText(nowMs), expires: utcText(expiresMs) }
    const order: Order = { ...unsigned, sig: this.operator.sign(orderPayload(unsigned)) }
    const signed = JSON.stringify(order)
    await this.store.write({ name: 'sendOrder', values: [device, id, op, by, nowMs, expiresMs, signed] })
    this.hub.publishText(device, 'order', signed)
    return { id, op, by, at: utcText(nowMs), result: null }
  }

  /** Throws NOT_FOUND; MESSAGE_INVALID for what no recorder takes. */
  configure(device: string, cfg: ConfigPatch, by: string): Promise<void> {
    return this.#inTurn(() => this.#configure(device, cfg, by))
  }

  /**
   * Cases leave here encrypted to the room; the hub keeps when something must be recorded, and no case. Throws NOT_FOUND,
   * and REFUSED without a key to encrypt to.
   */
  giveDocket(device: string, docket: Docket, by: string): Promise<void> {
    return this.#inTurn(() => this.#giveDocket(device, docket, by))
  }

  async #configure(device: string, asked: ConfigPatch, by: string): Promise<void> {
    this.#mustBeKnown(device)
    const cfg = patchIn(asked)
    const nowMs = this.hub.courtUtcMs
    const rev = (this.store.read.wanted(device)?.rev ?? 0) + 1
    const unsigned = { device, rev, at: utcText(nowMs), cfg }
    const desired: DesiredConfig = { ...unsigned, sig: this.operator.sign(desiredPayload(unsigned)) }
    const text = JSON.stringify(desired)
    await this.store.write({ name: 'want', values: [device, rev, text, by, nowMs] })
    this.hub.publishText(device, 'desired', text)
  }

  async #giveDocket(device: string, docket: Docket, by: string): Promise<void> {
    this.#mustBeKnown(device)
    const nowMs = this.hub.courtUtcMs
    const rev = (this.store.read.docket(device)?.rev ?? 0) + 1
    const unsigned = { device, rev, age: await encryptedTo(this.#docketKeyOf(device), JSON.stringify(docket)) }
    const sealed: SealedDocket = { ...unsigned, sig: this.operator.sign(docketPayload(unsigned)) }
    const text = JSON.stringify(sealed)
    const hearings = docket.hearings.map(({ startsAt, endsAt, mustRecord }) => ({
      ...{ startsUtcMs: Date.parse(startsAt), endsUtcMs: Date.parse(endsAt), mustRecord },
      ...{ recorded: false, audible: false },
    }))
    const before = new Map(
      this.store.read.schedule(0).flatMap((one) => (one.device === device ? [[one.startsMs, one]] : [])),
    )
    await this.store.write(
      { name: 'dropDay', values: [device, docket.day] },
      ...hearings.map(({ startsUtcMs, endsUtcMs, mustRecord }) => {
        const { recorded = 0, audible = 0 } = before.get(startsUtcMs) ?? {}
        const values = [device, startsUtcMs, endsUtcMs, docket.day, Number(mustRecord), recorded, audible]
        return { name: 'schedule' as const, values }
      }),
      { name: 'giveDocket', values: [device, rev, text, by, nowMs] },
    )
    this.hub.tell({ is: 'docket-given', device, day: docket.day, hearings })
    this.hub.publishText(device, 'docket', text)
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.#numbered.then(work)
    this.#numbered = done.catch(() => {})
    return done
  }

  /** The store leaves out what is about nobody, and nobody would be told. */
  #mustBeKnown(device: string): void {
    if (!this.hub.roster.rooms.has(device)) throw new VerbatimError('NOT_FOUND', `there is no device ${device}`)
  }

  #docketKeyOf(device: string): string {
    const { birth = null } = this.store.read.device(device) ?? {}
    const key = birth === null ? '' : Birth.parse(JSON.parse(birth)).docketKey
    if (key) return key
    throw new VerbatimError(
      'REFUSED',
      'the device has not said its key for dockets yet: it must have been connected once',
    )
  }
}

const patchIn = (asked: ConfigPatch): ConfigPatch => {
  const parsed = ConfigPatch.safeParse(asked)
  if (parsed.success) return parsed.data
  throw new VerbatimError('MESSAGE_INVALID', describeIssues(parsed.error).join('; '))
}

const encryptedTo = async (recipient: string, text: string): Promise<string> => {
  try {
    const encrypter = new Encrypter()
    encrypter.addRecipient(recipient)
    return Buffer.from(await encrypter.encrypt(text)).toString('base64')
  } catch (cause) {
    throw new VerbatimError('REFUSED', `the docket cannot be encrypted to the device: ${messageOf(cause)}`, { cause })
  }
}
