import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Command } from '../../controller/core/command.ts'
import { decide } from '../../controller/core/decide.ts'
import type { Event } from '../../controller/core/event.ts'
import { lampOf } from '../../controller/core/lamp.ts'
import { initialState } from '../../controller/core/start.ts'
import type { State } from '../../controller/core/state.ts'
import { statusOf } from '../../controller/core/status.ts'
import { openHearing, PLAN, START_MS, START_UTC, type Told, WHY } from './room.ts'

const RUNS = 200

const source = fc.constantFrom('judge', 'mics', 'judge', 'mics', 'nobody')
const run = fc.integer({ min: 1, max: 4 })
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
    seq: fc.integer({ min: 1, max: 30 }),
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
    button: fc.constantFrom('rec', 'rec', 'off', 'stop', 'mark'),
    case: '7',
    note: '',
    by: 'clerk',
    request: 1,
  }),
  tell({
    is: 'worker-adopted',
    ...from,
    hearing: fc.option(hearing),
    gate: fc.constantFrom('open', 'closed'),
    armed: fc.boolean(),
  }),
  tell({ is: 'worker-connected', ...from }),
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
  tell({ is: 'fragments-found', source, fragments: fc.array(fragment, { maxLength: 3 }), reason: WHY }),
  tell({ is: 'salvage-ended', source }),
  tell({ is: 'store-probed', store, ok: fc.boolean(), freeBytes: 1e12, code: '', reason: WHY }),
  tell({ is: 'store-probed', store, ok: true, freeBytes: 1e12, code: '', reason: WHY }),
  tell({ is: 'journal-stored', store }),
  tell({ is: 'journal-failed', store, reason: WHY }),
  tell({ is: 'rebuild-ended', store, ok: fc.boolean(), copiedBytes: 1, reason: WHY }),
  tell({ is: 'hearing-finished', hearing }),
  tell({ is: 'clock-read', boot: 'boot-1', synchronized: fc.constantFrom(true, false, null) }),
]

/** Half of the scripts begin in a room that records, lest most presses be refused. */
const GOOD_MORNING: Told[] = [
  { is: 'tick' },
  { is: 'store-probed', store: 'main', ok: true, freeBytes: 1e12, code: '', reason: WHY },
  { is: 'store-probed', store: 'mirror', ok: true, freeBytes: 1e12, code: '', reason: WHY },
  { is: 'worker-armed', source: 'judge', run: 1 },
  { is: 'worker-armed', source: 'mics', run: 1 },
  { is: 'button-pressed', button: 'rec', case: '7', note: '', by: 'clerk', request: 1 },
]

/** Hearing ids are made of time and case, so words about the present hearing are put right on the way. */
const aimed = (state: State, told: Told): Told =>
  'hearing' in told && told.hearing !== 'another' && told.hearing !== null && 'hearing' in state.hearing
    ? { ...told, hearing: state.hearing.hearing.id }
    : told

const script = fc.record({
  open: fc.option(fc.record({ sameBoot: fc.boolean(), paused: fc.boolean(), closing: fc.boolean() })),
  policy: fc.constantFrom('resume' as const, 'close' as const),
  told: fc.array(fc.tuple(fc.oneof(...random), fc.constantFrom(0, 1, 100, 250, 600, 4_000)), { maxLength: 120 }),
  ready: fc.boolean(),
  ending: fc.boolean(),
})
type Script = typeof script extends fc.Arbitrary<infer T> ? T : never

const freeze = (value: unknown): void => {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return
  Object.freeze(value)
  Object.values(value).forEach(freeze)
}

type Look = (before: State, event: Event, after: State, commands: Command[]) => void

/** Runs a script; whatever `decide` was given is frozen, so a mutation throws. */
const play = (
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
  feed({ is: 'recorder-started', boot: 'boot-1', open: open ? openHearing(open) : null, lastRuns: {} }, 0)
  if (ready) for (const one of GOOD_MORNING) feed(one, 10)
  for (const [one, afterMs] of told) feed(one, afterMs)
  if (ending) {
    feed({ is: 'shutdown-asked', reason: WHY }, 10)
    for (let i = 0; i < 600; i++) feed({ is: 'tick' }, 250)
  }
  return { state, commands: all }
}

