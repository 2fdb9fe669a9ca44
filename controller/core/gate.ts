/** Gates: a worker's gate is open only while its hearing is on the record (R21), and it writes to every store that works. */
import { type Reason, reason } from '../base/reason.ts'
import type { Command } from './command.ts'
import type { Stamp } from './event.ts'
import type { Gate, OpenedHearing, State, Store } from './state.ts'
import { drop, put, type Step, stay } from './step.ts'
import { nameOfSource } from './words.ts'
import { openHearingOf } from './write.ts'

/** Anything but failed is written to: a late store may yet catch up, an unknown one has not said no. */
export const isWritable = (store: Store): boolean => store.is !== 'failed'

/** The stores a gate writes to; all of them when every one has failed, for the workers never stop trying (R12). */
export const storesToWrite = (state: State): string[] => {
  const writable = state.plan.stores.filter((name) => isWritable(state.stores[name]!))
  return writable.length ? writable : state.plan.stores
}

/** Opens the gate of a source that is live, takes no part in the hearing yet, and has nothing left to salvage. */
export const openGate = (state: State, at: Stamp, source: string, why: Reason): Step => {
  const { hearing, recovery } = state
  const one = state.sources[source]
  // Until the first tick nobody knows whether the interrupted hearing goes on.
  if (hearing.is !== 'recording' || recovery || one?.is !== 'live') return stay(state)
  if (state.gates[source]?.is === 'open' || state.salvages[source]) return stay(state)
  const gate: Gate = { is: 'open', run: one.run, sinceMs: at.atMs }
  return {
    state: { ...state, gates: put(state.gates, source, gate) },
    commands: [openCommand(state, hearing.hearing, source, gate, why)],
  }
}

const openCommand = (state: State, hearing: OpenedHearing, source: string, gate: Gate, why: Reason): Command => ({
  do: 'open-gate',
  source,
  run: gate.run,
  hearing: hearing.id,
  zeroMs: hearing.zeroMs,
  atMs: gate.sinceMs,
  utcMs: hearing.openedUtcMs,
  stores: storesToWrite(state),
  reason: why,
})

/** How a worker says that it stands. */
export interface ToldGate {
  hearing: string | null
  gate: 'open' | 'closed'
  stores: string[]
}

/** Whatever was said while the connection was broken is said again: the gate becomes what it shall be (R21). */
export const correctGate = (state: State, source: string, told: ToldGate, why: Reason): Step => {
  const gate = state.gates[source]
  const open = openHearingOf(state.hearing)
  if (!gate || !open) return stay(state)
  const final = state.hearing.is === 'closing'
  const takesPart = told.hearing === open.id
  if (gate.is === 'open' && !(takesPart && told.gate === 'open'))
    return { state, commands: [openCommand(state, open, source, gate, why)] }
  // It has closed, and its word was lost.
  if (!takesPart) return stay(final ? leaveHearing(state, source) : state)
  if (gate.is === 'open' || (told.gate === 'closed' && !final)) return stay(state)
  const { run, sinceMs } = gate
  return { state, commands: [{ do: 'close-gate', source, run, atMs: sinceMs, final, reason: why }] }
}

/**
 * A worker may have missed that a disk came back, or went: the recorder was away, or the connection broken. Left alone it
 * would never write to that disk again (R12).
 */
export const correctStores = (state: State, source: string, told: ToldGate, why: Reason): Step => {
  const gate = state.gates[source]
  const open = openHearingOf(state.hearing)
  if (!gate || !open || told.hearing !== open.id || state.hearing.is === 'closing') return stay(state)
  const { run } = gate
  const wanted = storesToWrite(state)
  const missed = wanted.filter((store) => !told.stores.includes(store))
  const useless = told.stores.filter((store) => !wanted.includes(store))
  return {
    state,
    commands: [
      ...missed.map((store): Command => ({ do: 'join-store', source, run, store, reason: why })),
      ...useless.map((store): Command => ({ do: 'leave-store', source, run, store, reason: why })),
    ],
  }
}

/** Opens the gate of a source that came late to a hearing on the record. */
export const openLateGate = (state: State, at: Stamp, source: string): Step =>
  openGate(
    state,
    at,
    source,
    reason(`${nameOfSource(state.plan, source)} is recorded from now on`, `${source} became ready while recording`),
  )

/** Opens every gate that can be. */
export const openGates = (state: State, at: Stamp, why: Reason): Step => {
  let step = stay(state)
  for (const { name } of state.plan.sources) {
    const next = openGate(step.state, at, name, why)
    step = { state: next.state, commands: [...step.commands, ...next.commands] }
  }
  return step
}

/** Closes the gates of all workers that take part; `final` when the hearing is over. */
export const closeGates = (state: State, at: Stamp, final: boolean, why: Reason): Step => {
  const gates: Record<string, Gate> = {}
  const commands: Command[] = []
  for (const [source, { run, is, sinceMs }] of Object.entries(state.gates)) {
    gates[source] = { is: 'shut', run, sinceMs: is === 'shut' ? sinceMs : at.atMs }
    if (final || is === 'open') commands.push({ do: 'close-gate', source, run, atMs: at.atMs, final, reason: why })
  }
  return { state: { ...state, gates }, commands }
}

/** The worker of `source` takes no part any more: it has closed, or it is dead. A closing hearing waits no longer for it. */
export const leaveHearing = (state: State, source: string): State => {
  const { hearing } = state
  return {
    ...state,
    gates: drop(state.gates, source),
    hearing:
      hearing.is === 'closing'
        ? { ...hearing, waitingFor: hearing.waitingFor.filter((name) => name !== source) }
        : hearing,
  }
}

/** The last fragment known of each track of `source` in `run`, from where a worker catches up (R10). */
export const sinceOf = (state: State, source: string, run: number): Record<string, number> => {
  const since: Record<string, number> = {}
  for (const [name, track] of Object.entries(state.tracks))
    if (track.config.source === source) since[name] = track.run === run ? track.seq : 0
  return since
}
