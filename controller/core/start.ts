/** The beginning: an empty state from the plan, and the sources on their marks. */
import { reason } from '../base/reason.ts'
import { freshDisk } from './disk-facts.ts'
import type { EventOf, PressId } from './event.ts'
import { recover } from './recovery.ts'
import { firstTestDue } from './self-test.ts'
import type { Panel, Plan, Source, State, Store, Track } from './state.ts'
import { type Step, stay } from './step.ts'
import { freshTrack } from './track.ts'
import { nameOfSource } from './words.ts'

/** All that is known before anything has happened. `atMs` is when the program began. */
export const initialState = (plan: Plan, atMs: number): State => ({
  plan,
  boot: '',
  hearing: { is: 'idle' },
  sources: Object.fromEntries(plan.sources.map(({ name }): [string, Source] => [name, { is: 'off', run: 0 }])),
  tracks: Object.fromEntries(plan.tracks.map((config): [string, Track] => [config.name, freshTrack(config)])),
  stores: Object.fromEntries(plan.stores.map((name): [string, Store] => [name, { is: 'unknown', sinceMs: atMs }])),
  panels: Object.fromEntries(plan.panels.map(({ name }): [string, Panel] => [name, { is: 'unknown' }])),
  presses: { startedMs: atMs, taken: {}, refusedMs: null },
  disks: Object.fromEntries(plan.stores.map((name) => [name, freshDisk()])),
  examining: null,
  gates: {},
  salvages: {},
  hearingIds: [],
  lastRuns: {},
  recovery: null,
  unwritten: [],
  unwrittenMirrored: [],
  unsigned: null,
  lateSigning: { count: 0, isTrying: false, triedMs: atMs },
  witnessAway: null,
  hubAway: null,
  selfTest: null,
  trial: { number: 0, sinceMs: null, dueUtcMs: null, testedUtcMs: null },
  journalStoredMs: null,
  clockOffsetMs: null,
  clockSynchronized: null,
  clockStep: null,
  board: { is: plan.hasBoard ? 'awaited' : 'absent' },
  ups: { is: plan.hasUps ? 'awaited' : 'absent' },
  power: { supply: { is: 'mains' }, wasOnMains: false, flickers: { count: 0, longestMs: 0, toldMs: null } },
  lastClockMs: atMs,
  lastTickMs: atMs,
  lastSummaryMs: atMs,
  lastCheckpointMs: atMs,
  scrub: { running: false, endedMs: atMs, due: false, troubles: {} },
  shuttingDown: null,
})

type Started = EventOf<'recorder-started'>

/** Sources wait for the first tick: by then every worker that still lives has been adopted. */
export const recorderStarted = (state: State, event: Started): Step => {
  if (state.boot) return stay(state)
  const sources: Record<string, Source> = {}
  const lastRuns: Record<string, number> = {}
  for (const { name } of state.plan.sources) {
    const run = lastRunOf(state, event, name)
    const why = reason(`${nameOfSource(state.plan, name)} is being started`, 'the recorder started')
    sources[name] = { is: 'waiting', run, attempt: 0, retryAtMs: event.atMs + 1, reason: why }
    lastRuns[name] = run
  }
  const { boot, hearingIds } = event
  const presses = { ...state.presses, taken: takenBefore(event) }
  const next: State = { ...state, boot, hearingIds, sources, lastRuns, presses, lastTickMs: event.atMs }
  const due = firstTestDue(next, event)
  return event.open ? recover(due, event, event.open) : stay(due)
}

/** Either may know of a press that the other does not: one was written, and then the power failed. */
const takenBefore = ({ open, taken = {} }: Started): Record<string, PressId[]> => {
  const both = [...Object.entries(taken), ...Object.entries(open?.presses ?? {})]
  const names = new Set(both.map(([name]) => name))
  return Object.fromEntries(
    [...names].map((name) => [name, both.filter(([other]) => other === name).map(([, id]) => id)]),
  )
}

/** The open hearing may know of a younger worker than the sockets do. */
const lastRunOf = (state: State, { open, lastRuns }: Started, source: string): number => {
  const names = state.plan.tracks.filter((track) => track.source === source).map((track) => track.name)
  const journalled = names.map((name) => open?.tracks[name]?.run ?? 0)
  return Math.max(0, lastRuns[source] ?? 0, open?.lastRuns?.[source] ?? 0, ...journalled)
}
