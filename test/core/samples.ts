/** Every state and every event by name, checked against the types when compiling, and a sample of each. */
import type { DiskFacts } from '../../controller/core/disk-facts.ts'
import { DISK_VERDICTS, type DiskVerdict } from '../../controller/core/disk-table.ts'
import type { EventName, OpenHearing } from '../../controller/core/event.ts'
import type { HearingState, Source, State, Store } from '../../controller/core/state.ts'
import { examOf } from './disk-exam.ts'
import { openHearing, type Room, readyRoom, recordingRoom, type Told, WHY } from './room.ts'

const READING = { isOnBattery: false, isLow: false, isWorn: false, chargePercent: 100, runtimeMs: 600_000 } as const

/** A list that must hold every member of T: leaving one out does not compile. */
const every =
  <T extends string>() =>
  <const L extends readonly T[]>(list: L & ([T] extends [L[number]] ? unknown : { missing: Exclude<T, L[number]> })) =>
    list as readonly T[]

export const HEARING_STATES = every<HearingState['is']>()(['idle', 'recording', 'off-record', 'closing', 'closed'])
export const SOURCE_STATES = every<Source['is']>()(['off', 'starting', 'live', 'waiting', 'ending'])

export const DISK_STATES = every<DiskVerdict>()(DISK_VERDICTS)

type StoreState = Store['is'] | `${Extract<Store, { completeAtMs?: number }>['is']} incomplete`
export const STORE_STATES = every<StoreState>()([
  'unknown',
  'good',
  'good incomplete',
  'late',
  'late incomplete',
  'failed',
  'rebuilding',
])

/** What the disk of the store `mirror` says when it is asked. */
const WORN = examOf({ wornPercent: 98 })

/** What happens to the camera, to its worker of that run, or to the store `mirror`; one or more for every event. */
export const samplesOf = (room: Room): Record<EventName, Record<string, Told>> => {
  const source = 'judge'
  const run = room.runOf(source)
  const from = { source, run }
  const press = { is: 'button-pressed', case: '', note: '', by: 'clerk', request: 1 } as const
  const probe = { is: 'store-probed', store: 'mirror', freeBytes: 1e12, tookMs: 2, code: 'EIO', reason: WHY } as const
  const mirror = room.state.stores.mirror!
  const begunMs = mirror.is === 'rebuilding' ? mirror.sinceMs : room.atMs
  const rebuilt = { is: 'rebuild-ended', store: 'mirror', begunMs, ok: true, copiedBytes: 1, reason: WHY } as const
  const olderRebuild = mirror.is === 'rebuilding' ? { older: { ...rebuilt, begunMs: begunMs - 1 } } : {}
  const { gapMs: _none, ...fragment } = room.fragment('judge', { run, seq: 99 })
  const hearing = 'hearing' in room.state.hearing ? room.state.hearing.hearing.id : openHearing().id
  const closed = { is: 'worker-closed', ...from, hearing } as const
  const stores = Object.keys(room.state.stores).filter((name) => room.state.stores[name]!.is !== 'failed')
  const adopted: Told = { is: 'worker-adopted', ...from, hearing, gate: 'open', armed: true, stores }
  const one = (told: Told): Record<string, Told> => ({ '': told })
  const open: OpenHearing = openHearing()
  return {
    tick: one({ is: 'tick' }),
    'button-pressed': {
      rec: { ...press, button: 'rec' },
      off: { ...press, button: 'off' },
      stop: { ...press, button: 'stop' },
      mark: { ...press, button: 'mark' },
    },
    'seal-asked': {
      past: {
        is: 'seal-asked',
        hearing: '',
        portion: { tracks: [], fromMs: 0, toMs: 1 },
        by: 'Judge',
        why: 'order',
        request: 9,
      },
      future: {
        is: 'seal-asked',
        hearing: '',
        portion: { tracks: [], fromMs: 0, toMs: 1e9 },
        by: 'Judge',
        why: 'order',
        request: 9,
      },
    },
    'panel-changed': one({ is: 'panel-changed', panel: 'clerk', to: 'lost', reason: WHY }),
    'closed-sealed': one({ is: 'closed-sealed', hearing, ok: true, request: 9, reason: WHY }),
    'scrub-ended': {
      bad: { is: 'scrub-ended', hearing: 'h', bad: 1, repaired: 0, due: false, reason: WHY },
      stopped: { is: 'scrub-ended', hearing: '', bad: 0, repaired: 0, due: false, reason: WHY },
    },
    'scrub-remembered': one({ is: 'scrub-remembered', troubles: { h: WHY }, due: true }),
    'shutdown-asked': one({ is: 'shutdown-asked', reason: WHY }),
    'recorder-started': one({ is: 'recorder-started', boot: 'boot-2', open, lastRuns: {}, hearingIds: [] }),
    'worker-adopted': { same: adopted, younger: { ...adopted, run: run + 1 } },
    'worker-connected': {
      same: { is: 'worker-connected', ...from, hearing, gate: 'open', stores },
      shut: { is: 'worker-connected', ...from, hearing, gate: 'closed', stores },
      outside: { is: 'worker-connected', ...from, hearing: null, gate: 'closed', stores: [] },
    },
    'worker-armed': one({ is: 'worker-armed', ...from }),
    'worker-heard': one({ is: 'worker-heard', ...from }),
    'worker-exited': {
      same: { is: 'worker-exited', ...from, reason: WHY },
      older: { is: 'worker-exited', ...from, run: run - 1, reason: WHY },
    },
    'track-started': one({ is: 'track-started', ...from, track: source, mediaMs: 40, waitedMs: 40, on: 'key-frame' }),
    'fragment-stored': one({ is: 'fragment-stored', ...from, fragment, gapMs: 0 }),
    'fragment-mirrored': one({ is: 'fragment-mirrored', ...from, track: source, store: 'mirror', upto: 1 }),
    'level-measured': one({
      is: 'level-measured',
      ...from,
      track: source,
      rmsDbfs: -20,
      peakDbfs: -10,
      voice: false,
    }),
    'signal-changed': one({
      is: 'signal-changed',
      ...from,
      track: source,
      what: 'black',
      state: 'begun',
      reason: WHY,
    }),
    'worker-closed': { final: { ...closed, final: true }, recess: { ...closed, final: false } },
    'store-left': one({ is: 'store-left', ...from, store: 'mirror', code: 'EIO', reason: WHY }),
    'store-late': one({ is: 'store-late', ...from, store: 'mirror', waitingMs: 2_000 }),
    'store-joined': one({ is: 'store-joined', ...from, store: 'mirror' }),
    'fragments-found': one({ is: 'fragments-found', source, fragments: [fragment], reason: WHY }),
    'salvage-ended': one({ is: 'salvage-ended', source }),
    'store-probed': { ok: { ...probe, ok: true, code: 'OK' }, bad: { ...probe, ok: false } },
    'disk-examined': one({ is: 'disk-examined', store: 'mirror', exam: WORN }),
    'journal-stored': one({ is: 'journal-stored', store: 'mirror' }),
    'journal-failed': one({ is: 'journal-failed', store: 'mirror', reason: WHY }),
    'rebuild-ended': { ok: rebuilt, bad: { ...rebuilt, ok: false }, ...olderRebuild },
    'hearing-finished': one({ is: 'hearing-finished', hearing }),
    'journal-signed': one({ is: 'journal-signed' }),
    'signing-failed': one({ is: 'signing-failed', reason: WHY }),
    'ends-unsigned': one({ is: 'ends-unsigned', count: 1, signed: true }),
    'self-tested': one({
      is: 'self-tested',
      trial: null,
      results: [{ what: 'clock', ok: true, detail: 'synchronised' }],
    }),
    'board-found': one({ is: 'board-found', board: 'test' }),
    'board-lost': one({ is: 'board-lost', code: 'BOARD_LOST', reason: WHY }),
    'line-changed': one({ is: 'line-changed', line: 'mains-good', active: false }),
    'ups-heard': one({ is: 'ups-heard', reading: READING }),
    'ups-lost': one({ is: 'ups-lost', code: 'NO_ANSWER', reason: WHY }),
    'witness-heard': one({ is: 'witness-heard', away: WHY }),
    'hub-heard': one({ is: 'hub-heard', away: WHY }),
    'self-test-asked': one({ is: 'self-test-asked', request: 9 }),
    'settings-changed': one({ is: 'settings-changed', plan: room.state.plan, sha256: 'new', reason: WHY }),
    'clock-read': one({ is: 'clock-read', boot: 'boot-1', synchronized: true }),
  }
}

