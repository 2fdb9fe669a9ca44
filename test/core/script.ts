/** Random scripts for `decide`: anything may happen at any time, but often enough what an orderly room does. */
import fc from 'fast-check'
import type { Command } from '../../controller/core/command.ts'
import { decide } from '../../controller/core/decide.ts'
import type { Event } from '../../controller/core/event.ts'
import { initialState } from '../../controller/core/start.ts'
import type { State } from '../../controller/core/state.ts'
import { examOf } from './disk-exam.ts'
import { openHearing, PLAN, START_MS, START_UTC, type Told, WHY } from './room.ts'

const source = fc.constantFrom('judge', 'mics', 'judge', 'mics', 'nobody')
/** 0 stands for the present run of the source or rebuild of the store, and the next fragment of the track. */
const run = fc.constantFrom(0, 0, 0, 0, 1, 2, 3)
const track = fc.constantFrom('judge', 'bench', 'witness', 'nothing')
const store = fc.constantFrom('main', 'mirror')
const hearing = fc.constantFrom(openHearing().id, 'another')
/** Plain values stay as they are, arbitraries are drawn. */
const tell = (shape: Record<string, unknown>): fc.Arbitrary<Told> => {
  const drawn = Object.entries(shape).map(([key, value]): [string, fc.Arbitrary<unknown>] => [
    key,
    typeof value === 'object' && value !== null && 'generate' in value
      ? (value as fc.Arbitrary<unknown>)
      : fc.constant(value),
  ])
  return fc.record(Object.fromEntries(drawn), { noNullPrototype: true }) as fc.Arbitrary<unknown> as fc.Arbitrary<Told>
}

const fragment = fc.record(
  {
    track,
    run,
    seq: fc.constantFrom(0, 0, 0, 1, 2, 30),
    file: fc.constant('f.mp4'),
    offset: fc.nat(),
    bytes: fc.nat(),
    sha256: fc.constant('0'.repeat(64)),
    mediaMs: fc.integer({ min: 0, max: 90_000 }),
    durationMs: fc.integer({ min: 0, max: 1_000 }),
    samples: fc.nat(),
    codec: fc.constant('h264'),
    stores: fc.subarray(['main', 'mirror']),
  },
  { noNullPrototype: true },
)

