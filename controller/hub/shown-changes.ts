/** What has changed since the console was told last: several changes of a room within half a second are one. */
import type { AlarmRow, CourtRow, HubFault, Live, RoomRow } from '../wire/console.ts'

const TELL_MS = 500
/** Rooms or alarms in one message; a region that comes back at once is several. */
const MOST_ROWS = 500
/** Between two of them: all at once would be more than a page that reads as fast as it can may have waiting. */
const NEXT_MS = 50

export interface Shown {
  room(device: string): RoomRow | null
  alarm(device: string, id: string): AlarmRow | null
}

export class ShownChanges {
  readonly #listeners = new Set<(live: Live) => void>()
  readonly #rooms = new Set<string>()
  readonly #gone = new Set<string>()
  /** By device and id. */
  readonly #alarms = new Map<string, { device: string; id: string }>()
  #timer: NodeJS.Timeout | null = null

  constructor(private readonly shown: Shown) {}

  subscribe(listener: (live: Live) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  room(device: string): void {
    this.#rooms.add(device)
    this.#soon()
  }

  gone(device: string): void {
    this.#rooms.delete(device)
    this.#gone.add(device)
    this.#soon()
  }

  alarm(device: string, id: string): void {
    this.#alarms.set(`${device}/${id}`, { device, id })
    this.#soon()
  }

  courts(courts: CourtRow[]): void {
    this.#tell({ is: 'courts', courts })
  }

  hub(faults: HubFault[]): void {
    this.#tell({ is: 'hub', faults })
  }

  close(): void {
    if (this.#timer) clearTimeout(this.#timer)
    this.#listeners.clear()
  }

  #soon(): void {
    this.#timer ??= setTimeout(() => this.#flush(), TELL_MS)
  }

  /** Alarms first: people wait for them. What is too much for one message follows soon. */
  #flush(): void {
    const alarms = taken(this.#alarms, MOST_ROWS).map(([, one]) => ({ one, row: this.shown.alarm(one.device, one.id) }))
    const rooms = taken(this.#rooms, MOST_ROWS).flatMap(([device]) => this.shown.room(device) ?? [])
    const gone = taken(this.#gone, MOST_ROWS).map(([device]) => device)
    const raised = alarms.flatMap(({ row }) => row ?? [])
    const cleared = alarms.filter(({ row }) => !row).map(({ one }) => one)
    if (raised.length) this.#tell({ is: 'alarms', alarms: raised })
    if (cleared.length) this.#tell({ is: 'cleared', alarms: cleared })
    if (rooms.length) this.#tell({ is: 'rooms', rooms })
    if (gone.length) this.#tell({ is: 'gone', devices: gone })
    const isMore = this.#rooms.size + this.#alarms.size + this.#gone.size > 0
    this.#timer = isMore ? setTimeout(() => this.#flush(), NEXT_MS) : null
  }

  #tell(live: Live): void {
    for (const listener of this.#listeners) listener(live)
  }
}

/** The first of them, which are no longer among them. */
const taken = <K, V>(
  from: { entries(): IterableIterator<[K, V]>; delete(key: K): boolean },
  most: number,
): [K, V][] => {
  const first: [K, V][] = []
  for (const one of from.entries()) {
    if (first.length >= most) break
    first.push(one)
  }
  for (const [key] of first) from.delete(key)
  return first
}
