import type { SeqRange } from './shelf.ts'

/** What of `range` no one of `others` covers. */
export const without = (range: SeqRange, others: readonly SeqRange[]): SeqRange[] => {
  let left: SeqRange[] = [range]
  for (const [from, to] of others)
    left = left.flatMap(([a, b]) => {
      if (to < a || b < from) return [[a, b] as const]
      return [...(a < from ? [[a, from - 1] as const] : []), ...(to < b ? [[to + 1, b] as const] : [])]
    })
  return left
}
