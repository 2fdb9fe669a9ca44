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

/** More starts than this within a look are flashing (5), not blinking or winking (2, sometimes 3). */
const SLOW_STARTS = 3
/** A wink is lit a tenth of a second, half a blink is half a second. */
const WINK_MS = 250

/**
 * @param edges the changes of one lamp, oldest first
 * @param isLit as it is now
 */
export const rhythmOf = (edges: readonly Edge[], isLit: boolean, nowMs: number): Rhythm => {
  const recent = edges.filter(({ atMs }) => nowMs - atMs <= LOOK_MS)
  if (!recent.length) return isLit ? 'steady' : 'dark'
  const starts = recent.filter((edge) => edge.isLit).length
  if (starts > SLOW_STARTS) return 'flashing'
  const longest = Math.max(0, ...recent.map((edge, i) => (edge.isLit ? (recent[i + 1]?.atMs ?? nowMs) - edge.atMs : 0)))
  return longest <= WINK_MS && starts >= 1 ? 'winking' : 'blinking'
}
