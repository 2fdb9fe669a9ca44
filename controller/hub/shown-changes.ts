/** What has changed since the console was told last: several changes of a room within half a second are one. */
import type { AlarmRow, CourtRow, Live, RoomRow } from '../wire/console.ts'

const TELL_MS = 500
/** In one message; a region that comes back at once is several. */
const MOST_ROOMS = 500

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

  close(): void {
    if (this.#timer) clearTimeout(this.#timer)
    this.#listeners.clear()
  }

  #soon(): void {
    this.#timer ??= setTimeout(() => this.#flush(), TELL_MS)
  }

  #flush(): void {
    this.#timer = null
    const rooms = [...this.#rooms].flatMap((device) => this.shown.room(device) ?? [])
    const changed = [...this.#alarms.values()].map((one) => ({ one, row: this.shown.alarm(one.device, one.id) }))
    const gone = [...this.#gone]
    this.#rooms.clear()
    this.#alarms.clear()
    this.#gone.clear()
    if (!this.#listeners.size) return
    for (let from = 0; from < rooms.length; from += MOST_ROOMS)
      this.#tell({ is: 'rooms', rooms: rooms.slice(from, from + MOST_ROOMS) })
    const alarms = changed.flatMap(({ row }) => row ?? [])
    const cleared = changed.filter(({ row }) => !row).map(({ one }) => one)
    for (let from = 0; from < alarms.length; from += MOST_ROOMS)
      this.#tell({ is: 'alarms', alarms: alarms.slice(from, from + MOST_ROOMS) })
    if (cleared.length) this.#tell({ is: 'cleared', alarms: cleared })
    if (gone.length) this.#tell({ is: 'gone', devices: gone })
  }

  #tell(live: Live): void {
    for (const listener of this.#listeners) listener(live)
  }
}
