/** Fills an outbox until it takes no more, and says how that was; for a process that is killed when it is full. */
import { setImmediate as turn } from 'node:timers/promises'
import { FileShelf } from '../../../../controller/ports/outbox/file-shelf.ts'
import { Outbox, type OutboxLimits } from '../../../../controller/ports/outbox/outbox.ts'

export interface FillOrder {
  folder: string
  limits: OutboxLimits
  /** Raised beyond the limit. */
  beyond: number
}

export interface Filled {
  /** Events on the disk that wait, and number of the last. */
  waiting: number
  last: number
  isFull: boolean
  /** What was complained of, by code. */
  complaints: Record<string, number>
  openedMs: number
  filledMs: number
  rssMb: number
}

const AT_ONCE = 1_000

const fill = async ({ folder, limits, beyond }: FillOrder): Promise<Filled> => {
  const complaints: Record<string, number> = {}
  const begunMs = performance.now()
  const outbox = new Outbox({
    ...{ shelf: new FileShelf(folder), limits, raiser: { court: 'almaty', device: 'vb-drill', boot: 'drill' } },
    complain: (code) => {
      complaints[code] = (complaints[code] ?? 0) + 1
    },
  })
  await outbox.next(1, new Set())
  const openedMs = performance.now() - begunMs
  const raise = async (count: number): Promise<void> => {
    for (let left = count; left > 0; left -= AT_ONCE) {
      for (let i = 0; i < Math.min(AT_ONCE, left); i++)
        outbox.raise({ kind: 'went-on-record', urgent: false, utcMs: Date.now(), data: { source: 'judge-camera' } })
      await outbox.settled()
      await turn()
    }
  }
  for (let before = -1; !outbox.isFull && outbox.last > before; ) {
    before = outbox.last
    await raise(Math.min(AT_ONCE, limits.events - outbox.waiting))
  }
  const filledMs = performance.now() - begunMs - openedMs
  await raise(beyond)
  const { waiting, last, isFull } = outbox
  return { waiting, last, isFull, complaints, openedMs, filledMs, rssMb: process.memoryUsage().rss / 2 ** 20 }
}

process.on('message', (order: FillOrder) => void fill(order).then((filled) => process.send?.(filled)))
process.on('disconnect', () => process.exit(1))
