/** Adoption (R10): workers that outlived the controller are taken over, and tell what they recorded meanwhile. */
import { type Reason, reason } from '../base/reason.ts'
import type { Command } from './command.ts'
import type { EventOf } from './event.ts'
import { closeGates, correctStores, leaveHearing, openLateGate, sinceOf } from './gate.ts'
import type { Gate, Source, State, Track } from './state.ts'
import { drop, follow, put, type Step, stay } from './step.ts'
import { nameOfSource } from './words.ts'
import { workerSpoke } from './worker.ts'
import { openHearingOf, write } from './write.ts'

type Adopted = EventOf<'worker-adopted'>

/** A worker that lives is found on its socket. */
export const workerAdopted = (state: State, event: Adopted): Step => {
  const { source, run } = event
  const one = state.sources[source]
  const called = nameOfSource(state.plan, source)
  if (!one || state.shuttingDown) return dismiss(state, event, reason(`${called} is not used`, 'not in the plan'))
  if (one.is !== 'waiting' && one.is !== 'off') return meetAgain(state, event, one)
  const why = reason(`${called} went on by itself`, `run ${run} outlived the controller and is adopted`)
  return follow(
    take(state, event, why),
    (next) => joinHearing(next, event, why),
    (next) => (event.armed ? openLateGate(next, event, source) : stay(next)),
  )
}

/** The source has a worker already. The same one is no news; of two at one device the one that is known stays. */
const meetAgain = (state: State, event: Adopted, known: Source): Step => {
  const { source, run, armed } = event
  if (known.run === run) return armed ? workerSpoke(state, { ...event, is: 'worker-armed' }) : stay(state)
  const why = reason(
    `${nameOfSource(state.plan, source)} was started twice`,
    `run ${run} was found while run ${known.run} is ${known.is}`,
  )
  return { state: rememberRun(state, source, run), commands: [{ do: 'kill-worker', source, run, reason: why }] }
}

const rememberRun = (state: State, source: string, run: number): State => ({
  ...state,
  lastRuns: put(state.lastRuns, source, Math.max(run, state.lastRuns[source] ?? 0)),
})

const dismiss = (state: State, { source, run }: Adopted, why: Reason): Step => ({
  state,
  commands: [{ do: 'end-worker', source, run, reason: why }],
})

const take = (state: State, event: Adopted, why: Reason): Step => {
  const { source, run, atMs, armed } = event
  const taken: Source = armed
    ? { is: 'live', run, attempt: 1, sinceMs: atMs, heardMs: atMs }
    : { is: 'starting', run, attempt: 1, sinceMs: atMs, reason: null }
  const next = { ...rememberRun(state, source, run), sources: put(state.sources, source, taken) }
  return { state: next, commands: write(next, event, { kind: 'source', source, run, to: taken.is, reason: why }, why) }
}

/** A worker of the open hearing catches up and goes on; of any other it closes for good. */
const joinHearing = (state: State, event: Adopted, why: Reason): Step => {
  const { source, run, atMs, hearing } = event
  if (hearing === null) return stay(state)
  if (openHearingOf(state.hearing)?.id !== hearing) {
    const over = reason(`${nameOfSource(state.plan, source)} ends an earlier hearing`, `${hearing} is not open`)
    return { state, commands: [{ do: 'close-gate', source, run, atMs, final: true, reason: over }] }
  }
  const gate: Gate = { is: event.gate === 'open' ? 'open' : 'shut', run, sinceMs: atMs }
  const catchUp: Command = { do: 'catch-up', source, run, since: sinceOf(state, source, run), reason: why }
  const next: State = {
    ...state,
    gates: put(state.gates, source, gate),
    salvages: drop(state.salvages, source),
    tracks: pardonTracks(state.tracks, source),
    recovery: state.recovery && { ...state.recovery, living: true },
  }
  return follow(
    { state: next, commands: [catchUp] },
    (now) => correctStores(now, source, event, why),
    (now) => closeIfDue(now, event, why),
  )
}

/** The tracks of a worker that never stopped have no trouble to blame a gap on. */
const pardonTracks = (tracks: Record<string, Track>, source: string): Record<string, Track> => {
  const pardoned = { ...tracks }
  for (const [name, track] of Object.entries(tracks))
    if (track.config.source === source) pardoned[name] = { ...track, trouble: null }
  return pardoned
}

/** Off the record nothing may be written, and a closing hearing waits for this worker too (R21). */
const closeIfDue = (state: State, event: Adopted, why: Reason): Step => {
  const { hearing, gates } = state
  const { source } = event
  const final = hearing.is === 'closing'
  if (hearing.is === 'recording' || (hearing.is === 'off-record' && event.gate === 'closed')) return stay(state)
  const closed = closeGates({ ...state, gates: { [source]: gates[source]! } }, event, final, why)
  const waiting: State = { ...leaveHearing(state, source), gates: { ...gates, ...closed.state.gates } }
  if (waiting.hearing.is === 'closing')
    waiting.hearing = { ...waiting.hearing, waitingFor: [...waiting.hearing.waitingFor, source] }
  return { state: waiting, commands: closed.commands }
}
