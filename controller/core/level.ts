/** Levels: the last one for the lamps and the page, and a summary for the journal each ten seconds. */
import { reason } from '../base/reason.ts'
import type { LevelSummary } from '../journal/entry.ts'
import type { EventOf, Stamp } from './event.ts'
import type { State, Track } from './state.ts'
import { put, type Step, stay } from './step.ts'
import { NOTHING_HEARD } from './track.ts'
import { write } from './write.ts'

/** Digital silence has no logarithm; nothing a microphone delivers is below this. */
const FLOOR_DBFS = -200

const powerOf = (dbfs: number): number => 10 ** (Math.min(0, dbfs) / 10)
const dbfsOf = (power: number): number => (power > 0 ? Math.max(FLOOR_DBFS, 10 * Math.log10(power)) : FLOOR_DBFS)
const rounded = (value: number): number => Math.round(value * 10) / 10

export const levelMeasured = (state: State, event: EventOf<'level-measured'>): Step => {
  const track = state.tracks[event.track]
  if (track?.config.source !== event.source || state.sources[event.source]?.run !== event.run) return stay(state)
  const { rmsDbfs, peakDbfs, voice } = event
  const { heard } = track
  const next: Track = {
    ...track,
    level: { rmsDbfs, peakDbfs, voice },
    heard: {
      count: heard.count + 1,
      power: heard.power + powerOf(rmsDbfs),
      peakDbfs: Math.max(heard.peakDbfs, peakDbfs),
      voiced: heard.voiced + (voice ? 1 : 0),
    },
  }
  return stay({ ...state, tracks: put(state.tracks, event.track, next) })
}

/** One `levels` line for what was heard since the last, and the sums begin anew. */
export const summarizeLevels = (state: State, at: Stamp): Step => {
  const levels: LevelSummary[] = []
  const tracks = { ...state.tracks }
  for (const [name, track] of Object.entries(tracks)) {
    const { count, power, peakDbfs, voiced } = track.heard
    if (!count) continue
    levels.push({
      track: name,
      rmsDbfs: rounded(dbfsOf(power / count)),
      peakDbfs: rounded(peakDbfs),
      voice: Math.round((voiced / count) * 100) / 100,
    })
    tracks[name] = { ...track, heard: NOTHING_HEARD }
  }
  const next = { ...state, tracks, lastSummaryMs: at.atMs }
  if (!levels.length) return stay(next)
  const why = reason('How loud each microphone was', `levels of ${levels.length} tracks`)
  return { state: next, commands: write(next, at, { kind: 'levels', levels }, why) }
}