const from = { source, run }
const random: fc.Arbitrary<Told>[] = [
  tell({ is: 'tick' }),
  tell({ is: 'tick' }),
  tell({
    is: 'button-pressed',
    button: fc.constantFrom('rec', 'rec', 'rec', 'rec', 'off', 'off', 'stop', 'mark'),
    case: '7',
    note: '',
    by: 'clerk',
    request: 1,
  }),
  tell({
    is: 'seal-asked',
    hearing: fc.constantFrom('', 'another'),
    portion: fc.constantFrom({ tracks: [], fromMs: 0, toMs: 1 }, { tracks: ['judge'], fromMs: 0, toMs: 1e9 }),
    by: 'Judge',
    why: 'order',
    request: 1,
  }),
  tell({ is: 'scrub-ended', hearing: 'h', bad: fc.constantFrom(0, 1), repaired: 0, due: fc.boolean(), reason: WHY }),
  tell({ is: 'scrub-remembered', troubles: {}, due: fc.boolean() }),
  tell({ is: 'closed-sealed', hearing, ok: fc.boolean(), request: 1, reason: WHY }),
  tell({
    is: 'worker-adopted',
    ...from,
    hearing: fc.option(hearing, { freq: 2 }),
    gate: fc.constantFrom('open', 'closed'),
    armed: fc.boolean(),
    stores: fc.subarray(['main', 'mirror']),
  }),
  tell({
    is: 'worker-connected',
    ...from,
    hearing: fc.option(hearing, { freq: 2 }),
    gate: fc.constantFrom('open', 'closed'),
    stores: fc.subarray(['main', 'mirror']),
  }),
  tell({ is: 'worker-armed', ...from }),
  tell({ is: 'worker-armed', ...from }),
  tell({ is: 'worker-heard', ...from }),
  tell({ is: 'worker-exited', ...from, reason: WHY }),
  tell({ is: 'track-started', ...from, track, mediaMs: 0, waitedMs: 0, on: 'sample' }),
  fc
    .record({ source, fragment, gapMs: fc.constantFrom(0, 0, 400) }, { noNullPrototype: true })
    .map((told): Told => ({ is: 'fragment-stored', run: told.fragment.run, ...told })),
  tell({ is: 'fragment-mirrored', ...from, track, store, upto: fc.integer({ min: 1, max: 30 }) }),
  tell({ is: 'level-measured', ...from, track, rmsDbfs: -20, peakDbfs: -3, voice: fc.boolean() }),
  tell({
    is: 'signal-changed',
    ...from,
    track,
    what: fc.constantFrom('silent', 'voice', 'black'),
    state: fc.constantFrom('begun', 'ended'),
    reason: WHY,
  }),
  tell({ is: 'worker-closed', ...from, hearing, final: fc.boolean() }),
  tell({ is: 'store-left', ...from, store, code: 'EIO', reason: WHY }),
  tell({ is: 'store-late', ...from, store, waitingMs: 1_000 }),
  tell({ is: 'store-joined', ...from, store }),
  tell({ is: 'salvage-ended', source }),
  tell({ is: 'salvage-ended', source }),
  tell({ is: 'store-probed', store, ok: true, freeBytes: 1e12, tookMs: 2, code: '', reason: WHY }),
  tell({ is: 'store-probed', store, ok: true, freeBytes: 1e12, tookMs: 2, code: '', reason: WHY }),
  tell({ is: 'fragments-found', source, fragments: fc.array(fragment, { maxLength: 3 }), reason: WHY }),
  tell({ is: 'salvage-ended', source }),
  tell({ is: 'store-probed', store, ok: false, freeBytes: 0, tookMs: 0, code: 'EIO', reason: WHY }),
  tell({ is: 'store-probed', store, ok: true, freeBytes: 1e9, tookMs: 900, code: '', reason: WHY }),
  tell({
    is: 'disk-examined',
    store,
    exam: fc.constantFrom(examOf({}), examOf({ wornPercent: 98 }), examOf({ passed: false })),
  }),
  tell({ is: 'store-probed', store, ok: true, freeBytes: 1e12, tookMs: 2, code: '', reason: WHY }),
  tell({ is: 'journal-stored', store }),
  tell({ is: 'journal-failed', store, reason: WHY }),
  tell({
    is: 'rebuild-ended',
    store,
    begunMs: fc.constantFrom(0, 0, 1),
    ok: fc.boolean(),
    copiedBytes: 1,
    reason: WHY,
  }),
  tell({ is: 'hearing-finished', hearing: openHearing().id }),
  tell({ is: 'journal-signed' }),
  tell({ is: 'ends-unsigned', count: fc.constantFrom(0, 1), signed: fc.boolean() }),
  tell({ is: 'signing-failed', reason: WHY }),
  tell({ is: 'self-tested', trial: fc.constantFrom(null, 1, 2), results: [] }),
  tell({ is: 'self-test-asked', request: 1 }),
  tell({ is: 'board-found', board: 'test' }),
  tell({ is: 'board-lost', code: 'BOARD_LOST', reason: WHY }),
  tell({
    is: 'line-changed',
    line: fc.constantFrom(
      'mains-good',
      'mains-good',
      'battery-low',
      'case-open',
      'disk-bay-1-fault',
      'disk-bay-2-fault',
    ),
    active: fc.boolean(),
  }),
  tell({
    is: 'ups-heard',
    reading: fc.record(
      {
        isOnBattery: fc.boolean(),
        isLow: fc.boolean(),
        isWorn: fc.boolean(),
        chargePercent: fc.constantFrom(null, 0, 50),
        runtimeMs: fc.constantFrom(null, 0, 60_000, 600_000),
      },
      { noNullPrototype: true },
    ),
  }),
  tell({ is: 'ups-lost', code: 'NO_ANSWER', reason: WHY }),
  tell({ is: 'witness-heard', away: fc.constantFrom(WHY, null) }),
  tell({ is: 'settings-changed', plan: PLAN, sha256: 'new', reason: WHY }),
  tell({ is: 'clock-read', boot: 'boot-1', synchronized: fc.constantFrom(true, false, null) }),
]

/** Half of the scripts begin in a room that records, lest most presses be refused. */
const GOOD_MORNING: Told[] = [
  { is: 'tick' },
  { is: 'store-probed', store: 'main', ok: true, freeBytes: 1e12, tookMs: 2, code: '', reason: WHY },
  { is: 'store-probed', store: 'mirror', ok: true, freeBytes: 1e12, tookMs: 2, code: '', reason: WHY },
  { is: 'worker-armed', source: 'judge', run: 1 },
  { is: 'worker-armed', source: 'mics', run: 1 },
  { is: 'button-pressed', button: 'rec', case: '7', note: '', by: 'clerk', request: 1 },
]

