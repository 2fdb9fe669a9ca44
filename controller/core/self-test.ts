/**
 * The self-test (R23): what the recorder found when it tested itself, and when it makes a trial recording of every source.
 * That runs after the start, once a day and when somebody asks, only in the calm between hearings; REC ends it at once.
 */
import { type Reason, reason } from '../base/reason.ts'
import { DAY_MS } from '../base/units.ts'
import type { SelfTestResult } from '../journal/entry.ts'
import type { Command } from './command.ts'
import { findingsOf, verdictOnDisk } from './disk.ts'
import type { EventOf, Stamp } from './event.ts'
import { isWritable } from './gate.ts'
import { isCalm } from './scrub.ts'
import type { State } from './state.ts'
import { type Step, stay } from './step.ts'
import { nameOfStore } from './words.ts'
import { write } from './write.ts'

/** Sources that are just being started are waited for, but not for longer. */
export const WAIT_FOR_SOURCES_MS = 60_000
/** A test whose end is never told stands in nobody's way for longer. */
export const LOST_TEST_MS = 300_000

/** The next time of day at `dailyMs` after midnight UTC. */
export const nextDaily = (utcMs: number, dailyMs: number): number => {
  const today = Math.floor(utcMs / DAY_MS) * DAY_MS + dailyMs
  return today > utcMs ? today : today + DAY_MS
}

/** When the first one is due. */
export const firstTestDue = (state: State, at: Stamp): State => {
  const { trialAtStart, trialDailyMs } = state.plan
  const dueUtcMs = trialAtStart ? at.utcMs : nextDaily(at.utcMs, trialDailyMs)
  return { ...state, trial: { ...state.trial, dueUtcMs } }
}

const begin = (state: State, at: Stamp, why: Reason): Step => {
  const number = state.trial.number + 1
  const sources = Object.entries(state.sources).flatMap(([source, { is, run }]) =>
    is === 'live' ? [{ source, run }] : [],
  )
  const stores = state.plan.stores.filter((name) => isWritable(state.stores[name]!))
  const trial = { ...state.trial, number, sinceMs: at.atMs, dueUtcMs: nextDaily(at.utcMs, state.plan.trialDailyMs) }
  return { state: { ...state, trial }, commands: [{ do: 'self-test', trial: number, sources, stores, reason: why }] }
}

const areSettled = (state: State, at: Stamp): boolean =>
  Object.values(state.sources).every(({ is }) => is === 'live') ||
  at.utcMs - (state.trial.dueUtcMs ?? at.utcMs) >= WAIT_FOR_SOURCES_MS

export const tickSelfTest = (state: State, at: EventOf<'tick'>): Step => {
  const { trial, hearing, shuttingDown, recovery } = state
  if (trial.sinceMs !== null) {
    const isLost = at.atMs - trial.sinceMs >= LOST_TEST_MS
    return stay(isLost ? { ...state, trial: { ...trial, sinceMs: null } } : state)
  }
  const isFree = !shuttingDown && !recovery && (hearing.is === 'idle' || isCalm(state, at.atMs))
  if (!isFree || trial.dueUtcMs === null || at.utcMs < trial.dueUtcMs || !areSettled(state, at)) return stay(state)
  return begin(state, at, reason('The recorder tests itself', 'after the start, and once a day'))
}

/** Somebody asks for it. */
export const selfTestAsked = (state: State, event: EventOf<'self-test-asked'>): Step => {
  const { hearing, shuttingDown, trial } = state
  const answer = (accepted: boolean, code: string, why: Reason): Command => ({
    do: 'answer',
    ...{ request: event.request, accepted, code, hearing: null, reason: why },
  })
  if (hearing.is !== 'idle' && hearing.is !== 'closed') {
    const why = reason('A hearing is open: test when it is over', `asked while ${hearing.is}`)
    return { state, commands: [answer(false, 'HEARING_OPEN', why)] }
  }
  if (shuttingDown) {
    const why = reason('The recorder is being switched off', shuttingDown.engineer)
    return { state, commands: [answer(false, 'SHUTTING_DOWN', why)] }
  }
  const why = reason('The recorder tests itself', 'asked for')
  const begun = trial.sinceMs === null ? begin(state, event, why) : stay(state)
  return { state: begun.state, commands: [...begun.commands, answer(true, 'TESTING', why)] }
}

/** The disks and workers are a hearing's own; what was interrupted is done again after it. */
export const stopSelfTest = (state: State, at: Stamp): Step => {
  const { trial, hearing, shuttingDown } = state
  const isFree = (hearing.is === 'idle' || hearing.is === 'closed') && !shuttingDown
  if (trial.sinceMs === null || isFree) return stay(state)
  const command: Command = { do: 'stop-self-test', reason: reason('The self-test is put off', 'a hearing, or the end') }
  return { state: { ...state, trial: { ...trial, sinceMs: null, dueUtcMs: at.utcMs } }, commands: [command] }
}

/** A hearing that was taken up again may be open by then. `trial` is null for the short test at the very start. */
export const selfTested = (state: State, event: EventOf<'self-tested'>): Step => {
  const { trial } = state
  if (event.trial === null) return told({ ...state, selfTest: event.results }, event)
  if (trial.sinceMs === null || trial.number !== event.trial) return stay(state)
  const selfTest = [...event.results, ...diskResults(state), ...panelResults(state)]
  return told({ ...state, selfTest, trial: { ...trial, sinceMs: null, testedUtcMs: event.utcMs } }, event)
}

const told = (state: State, at: Stamp): Step => ({ state, commands: writeSelfTest(state, at) })

/** What is known of the disks already need not be found out again. */
const diskResults = (state: State): SelfTestResult[] =>
  state.plan.stores.map((store) => {
    const verdict = verdictOnDisk(state, store)
    const found = findingsOf(state, store).map(({ why }) => why.engineer)
    const ok = verdict !== 'failing' && verdict !== 'failed'
    return {
      what: `disk ${store}`,
      ok,
      detail: [verdict, ...found].join('; '),
      ...(ok && verdict !== 'good' ? { warning: true } : {}),
      ...(verdict === 'good' ? {} : { toDo: `${nameOfStore(store)}: see "verbatim status", which says what to do` }),
    }
  })

/** Whether a panel is there, and a button stuck; its lamps were lit in turn for whoever stands before it. */
const panelResults = (state: State): SelfTestResult[] =>
  state.plan.panels.map(({ name, role }) => {
    const what = `panel ${name}`
    const panel = state.panels[name]
    const failed = (detail: string, toDo: string): SelfTestResult => ({ what, ok: false, detail, toDo })
    if (panel?.is !== 'found') {
      const why = panel?.is === 'lost' ? panel.reason.engineer : 'it has not spoken yet'
      return failed(why, 'Check its cable. Presses on the command line work meanwhile.')
    }
    if (panel.stuck.length)
      return failed(`stuck: ${panel.stuck.join(', ')}`, 'Free the button. If it stays stuck, have the panel replaced.')
    return { what, ok: true, detail: `${role}, found; each lamp was lit in turn` }
  })

/** Nothing while the test still runs: its end is told to an open hearing too. */
export const writeSelfTest = (state: State, at: Stamp): Command[] => {
  const { selfTest: results } = state
  if (!results) return []
  const failed = results.filter(({ ok }) => !ok).map(({ what, detail }) => `${what}: ${detail}`)
  const why = reason(
    failed.length ? 'The recorder tested itself and found faults' : 'The recorder tested itself and is in order',
    failed.join('; ') || `${results.length} tests passed`,
  )
  return write(state, at, { kind: 'self-test', results }, why)
}
