/**
 * Chance without memory: the same question always gets the same answer, so a day can be looked at from any of its
 * minutes, and a fleet that showed something shows it again.
 */

/** FNV-1a over the words, then the finaliser of MurmurHash3. */
const hash = (text: string): number => {
  let h = 0x811c9dc5
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193)
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

/** At least 0, below 1, even over all questions. */
export const chance = (...about: readonly (string | number)[]): number => hash(about.join('\n')) / 2 ** 32

export const between = (low: number, high: number, ...about: readonly (string | number)[]): number =>
  low + (high - low) * chance(...about)

export const oneOf = <Item>(items: readonly Item[], ...about: readonly (string | number)[]): Item =>
  items[Math.floor(chance(...about) * items.length)]!
