/** A device with the real judgement of orders and dockets, behind the real uplink; what it does is only counted. */
import { join } from 'node:path'
import { pino } from 'pino'
import { makeFolders } from '../../../../controller/base/durable.ts'
import { codeOf } from '../../../../controller/base/error.ts'
import { MemoryShelf } from '../../../../controller/ports/outbox/memory-shelf.ts'
import { Outbox } from '../../../../controller/ports/outbox/outbox.ts'
import { type Heard, Uplink } from '../../../../controller/ports/uplink/uplink.ts'
import { FileMemory } from '../../../../controller/ports/uplink/uplink-memory.ts'
import { Dockets } from '../../../../controller/recorder/fleet/dockets.ts'
import { Orders, type Outcome } from '../../../../controller/recorder/fleet/orders.ts'
import { birthOf } from '../../../../controller/simulator/born.ts'
import type { SimulatedRoom } from '../../../../controller/simulator/room.ts'
import type { Membership } from '../../../../controller/simulator/simulated-fleet.ts'
import type { OrderResult } from '../../../../controller/wire/fleet/order.ts'

export interface ObedientOptions {
  room: SimulatedRoom
  membership: Omit<Membership, 'url'>
  url: string
  operatorKey: string
  /** It remembers in here. */
  home: string
}

const log = pino({ enabled: false })

export class ObedientDevice {
  /** Operations that were carried out. */
  readonly done: string[] = []
  readonly results: OrderResult[] = []
  readonly heard: { what: Heard; payload: Buffer }[] = []
  /** What was not followed, by the code of why. */
  readonly refused: string[] = []
  /** Revisions of dockets that were taken. */
  readonly dockets: number[] = []
  /** Added to what time it is. */
  aheadMs = 0

  private constructor(
    private readonly options: ObedientOptions,
    private readonly book: Dockets,
    private readonly outbox: Outbox,
    readonly uplink: Uplink,
    private readonly orders: Orders,
  ) {}

  static async start(options: ObedientOptions): Promise<ObedientDevice> {
    const { room, membership, url, home, operatorKey } = options
    const { court, credentials, ...papers } = membership
    const { device } = room
    await makeFolders(home)
    const outbox = new Outbox({
      ...{ shelf: new MemoryShelf(), raiser: { court, device, boot: 'obedient' }, complain: () => {} },
    })
    const uplink = new Uplink({
      ...{ court, device, boot: 'obedient', url, events: outbox, memory: new FileMemory(home), complain: () => {} },
      ...{ credentials: () => credentials!, retry: { firstMs: 200, longestMs: 1_000 } },
      heard: (what, payload) => void obedient.hear(what, payload),
    })
    const does = (op: string) => async (): Promise<Outcome> => {
      obedient.done.push(op)
      return { code: 'done', text: 'done' }
    }
    const orders: Orders = new Orders({
      ...{ folder: home, device, operatorKey: () => operatorKey, log, judged: () => {} },
      carryOut: {
        ...{ identify: does('identify'), 'self-test': does('self-test'), 'send-logs': does('send-logs') },
        ...{ reboot: does('reboot'), update: does('update') },
      },
      ...{ isHearingOpen: () => false, isClockRight: () => true },
      respond: (result) => {
        obedient.results.push(result)
        uplink.result(result)
      },
      utcMs: () => Date.now() + obedient.aheadMs,
    })
    const book = await Dockets.open(home, log)
    const obedient: ObedientDevice = new ObedientDevice(options, book, outbox, uplink, orders)
    uplink.say('birth', birthOf(room, { ...papers, docketKey: book.recipient }, Date.now()))
    uplink.start()
    return obedient
  }

  get isConnected(): boolean {
    return this.uplink.contact.is === 'connected'
  }

  /** As `recorder/fleet` passes on what comes down. */
  async hear(what: Heard, payload: Buffer): Promise<void> {
    this.heard.push({ what, payload })
    const { room, operatorKey } = this.options
    try {
      if (what === 'order') await this.orders.heard(payload)
      if (what === 'docket')
        await this.book.heard(payload, {
          ...{ device: room.device, operatorKey: () => operatorKey, log },
          received: (rev) => this.dockets.push(rev),
        })
    } catch (fault) {
      this.refused.push(codeOf(fault))
    }
  }

  async stop(): Promise<void> {
    await this.uplink.stop()
    await this.outbox.close()
  }
}

export const homeOf = (folder: string, { device }: SimulatedRoom): string => join(folder, device)
