/** Signals: silence, clipping, black and frozen pictures as workers tell them, and stalls as the core sees them (R7). */
import { type Reason, reason } from '../base/reason.ts'
import type { Command } from './command.ts'
import type { EventOf, Stamp } from './event.ts'
import type { State, Track } from './state.ts'
import { drop, put, type Step, stay } from './step.ts'
import { nameOfTrack } from './words.ts'
import { write } from './write.ts'

/** A tick may come so late; the limit of R7 holds all the same. */
const TICK_MS = 250
/** After its gate opened a camera may wait for a key frame, and a fragment takes half a second. */
const START_MS = 2_500

const change = (state: State, at: Stamp, name: string, what: string, begun: boolean, why: Reason): Step => {
  const track = state.tracks[name]!
  if (Object.hasOwn(track.signals, what) === begun) return stay(state)
  const signals = begun ? put(track.signals, what, why) : drop(track.signals, what)
  const body = { kind: 'signal', track: name, what, state: begun ? 'begun' : 'ended', reason: why } as const
  return {
    state: { ...state, tracks: put(state.tracks, name, { ...track, signals }) },
    commands: write(state, at, body, why),
  }
}

export const signalChanged = (state: State, event: EventOf<'signal-changed'>): Step => {
  const track = state.tracks[event.track]
  const source = state.sources[event.source]
  if (track?.config.source !== event.source || source?.run !== event.run) return stay(state)
  // A signal of a dead worker would never end.
  if (source.is !== 'live' && source.is !== 'starting') return stay(state)
  return change(state, event, event.track, event.what, event.state === 'begun', event.reason)
}

/** Ends the signals of a source's tracks: a dead camera is neither black nor frozen, it is gone. */
export const endTrackSignals = (state: State, at: Stamp, source: string, why: Reason): Step =>
  endSignals(state, at, why, (track) => track.config.source === source)

/** Off the record nothing can stall. */
export const endStalls = (state: State, at: Stamp, why: Reason): Step =>
  endSignals(state, at, why, () => true, 'stalled')

const endSignals = (state: State, at: Stamp, why: Reason, of: (track: Track) => boolean, only?: string): Step => {
  let next = state
  const commands: Command[] = []
  for (const [name, track] of Object.entries(state.tracks)) {
    if (!of(track)) continue
    for (const what of Object.keys(track.signals)) {
      if (only && what !== only) continue
      const step = change(next, at, name, what, false, why)
      next = step.state
      commands.push(...step.commands)
    }
  }
  return { state: next, commands }
}

/** Bytes arrived again. */
export const endStall = (state: State, at: Stamp, name: string): Step => {
  if (!state.tracks[name]?.signals.stalled) return stay(state)
  const why = reason(`${nameOfTrack(state.plan, name)} is on disk again`, 'a fragment was confirmed')
  return change(state, at, name, 'stalled', false, why)
}

const isStalled = (state: State, track: Track, atMs: number): boolean => {
  const gate = state.gates[track.config.source]
  if (gate?.is !== 'open' || track.signals.stalled) return false
  const sinceMs = Math.max(track.confirmedMs ?? 0, gate.sinceMs + START_MS)
  return atMs - sinceMs >= state.plan.stalledMs - TICK_MS
}

/** Open gates through which nothing has come to disk for too long. */
export const tickStalls = (state: State, at: Stamp): Step => {
  if (state.hearing.is !== 'recording') return stay(state)
  let next = state
  const commands: Command[] = []
  for (const [name, track] of Object.entries(state.tracks)) {
    if (!isStalled(state, track, at.atMs)) continue
    const why = reason(
      `Nothing arrives from ${nameOfTrack(state.plan, name)}: look at its cable and power`,
      `no fragment of ${name} was confirmed for ${state.plan.stalledMs} ms`,
    )
    const step = change(next, at, name, 'stalled', true, why)
    next = { ...step.state, tracks: put(step.state.tracks, name, { ...step.state.tracks[name]!, trouble: why }) }
    commands.push(...step.commands)
  }
  return { state: next, commands }
}
