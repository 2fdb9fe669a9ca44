/** The source machines within the room: what their changes mean for the hearing, its gates and its journal. */
import type { Reason } from '../base/reason.ts'
import type { Command } from './command.ts'
import type { EventOf, Stamp } from './event.ts'
import { correctGate, correctStores, openLateGate, sinceOf } from './gate.ts'
import { salvageAfter, salvageOwed } from './salvage.ts'
import { endTrackSignals } from './signal.ts'
import { endSource, failSource, type SourceEvent, type SourceFacts, type SourceStep, stepSource } from './source.ts'
import type { Source, State, Track } from './state.ts'
import { follow, put, type Step, stay } from './step.ts'
import { nameOfSource } from './words.ts'
import { write } from './write.ts'

const factsOf = (state: State, name: string): SourceFacts => ({
  name,
  called: nameOfSource(state.plan, name),
  lastRun: state.lastRuns[name] ?? 0,
})

/** Every track of a source that failed knows why its next gap will be there (R6). */
export const blameTracks = (state: State, source: string, why: Reason): State => {
  const tracks: Record<string, Track> = { ...state.tracks }
  for (const [name, track] of Object.entries(tracks))
    if (track.config.source === source) tracks[name] = { ...track, trouble: why }
  return { ...state, tracks }
}

const dies = (before: Source, after: Source): boolean =>
  (after.is === 'waiting' || after.is === 'off') && before.is !== 'waiting' && before.is !== 'off'

/** Takes a source's step into the state: journalled, and followed by what a death or a birth asks for. */
export const takeSource = (state: State, at: Stamp, name: string, taken: SourceStep, certain: boolean): Step => {
  const before = state.sources[name]!
  const { source, commands, why } = taken
  if (source === before) return stay(state)
  const next: State = { ...state, sources: put(state.sources, name, source) }
  if (!why) return { state: next, commands }
  if (source.run > (state.lastRuns[name] ?? 0)) next.lastRuns = put(state.lastRuns, name, source.run)
  const body = { kind: 'source', source: name, run: source.run, to: source.is, reason: why } as const
  const first: Step = { state: next, commands: [...commands, ...write(next, at, body, why)] }
  if (source.is === 'live') return follow(first, (now) => openLateGate(now, at, name))
  if (!dies(before, source)) return first
  return follow(
    first,
    (now) => stay(blameTracks(now, name, why)),
    (now) => endTrackSignals(now, at, name, why),
    (now) => salvageAfter(now, at, name, source.run, certain),
  )
}

/** Word from, or about, one worker. */
export const workerSpoke = (state: State, event: Exclude<SourceEvent, { is: 'tick' }>): Step => {
  const before = state.sources[event.source]
  if (!before) return stay(state)
  const taken = stepSource(factsOf(state, event.source), before, event)
  const step = takeSource(state, event, event.source, taken, event.is === 'worker-exited')
  if (event.is !== 'worker-exited') return step
  return follow(step, (next) => salvageOwed(next, event, event.source, event.run))
}

/** A worker that connects again in the middle of a hearing may hold fragments that were never told (R10). */
export const workerConnected = (state: State, event: EventOf<'worker-connected'>): Step =>
  follow(workerSpoke(state, event), (next) => {
    const { source, run } = event
    if (next.gates[source]?.run !== run || next.sources[source]?.run !== run) return stay(next)
    const why = {
      clerk: `${nameOfSource(next.plan, source)} tells what it recorded meanwhile`,
      engineer: `run ${run} of ${source} connected again`,
    }
    const command: Command = { do: 'catch-up', source, run, since: sinceOf(next, source, run), reason: why }
    return follow(
      { state: next, commands: [command] },
      (now) => correctStores(now, source, event, why),
      (now) => correctGate(now, source, event, why),
    )
  })

/** Retries, time limits and hangs. While shutting down nothing new is started. */
export const tickSources = (state: State, at: EventOf<'tick'>): Step => {
  let step = stay(state)
  for (const [name, source] of Object.entries(state.sources)) {
    if (source.is === 'waiting' && state.shuttingDown) continue
    const taken = stepSource(factsOf(step.state, name), source, at)
    if (taken.source !== source) step = follow(step, (next) => takeSource(next, at, name, taken, false))
  }
  return step
}

/** Kills one worker for a reason the hearing knows. */
export const killWorker = (state: State, at: Stamp, name: string, engineer: string): Step => {
  const source = state.sources[name]
  if (!source || source.is === 'off' || source.is === 'waiting') return stay(state)
  return takeSource(state, at, name, failSource(factsOf(state, name), source, at.atMs, engineer), false)
}

/** Ends every worker in order. */
export const endWorkers = (state: State, at: Stamp, why: Reason): Step => {
  let step = stay(state)
  for (const [name, source] of Object.entries(state.sources)) {
    const taken = endSource(factsOf(state, name), source, at.atMs, why)
    if (taken.source !== source) step = follow(step, (next) => takeSource(next, at, name, taken, true))
  }
  return step
}
