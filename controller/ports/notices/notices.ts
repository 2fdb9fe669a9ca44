/** Tells people by webhook and e-mail what the roster wants told. Grave ones outlast a restart of the hub. */
import type { AlarmRow } from '../../wire/console.ts'
import { concerns, isGrave, type Notice, type NoticeTarget } from './notice.ts'
import { NoticeQueue } from './notice-queue.ts'

/** Where grave ones are kept until they were told. */
export interface NoticeShelf {
  keep: (id: number, target: string, text: string) => void
  drop: (id: number) => void
  kept: () => { id: number; target: string; text: string }[]
}

export interface NoticesOptions {
  targets: readonly NoticeTarget[]
  shelf: NoticeShelf
  complain: (text: string) => void
  retry?: { firstMs: number; longestMs: number }
}

export class Notices {
  readonly #queues: { target: NoticeTarget; queue: NoticeQueue }[]
  #lastId: number

  constructor(private readonly options: NoticesOptions) {
    const { targets, shelf, complain, retry } = options
    this.#queues = targets.map((target) => {
      const done = (notice: Notice) => {
        if (isGrave(notice)) shelf.drop(notice.id)
      }
      return { target, queue: new NoticeQueue({ target, done, complain, ...(retry ? { retry } : {}) }) }
    })
    const kept = shelf.kept()
    this.#lastId = kept.reduce((last, { id }) => Math.max(last, id), 0)
    for (const { id, target, text } of kept) {
      const known = this.#queues.find((one) => one.target.name === target)
      if (known) known.queue.add({ id, ...(JSON.parse(text) as Omit<Notice, 'id'>) })
      else shelf.drop(id)
    }
  }

  tell(why: Notice['why'], row: AlarmRow): void {
    for (const { target, queue } of this.#queues) {
      const notice = { id: ++this.#lastId, why, row }
      if (!concerns(notice, target.from)) continue
      if (isGrave(notice)) this.options.shelf.keep(notice.id, target.name, JSON.stringify({ why, row }))
      queue.add(notice)
    }
  }

  /** How many wait, for all targets together. */
  get waiting(): number {
    return this.#queues.reduce((sum, { queue }) => sum + queue.length, 0)
  }

  stop(): void {
    for (const { queue } of this.#queues) queue.stop()
  }
}