/** Half a second in which every live source is heard and delivers through its gate. */
const BREATH = 'breath'

/** What the script leaves open is put right on the way: the present hearing, run and fragment. */
const aimed = (state: State, told: Told): Told => {
  let next = told
  if ('hearing' in next && next.hearing === openHearing().id && 'hearing' in state.hearing)
    next = { ...next, hearing: state.hearing.hearing.id }
  if ('run' in next && next.run === 0) next = { ...next, run: state.sources[next.source]?.run ?? 1 }
  if (next.is === 'rebuild-ended' && next.begunMs === 0) {
    const store = state.stores[next.store]
    return store?.is === 'rebuilding' ? { ...next, begunMs: store.sinceMs } : next
  }
  if (next.is !== 'fragment-stored') return next
  const seq = next.fragment.seq || (state.tracks[next.fragment.track]?.seq ?? 0) + 1
  return { ...next, fragment: { ...next.fragment, run: next.run, seq } }
}

const breathOf = (state: State, atMs: number): Told[] => {
  const { hearing } = state
  const zeroMs = hearing.is === 'recording' ? hearing.hearing.zeroMs : atMs
  return Object.entries(state.sources).flatMap(([name, { is }]): Told[] => {
    if (is !== 'live') return []
    const heard: Told = { is: 'worker-heard', source: name, run: 0 }
    if (state.gates[name]?.is !== 'open') return [heard]
    const tracks = PLAN.tracks.filter((one) => one.source === name)
    const place = { run: 0, seq: 0, file: 'f.mp4', offset: 0, bytes: 9, sha256: '0'.repeat(64), codec: 'h264' }
    const rest = { mediaMs: atMs - zeroMs, durationMs: 500, samples: 12, stores: ['main'] }
    const fragments = tracks.map(
      (one): Told => ({
        is: 'fragment-stored',
        source: name,
        run: 0,
        fragment: { track: one.name, ...place, ...rest },
        gapMs: 0,
      }),
    )
    return [heard, ...fragments]
  })
}

export const script = fc.record({
  open: fc.option(fc.record({ sameBoot: fc.boolean(), paused: fc.boolean(), closing: fc.boolean() }), { freq: 1 }),
  policy: fc.constantFrom('resume' as const, 'close' as const),
  told: fc.array(
    fc.tuple(
      fc.oneof({ weight: 1, arbitrary: fc.constant(BREATH) }, { weight: 1, arbitrary: fc.oneof(...random) }),
      fc.constantFrom(0, 0, 1, 20, 100, 250, 250, 600, 4_000),
    ),
    { maxLength: 80, size: 'max' },
  ),
  ready: fc.boolean(),
  ending: fc.boolean(),
})
export type Script = typeof script extends fc.Arbitrary<infer T> ? T : never

const freeze = (value: unknown): void => {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return
  Object.freeze(value)
  Object.values(value).forEach(freeze)
}

/** Looks at one step of a script. */
export type Look = (before: State, event: Event, after: State, commands: Command[]) => void

/** Runs a script; whatever `decide` was given is frozen, so a mutation throws. */
export const play = (
  { open, policy, told, ready, ending }: Script,
  look: Look = () => {},
): { state: State; commands: Command[] } => {
  let state = initialState({ ...PLAN, afterInterruption: policy }, START_MS)
  let atMs = START_MS
  const all: Command[] = []
  const feed = (one: Told, afterMs: number) => {
    atMs += afterMs
    const event = { ...aimed(state, one), atMs, utcMs: START_UTC + atMs - START_MS } as Event
    freeze(state)
    freeze(event)
    const step = decide(state, event)
    look(state, event, step.state, step.commands)
    state = step.state
    all.push(...step.commands)
  }
  feed(
    { is: 'recorder-started', boot: 'boot-1', open: open ? openHearing(open) : null, lastRuns: {}, hearingIds: [] },
    0,
  )
  if (ready) for (const one of GOOD_MORNING) feed(one, 10)
  for (const [one, afterMs] of told) {
    if (one !== BREATH) feed(one, afterMs)
    else {
      for (const word of breathOf(state, atMs)) feed(word, 0)
      feed({ is: 'tick' }, 250)
      feed({ is: 'tick' }, 250)
    }
  }
  if (ending) {
    feed({ is: 'shutdown-asked', reason: WHY }, 10)
    for (let i = 0; i < 600; i++) feed({ is: 'tick' }, 250)
  }
  return { state, commands: all }
}
