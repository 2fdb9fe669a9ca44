/** What the room looks like now, for the clerk's page and the command line. A pure view of the state. */
import { utcText } from '../base/units.ts'
import type { Status } from '../wire/clerk.ts'
import { diskView } from './disk-view.ts'
import { hoursLeft } from './forecast.ts'
import { healthOf } from './health.ts'
import { mediaMsAt } from './hearing.ts'
import { lampOf } from './lamp.ts'
import type { HearingState, Source, State, Store, Track } from './state.ts'
import { alarmsOf } from './trouble.ts'

const hearingView = (hearing: HearingState, atMs: number): Pick<Status, 'hearing' | 'case' | 'mediaMs'> => {
  if (hearing.is === 'idle') return { hearing: null, case: null, mediaMs: null }
  if (hearing.is === 'closed') return { hearing: hearing.id, case: hearing.case, mediaMs: hearing.mediaMs }
  const { id, case: caseNumber } = hearing.hearing
  return { hearing: id, case: caseNumber, mediaMs: mediaMsAt(hearing.hearing, atMs) }
}

const sourceView = (name: string, source: Source): Status['sources'][number] => ({
  name,
  state: source.is,
  run: source.run,
  why: 'reason' in source && source.reason ? source.reason.clerk : null,
})

const trackView = (track: Track, atMs: number): Status['tracks'][number] => ({
  name: track.config.name,
  label: track.config.label,
  source: track.config.source,
  confirmedAgoMs: track.confirmedMs === null ? null : Math.max(0, atMs - track.confirmedMs),
  seconds: track.seconds,
  fragments: track.fragments,
  bytes: track.bytes,
  gaps: track.gaps,
  levelDbfs: track.level?.rmsDbfs ?? null,
  alarms: alarmsOf(track.signals),
})

const storeView = (state: State, name: string, path: string, store: Store): Status['stores'][number] => ({
  name,
  path,
  state: store.is,
  freeBytes: 'freeBytes' in store ? store.freeBytes : null,
  hoursLeft: hoursLeft(store, state.plan.bytesPerSecond),
  why: 'reason' in store ? store.reason.clerk : null,
  disk: diskView(state, name),
})

const panelView = (state: State, name: string, role: string): Status['panels'][number] => {
  const last = state.presses.taken[name]?.at(-1)
  return {
    ...{ name, role, state: state.panels[name]?.is ?? 'unknown' },
    lastPress: last ? `${last.epoch}/${last.number}` : null,
  }
}

/** `paths` are the stores' folders, which the core does not know. */
export const statusOf = (state: State, atMs: number, paths: Record<string, string> = {}): Status => ({
  room: state.plan.room,
  state: state.hearing.is,
  lamp: lampOf(state, atMs),
  ...hearingView(state.hearing, atMs),
  sources: state.plan.sources.map(({ name }) => sourceView(name, state.sources[name]!)),
  tracks: state.plan.tracks.map(({ name }) => trackView(state.tracks[name]!, atMs)),
  stores: state.plan.stores.map((name) => storeView(state, name, paths[name] ?? '', state.stores[name]!)),
  panels: state.plan.panels.map(({ name, role }) => panelView(state, name, role)),
  health: healthOf(state),
  selfTest: state.selfTest ?? [],
  selfTesting: state.trial.sinceMs !== null,
  selfTestedUtc: state.trial.testedUtcMs === null ? null : utcText(state.trial.testedUtcMs),
})