const holds = (look: () => Look) =>
  fc.assert(
    fc.property(script, (one) => {
      play(one, look())
    }),
    { numRuns: RUNS, seed: 20_261_123 },
  )

test('any events: nothing throws, nothing is mutated, the state is JSON, and the same events give the same', () => {
  fc.assert(
    fc.property(script, (one) => {
      const first = play(one)
      assert.equal(JSON.parse(JSON.stringify(first)), first)
      assert.is(JSON.stringify(play(one)), JSON.stringify(first))
    }),
    { numRuns: RUNS, seed: 20_261_123 },
  )
})

test('every command says why, to the clerk and to the engineer', () => {
  holds(() => (_before, _event, _after, commands) => {
    for (const one of commands) assert.ok(one.reason.clerk && one.reason.engineer, one.do)
  })
})

test('gates are opened only on the record, for the open hearing, by live workers with nothing to salvage', () => {
  holds(() => (_before, _event, after, commands) => {
    for (const one of commands) {
      if (one.do !== 'open-gate') continue
      if (after.hearing.is !== 'recording') throw new Error(`gate opened while ${after.hearing.is}`)
      assert.is(one.hearing, after.hearing.hearing.id)
      assert.is(after.sources[one.source]?.is, 'live')
      assert.not.ok(after.salvages[one.source])
      assert.ok(one.stores.length > 0)
    }
  })
})

test('off the record and after it no gate stays open', () => {
  holds(() => (_before, _event, after) => {
    if (after.hearing.is === 'recording' || after.recovery) return
    for (const gate of Object.values(after.gates)) assert.is(gate.is, 'shut')
  })
})

test('there are never two open hearings, and each is finished once', () => {
  holds(() => {
    const finished = new Set<string>()
    return (before, _event, _after, commands) => {
      for (const one of commands) {
        if (one.do === 'open-hearing') assert.ok(before.hearing.is === 'idle' || before.hearing.is === 'closed')
        if (one.do !== 'finish-hearing') continue
        assert.not.ok(finished.has(`${one.hearing}/${one.openedUtcMs}`))
        finished.add(`${one.hearing}/${one.openedUtcMs}`)
      }
    }
  })
})

test('the journal is written only while a hearing is open, and its last line closes it', () => {
  holds(() => {
    let open = false
    return (_before, event, _after, commands) => {
      if (event.is === 'recorder-started' && event.open) open = true
      for (const one of commands) {
        if (one.do === 'open-hearing') open = true
        if (one.do === 'journal') assert.ok(open, one.body.kind)
        if (one.do === 'journal' && one.body.kind === 'hearing-closed') open = false
      }
    }
  })
})

test('no fragment is journalled twice, and a track never goes back', () => {
  holds(() => {
    const seen = new Set<string>()
    return (_before, _event, _after, commands) => {
      for (const one of commands) {
        if (one.do === 'open-hearing') seen.clear()
        if (one.do !== 'journal' || !('fragments' in one.body)) continue
        for (const { track: name, run: of, seq } of one.body.fragments) {
          assert.not.ok(seen.has(`${name}/${of}/${seq}`))
          seen.add(`${name}/${of}/${seq}`)
        }
      }
    }
  })
})

test('a steady lamp means fresh bytes of every required track, and no failed disk', () => {
  holds(() => (_before, event, after) => {
    statusOf(after, event.atMs)
    if (lampOf(after, event.atMs) !== 'steady') return
    assert.is(after.hearing.is, 'recording')
    for (const one of Object.values(after.tracks)) assert.ok(event.atMs - (one.confirmedMs ?? -1e9) <= 2_000)
    for (const one of Object.values(after.stores)) assert.is.not(one.is, 'failed')
  })
})

test('asked to end, the recorder always ends, once', () => {
  fc.assert(
    fc.property(script, (one) => {
      const { commands } = play({ ...one, ending: true })
      assert.is(commands.filter((command) => command.do === 'exit').length, 1)
    }),
    { numRuns: RUNS, seed: 20_261_123 },
  )
})

test.run()
