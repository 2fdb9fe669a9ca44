/** Settings that are taken while the recorder runs: what people call things, and how often it looks at what. */
import type { TrackConfig } from '../wire/config.ts'
import type { EventOf } from './event.ts'
import { nextDaily } from './self-test.ts'
import type { State, Track } from './state.ts'
import type { Step } from './step.ts'
import { write } from './write.ts'

/** What is recorded, and by which rules, stays the same: nothing else of the new plan is looked at. */
export const settingsChanged = (state: State, event: EventOf<'settings-changed'>): Step => {
  const { room, scrubEveryMs, trialDailyMs, examineEveryMs, slowMs } = event.plan
  const labels = new Map(event.plan.tracks.map(({ name, label }) => [name, label]))
  const named = (track: TrackConfig): TrackConfig => ({ ...track, label: labels.get(track.name) ?? track.label })
  const tracks = state.plan.tracks.map(named)
  const { dueUtcMs } = state.trial
  const isAhead = dueUtcMs !== null && dueUtcMs > event.utcMs
  const next: State = {
    ...state,
    plan: { ...state.plan, room, tracks, scrubEveryMs, trialDailyMs, examineEveryMs, slowMs },
    tracks: Object.fromEntries(
      Object.entries(state.tracks).map(([name, track]): [string, Track] => [
        name,
        { ...track, config: named(track.config) },
      ]),
    ),
    trial: { ...state.trial, dueUtcMs: isAhead ? nextDaily(event.utcMs, trialDailyMs) : dueUtcMs },
  }
  // Whoever reads the journal learns which configuration was in force from here on (R18).
  return { state: next, commands: write(next, event, { kind: 'configuration', sha256: event.sha256 }, event.reason) }
}
