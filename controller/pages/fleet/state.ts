/** All that the page knows, as signals: what is shown follows them. */
import { computed, signal } from '@preact/signals'
import type { AlarmRow, CourtRow, HubFault, Me, RoomRow } from '../../wire/console.ts'
import { LANGUAGES, type Language, languageOf } from './words/words.ts'

export const me = signal<Me | null>(null)
/** Whether it is known yet who is logged in. */
export const isKnown = signal(false)
export const region = signal('')
export const courts = signal<ReadonlyMap<string, CourtRow>>(new Map())
/** By device. Replaced whole: a change of one room makes a new map. */
export const rooms = signal<ReadonlyMap<string, RoomRow>>(new Map())
export const alarms = signal<ReadonlyMap<string, AlarmRow>>(new Map())
/** What is wrong with the hub itself. */
export const hubFaults = signal<readonly HubFault[]>([])
/** When the hub was well again, UTC; told until it is closed, or until it is not well again. */
export const hubWellAt = signal('')
/** Whether changes come. */
export const isLive = signal(false)
/** What went wrong, told until it is closed. */
export const notice = signal('')

/** Its id while the name is not known. */
export const courtName = (id: string): string => courts.value.get(id)?.name ?? id

const kept = (key: string): string => {
  try {
    return localStorage.getItem(key) ?? ''
  } catch {
    return ''
  }
}
export const keep = (key: string, value: string): void => {
  try {
    localStorage.setItem(key, value)
  } catch {
    // A browser that keeps nothing asks again.
  }
}

export const language = signal<Language>(languageOf([kept('language'), ...navigator.languages]))
export const words = computed(() => LANGUAGES[language.value])
export const theme = signal(kept('theme') || 'auto')

/** What the address says: `#/room/COURT/DEVICE` is `['room', COURT, DEVICE]`. */
const routeNow = (): string[] => location.hash.replace(/^#\//, '').split('/').map(decodeURIComponent)
export const route = signal(routeNow())
addEventListener('hashchange', () => {
  route.value = routeNow()
})

export const search = signal('')
export const court = signal('')
export const filter = signal<Filter>('all')

export const FILTERS = ['all', 'need', 'recording', 'lost'] as const
export type Filter = (typeof FILTERS)[number]

const passes: Record<Filter, (row: RoomRow) => boolean> = {
  all: () => true,
  need: ({ need }) => need > 0,
  recording: ({ hearing }) => hearing === 'recording' || hearing === 'off-record',
  lost: ({ presence }) => presence !== 'online',
}

/** Room 9 before room 10. One for all: to make one for each comparison takes seconds with ten thousand rooms. */
const inOrder = new Intl.Collator(undefined, { numeric: true })

const compare = (a: string, b: string): number => (a === b ? 0 : inOrder.compare(a, b))

/** As it was last: what is nearly in order is sorted in a tenth of the comparisons. */
let before: readonly RoomRow[] = []

export const sorted = computed(() => {
  const rest = new Map(rooms.value)
  const again: RoomRow[] = []
  for (const { device } of before) {
    const row = rest.get(device)
    if (row) again.push(row)
    rest.delete(device)
  }
  before = [...again, ...rest.values()].sort(
    (a, b) => b.need - a.need || compare(a.court, b.court) || compare(a.room, b.room),
  )
  return before
})

export const counts = computed(() => {
  const count: Record<Filter, number> = { all: 0, need: 0, recording: 0, lost: 0 }
  for (const row of rooms.value.values()) for (const name of FILTERS) if (passes[name](row)) count[name]++
  return count
})

export const shown = computed(() => {
  const wanted = search.value.trim().toLocaleLowerCase()
  return sorted.value.filter((row) => {
    if (!passes[filter.value](row) || (court.value && row.court !== court.value)) return false
    if (!wanted) return true
    const name = courts.value.get(row.court)?.name ?? ''
    return `${row.room} ${name} ${row.device}`.toLocaleLowerCase().includes(wanted)
  })
})

/** The gravest first, then the latest. */
const RANK = { failed: 0, degraded: 1, watch: 2 }
export const sortedAlarms = computed(() =>
  [...alarms.value.values()].sort(
    (a, b) => RANK[a.alarm.severity] - RANK[b.alarm.severity] || b.raisedAt.localeCompare(a.raisedAt),
  ),
)

export const may = computed(() => ({
  operate: me.value?.role === 'operator' || me.value?.role === 'administrator',
  administer: me.value?.role === 'administrator',
}))
