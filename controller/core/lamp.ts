/** The REC lamp: driven by media and journal confirmed on disk, never by the press of a button (R20). */
import { isLampTroubled } from './health.ts'
import type { State, Track } from './state.ts'

export type Lamp = 'dark' | 'steady' | 'blinking'

/** The lamp tells the truth at most this late. */
export const FRESH_MS = 2_000

const isFresh = (confirmedMs: number | null, atMs: number): boolean =>
  confirmedMs !== null && atMs - confirmedMs <= FRESH_MS

const isOnDisk = (track: Track, atMs: number): boolean => isFresh(track.confirmedMs, atMs)

/** Dark when nothing shall be recorded, steady only when everything required is on disk, blinking otherwise. */
export const lampOf = (state: State, atMs: number): Lamp => {
  if (state.hearing.is !== 'recording') return 'dark'
  const required = new Set(state.plan.sources.filter((source) => source.required).map(({ name }) => name))
  const tracks = Object.values(state.tracks).filter((track) => required.has(track.config.source))
  // With nothing required, something must still be on disk before the lamp may say so.
  const media = tracks.length
    ? tracks.every((track) => isOnDisk(track, atMs))
    : Object.values(state.tracks).some((track) => isOnDisk(track, atMs))
  const fresh = media && isFresh(state.journalStoredMs, atMs)
  return fresh && !isLampTroubled(state) ? 'steady' : 'blinking'
}
