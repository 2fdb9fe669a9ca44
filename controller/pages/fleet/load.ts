/** Brings the state up to date: everything once, then what changes. */
import { batch } from '@preact/signals'
import type { AlarmRow, ApiError, HubFault, Live } from '../../wire/console.ts'
import { ask, Refused } from './ask.ts'
import { alarms, courts, hubFaults, hubWellAt, isKnown, isLive, me, notice, region, rooms, words } from './state.ts'

const AGAIN_MS = 3_000
/** A page that may not hear what changes loads everything so often. */
const SELDOM_MS = 30_000
/** What comes within it is shown at once: to sort ten thousand rooms for each of fifty changes a second stops the page. */
const TOGETHER_MS = 250

let source: EventSource | null = null
/** What was told while everything was being loaded: it may be newer, so it comes after. Null when nothing is loading. */
let heard: Live[] | null = null
/** What was told when everything could not be loaded: it is over when that succeeds. */
let lastFault = ''
/** What waits to be shown. */
let coming: Live[] = []

/** Who is logged in, and then everything; tried again until the hub answers. */
export const load = async (): Promise<void> => {
  try {
    me.value = await ask('me')
    await loadAll()
    if (notice.value === lastFault) notice.value = ''
  } catch (fault) {
    if (fault instanceof Refused && fault.code === 'LOGIN_FAILED') putOut()
    else {
      tell(fault)
      lastFault = notice.value
      setTimeout(() => void load(), AGAIN_MS)
    }
  }
  isKnown.value = true
}

/** Whoever was logged in is told why that is over; somebody who has just come is not. */
const putOut = (): void => {
  notice.value = me.value ? words.value.login.ended : ''
  me.value = null
  isLive.value = false
}

const keyOf = ({ device, id }: { device: string; id: string }): string => `${device}/${id}`

const loadAll = async (): Promise<void> => {
  heard = []
  try {
    // What changes is listened for first, so that nothing falls between the two.
    await listen()
    const [overview, rows] = await Promise.all([ask('overview'), ask('alarms')])
    region.value = overview.region
    courts.value = new Map(overview.courts.map((court) => [court.id, court]))
    rooms.value = new Map(overview.rooms.map((row) => [row.device, row]))
    hubSaid(overview.faults)
    alarms.value = new Map(rows.map((row: AlarmRow) => [keyOf(row), row]))
    // What was already waiting is older than what was loaded.
    coming = []
    batch(() => {
      for (const live of heard ?? []) apply(live)
    })
  } finally {
    heard = null
  }
}

/** Resolves once the hub listens, or will not. The browser connects again by itself; what was missed is loaded anew. */
const listen = (): Promise<void> =>
  new Promise((resolve) => {
    source?.close()
    const own = new EventSource('/api/live')
    source = own
    let isFirst = true
    own.onopen = () => {
      isLive.value = true
      resolve()
      if (!isFirst) void loadAgain()
      isFirst = false
    }
    own.onerror = () => {
      isLive.value = false
      resolve()
      // The hub says that nobody is logged in, or is just being started: that is the end to the browser, but not for us.
      if (own.readyState === EventSource.CLOSED && own === source) void notHeard()
    }
    own.onmessage = ({ data }) => {
      const live = JSON.parse(data as string) as Live
      if (heard) heard.push(live)
      else if (coming.push(live) === 1) setTimeout(applyAll, TOGETHER_MS)
    }
  })

/** A stream that is refused says nothing to the page of why: it is asked in another way. */
const notHeard = async (): Promise<void> => {
  const abort = new AbortController()
  const answer = await fetch('/api/live', { signal: abort.signal }).catch(() => null)
  const isRefused = answer?.status === 429
  if (isRefused) {
    const { code, text } = (await answer.json()) as ApiError
    tell(new Refused(code, text))
  }
  abort.abort()
  setTimeout(() => void load(), isRefused ? SELDOM_MS : AGAIN_MS)
}

const applyAll = (): void => {
  const lives = coming
  coming = []
  batch(() => {
    for (const live of lives) apply(live)
  })
}

const loadAgain = (): Promise<void> => loadAll().catch(tell)

const apply = (live: Live): void => {
  if (live.is === 'rooms') {
    const next = new Map(rooms.value)
    for (const row of live.rooms) next.set(row.device, row)
    rooms.value = next
  } else if (live.is === 'gone') {
    const next = new Map(rooms.value)
    for (const device of live.devices) next.delete(device)
    rooms.value = next
  } else if (live.is === 'hub') hubSaid(live.faults)
  else if (live.is === 'courts') courts.value = new Map(live.courts.map((court) => [court.id, court]))
  else {
    const next = new Map(alarms.value)
    if (live.is === 'alarms') for (const row of live.alarms) next.set(keyOf(row), row)
    else for (const cleared of live.alarms) next.delete(keyOf(cleared))
    alarms.value = next
  }
}

const hubSaid = (faults: readonly HubFault[]): void => {
  if (faults.length) hubWellAt.value = ''
  else if (hubFaults.value.length) hubWellAt.value = new Date().toISOString()
  hubFaults.value = faults
}

export const logIn = async (name: string, password: string): Promise<void> => {
  me.value = await ask('login', {}, { name, password })
  notice.value = ''
  await loadAll()
}

export const logOut = async (): Promise<void> => {
  source?.close()
  coming = []
  await ask('logout').catch(() => null)
  me.value = null
  rooms.value = new Map()
  alarms.value = new Map()
}

/** In words of this page where it has some, else in the hub's. */
export const tell = (fault: unknown): void => {
  if (fault instanceof Refused && fault.code === 'LOGIN_FAILED' && me.value) putOut()
  else notice.value = faultText(fault)
}

export const faultText = (fault: unknown): string => {
  if (!(fault instanceof Refused)) return String(fault)
  const known = words.value.faults[fault.code as keyof typeof words.value.faults]
  return [known ?? '', fault.message].filter(Boolean).join(' — ') || fault.code
}
