/** What of the metrics the core knows. What is not known is left out; it is never 0 instead. */
import type { Metrics } from '../../wire/fleet/metrics.ts'
import { p95 } from '../disk.ts'
import type { Stamp } from '../event.ts'
import { hoursForecast } from '../forecast.ts'
import { FRESH_MS } from '../lamp.ts'
import type { State, Track } from '../state.ts'

export type Numbers = Partial<Omit<Metrics, 'at'>>

const round = (value: number, digits = 1): number => Math.round(value * 10 ** digits) / 10 ** digits

const requiredTracks = (state: State): Track[] => {
  const required = new Set(state.plan.sources.flatMap(({ name, required }) => (required ? name : [])))
  return Object.values(state.tracks).filter(({ config }) => required.has(config.source))
}

/** The first disk is `store`, the second `mirror`, whatever they are called. */
const diskNumbers = (state: State): Numbers => {
  const [first, second] = state.plan.stores
  const free = (name: string | undefined) => {
    const store = name === undefined ? undefined : state.stores[name]
    return store && 'freeBytes' in store ? store.freeBytes : undefined
  }
  const write = (name: string | undefined) => {
    const probes = (name === undefined ? undefined : state.disks[name]?.probesMs) ?? []
    return probes.length ? round(p95(probes)) : undefined
  }
  const hours = hoursForecast(state)
  return known({
    hours_left: hours === null ? undefined : round(hours, 2),
    store_free_bytes: free(first),
    mirror_free_bytes: free(second),
    store_write_p95_ms: write(first),
    mirror_write_p95_ms: write(second),
  })
}

const recordingNumbers = (state: State, { atMs }: Stamp): Numbers => {
  const tracks = requiredTracks(state)
  const isRecording = state.hearing.is === 'recording'
  const fresh = Object.values(state.tracks).filter(
    ({ confirmedMs }) => confirmedMs !== null && atMs - confirmedMs <= FRESH_MS,
  )
  // Before the first byte the time since REC is what nobody has confirmed.
  const sinceMs = 'sinceMs' in state.hearing ? state.hearing.sinceMs : atMs
  const ages = tracks.map(({ confirmedMs }) => atMs - Math.max(confirmedMs ?? sinceMs, sinceMs))
  return {
    tracks_recorded: isRecording ? fresh.length : 0,
    tracks_required: isRecording ? tracks.length : 0,
    ...(isRecording && ages.length ? { confirmed_age_max_ms: Math.max(0, Math.round(Math.max(...ages))) } : {}),
  }
}

const loudest = (state: State): Numbers => {
  const levels = Object.values(state.tracks).flatMap(({ level }) => (level ? level.rmsDbfs : []))
  return levels.length ? { audio_level_max_dbfs: round(Math.max(...levels)) } : {}
}

/** Media confirmed in the open hearing, for the rate between two looks. */
export const bytesRecorded = (state: State): number =>
  Object.values(state.tracks).reduce((sum, { bytes }) => sum + bytes, 0)

/** @param before the look before; its hearing may be another */
export const rateBetween = (before: { state: State; atMs: number }, after: { state: State; atMs: number }): Numbers => {
  const bytes = bytesRecorded(after.state) - bytesRecorded(before.state)
  const isOne = before.state.hearing.is === 'recording' && after.state.hearing.is === 'recording'
  if (!isOne || bytes < 0 || after.atMs <= before.atMs) return {}
  return { recorded_bytes_per_second: Math.round((bytes / (after.atMs - before.atMs)) * 1_000) }
}

export const numbersOf = (state: State, at: Stamp): Numbers => ({
  ...diskNumbers(state),
  ...recordingNumbers(state, at),
  ...loudest(state),
})

const known = (numbers: Record<string, number | undefined>): Numbers =>
  Object.fromEntries(Object.entries(numbers).filter(([, value]) => value !== undefined))
