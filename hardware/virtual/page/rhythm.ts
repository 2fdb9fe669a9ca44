/** What a lamp's light looks like to somebody who watches it for two seconds: the patterns of `firmware/panel`, by sight. */
import type { PanelPattern } from '../../../controller/wire/panel.ts'

export type Rhythm = 'dark' | PanelPattern

/** A change of the light, at a time in milliseconds. */
export interface Edge {
  atMs: number
  isLit: boolean
}

/** Every pattern repeats within this time; a few steps more, for a busy machine is late. */
export const LOOK_MS = 2_300

/** Longer than this no lamp rests that has a rhythm, but between winks; a simulated chip on a busy machine may stand still. */
const REST_MS = 1_000
/** Longer than this it is dark only between winks, and then for 1.7 s; a look may see that in two halves. */
const PAUSE_MS = 900
/** Every pattern changes at least so often in a look. */
const FEWEST_EDGES = 4
/** Blinking begins 2 or 3 times in a look, flashing 5 or 6 times; between them one becomes the other. */
const MOST_BLINKS = 3
const FEWEST_FLASHES = 5
/** A wink is lit for 100 ms, a flash for 200. */
const WINK_MS = 150

/** The longest time in this look without light. */
const longestDark = (edges: readonly Edge[], nowMs: number): number =>
  Math.max(
    edges[0]?.isLit ? edges[0].atMs - (nowMs - LOOK_MS) : 0,
    ...edges.map((edge, i) => (edge.isLit ? 0 : (edges[i + 1]?.atMs ?? nowMs) - edge.atMs)),
  )

/** How long each light lasted that began in this look. */
const pulsesOf = (edges: readonly Edge[], nowMs: number): number[] =>
  edges.flatMap((edge, i) => (edge.isLit ? [(edges[i + 1]?.atMs ?? nowMs) - edge.atMs] : []))

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

/**
 * Null while it cannot be told yet, as after the first change of a lamp that was dark.
 *
 * @param edges the changes of one lamp, oldest first
 * @param isLit as it is now
 */
export const rhythmOf = (edges: readonly Edge[], isLit: boolean, nowMs: number): Rhythm | null => {
  const recent = edges.filter(({ atMs }) => nowMs - atMs <= LOOK_MS)
  const last = recent.at(-1)
  if (!last) return isLit ? 'steady' : 'dark'
  const rests = nowMs - last.atMs > REST_MS
  if (rests && isLit) return 'steady'
  if (recent.length < FEWEST_EDGES) return rests ? 'dark' : null
  if (longestDark(recent, nowMs) > PAUSE_MS) {
    if (mean(pulsesOf(recent, nowMs)) <= WINK_MS) return 'winking'
    return rests ? 'dark' : null
  }
  const starts = recent.filter((edge) => edge.isLit).length
  if (starts >= FEWEST_FLASHES) return 'flashing'
  return starts <= MOST_BLINKS ? 'blinking' : null
}
