/** Looks at both stores from outside, as fast as it is worth, until the first fragments of every track are durable. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { monotonicMs } from '../../../controller/base/monotonic.ts'

/** The moments, on CLOCK_MONOTONIC, by which every track on every store had got so far. */
export interface Arrivals {
  /** Sound is in its file. */
  bytesMs: number
  /** Its line is in the source's index, which is written after fdatasync of the sound has returned. */
  durableMs: number
  /** The hearing's journal says so. */
  journalMs: number
}

const LOOK_EVERY_MS = 4
const WITHIN_MS = 20_000

const textOf = (path: string): string => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

/** A segment file holds sound from its first byte: head and first fragment are written together. */
const hasBytes = (hearing: string, track: string): boolean => {
  try {
    const files = readdirSync(join(hearing, track))
    return files.some((file) => statSync(join(hearing, track, file)).size > 0)
  } catch {
    return false
  }
}

export const watchArrivals = async (hearings: string[], source: string, tracks: string[]): Promise<Arrivals> => {
  const looks: [keyof Arrivals, () => boolean][] = [
    ['bytesMs', () => hearings.every((hearing) => tracks.every((track) => hasBytes(hearing, track)))],
    ['durableMs', () => hearings.every((hearing) => names(join(hearing, 'index', `${source}.ndjson`), tracks))],
    ['journalMs', () => hearings.every((hearing) => names(join(hearing, 'journal.ndjson'), tracks, '"fragments"'))],
  ]
  const arrivals: Partial<Arrivals> = {}
  const until = monotonicMs() + WITHIN_MS
  for (const [what, arrived] of looks) {
    while (!arrived()) {
      if (monotonicMs() > until) throw new Error(`nothing has arrived on disk for ${WITHIN_MS / 1_000} s`)
      await delay(LOOK_EVERY_MS)
    }
    arrivals[what] = monotonicMs()
  }
  return arrivals as Arrivals
}

/** Whether the whole lines of the file that have `word` in them name every track. */
const names = (path: string, tracks: readonly string[], word = ''): boolean => {
  const lines = textOf(path).split('\n').slice(0, -1)
  return tracks.every((track) => lines.some((line) => line.includes(word) && line.includes(`"track":"${track}"`)))
}