/** A room on the record on whose second disk there is that verdict. */
export const roomWithDisk = (is: DiskVerdict): Room => {
  const room = recordingRoom()
  const facts: Record<DiskVerdict, Partial<DiskFacts>> = {
    good: {},
    watch: { temperatureC: 90 },
    'replace-soon': { pending: 4 },
    failing: { passed: false },
    failed: {},
  }
  room.tell({ is: 'disk-examined', store: 'mirror', exam: examOf(facts[is]) })
  if (is === 'failed') room.probe('mirror', false)
  return room.forget()
}

/** A room whose hearing is in that state. */
export const roomWithHearing = (is: HearingState['is']): Room => {
  if (is === 'idle') return readyRoom()
  const room = recordingRoom()
  if (is === 'off-record') room.press('off')
  if (is === 'closing' || is === 'closed') room.press('stop')
  if (is === 'closing') room.closed('mics')
  if (is === 'closed') room.closeAll()
  return room.forget()
}

/** A room on the record whose camera is in that state. */
export const roomWithSource = (is: Source['is']): Room => {
  const room = recordingRoom()
  if (is === 'live') return room.forget()
  room.exit('judge')
  room.tell({ is: 'salvage-ended', source: 'judge' })
  if (is === 'starting') room.tick(500)
  if (is === 'off' || is === 'ending') {
    const source: Source = is === 'off' ? { is, run: 1 } : { is, run: 1, sinceMs: room.atMs }
    room.state = { ...room.state, sources: { ...room.state.sources, judge: source } }
  }
  return room.forget()
}

/** The state of the second store, as {@link STORE_STATES} calls it. */
export const storeStateOf = ({ state }: Room): string => {
  const store = state.stores.mirror!
  return 'completeAtMs' in store && store.completeAtMs !== undefined ? `${store.is} incomplete` : store.is
}

/** A room on the record whose second store is in that state; one more good probe and a failed one is trusted again. */
export const roomWithStore = (is: StoreState): Room => {
  const room = recordingRoom()
  const { atMs } = room
  const probed = { freeBytes: 1e12, probedMs: atMs }
  const good = { is: 'good', ...probed } as const
  const late = { is: 'late', ...probed, sinceMs: atMs - 5_000, lateMs: atMs - 5_000, reason: WHY } as const
  const stores: Record<StoreState, Store> = {
    unknown: { is: 'unknown', sinceMs: atMs },
    good,
    'good incomplete': { ...good, completeAtMs: 0 },
    late,
    'late incomplete': { ...late, completeAtMs: 0 },
    failed: { is: 'failed', sinceMs: atMs, reason: WHY, goodProbes: 2 },
    rebuilding: { is: 'rebuilding', ...probed, sinceMs: atMs },
  }
  const state: State = { ...room.state, stores: { ...room.state.stores, mirror: stores[is] } }
  room.state = state
  return room.forget()
}
