/** Whose software is older than that of most rooms. */
import type { Roster } from './room.ts'

const numbers = (version: string): number[] => version.split(/[^0-9]+/).map(Number)

/** By its numbers, the first first; anything that is no number is left out. */
export const isOlder = (version: string, than: string): boolean => {
  const [one, other] = [numbers(version), numbers(than)]
  for (let i = 0; i < Math.max(one.length, other.length); i++) {
    const difference = (one[i] ?? 0) - (other[i] ?? 0)
    if (difference) return difference < 0
  }
  return false
}

/** More than half must have it: while an update is on its way nobody is behind. */
export const readCommonVersion = (roster: Roster): void => {
  const counts = new Map<string, number>()
  let known = 0
  for (const { version } of roster.rooms.values()) {
    if (!version) continue
    known++
    counts.set(version, (counts.get(version) ?? 0) + 1)
  }
  roster.commonVersion = [...counts].find(([, count]) => count * 2 > known)?.[0] ?? ''
}
