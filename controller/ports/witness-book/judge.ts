/** What a witness makes of a place, given what it was shown of the same hearing before. It only ever goes forward. */
import type { SignedPlace } from '../../journal/entry.ts'

export type Judgement<Known extends SignedPlace> =
  | { is: 'new' }
  /** Shown again: the receipt got lost on its way. */
  | { is: 'known'; known: Known }
  /** `conflict`: another head for the same line. `rollback`: back before what was shown. */
  | { is: 'contradicts'; code: 'conflict' | 'rollback'; known: Known }

/** @param shown in the order it was shown */
export const judge = <Known extends SignedPlace>(shown: readonly Known[], place: SignedPlace): Judgement<Known> => {
  const latest = shown.at(-1)
  if (!latest || place.upto > latest.upto) return { is: 'new' }
  const same = shown.find(({ upto }) => upto === place.upto)
  if (same && same.head !== place.head) return { is: 'contradicts', code: 'conflict', known: same }
  return same === latest ? { is: 'known', known: latest } : { is: 'contradicts', code: 'rollback', known: latest }
}
