/** What a witness makes of a place, given what it was shown of the same hearing before. It only ever goes forward. */
import type { SignedPlace } from '../../journal/entry.ts'

export type Judgement<Known extends SignedPlace> =
  | { is: 'new' }
  /** Shown again: the receipt got lost on its way, or a broker said it twice. */
  | { is: 'known'; known: Known }
  /** `conflict`: another head for the same line. `rollback`: a line that was not shown, before one that was. */
  | { is: 'contradicts'; code: 'conflict' | 'rollback'; known: Known }

/** @param shown in the order it was shown */
export const judge = <Known extends SignedPlace>(shown: readonly Known[], place: SignedPlace): Judgement<Known> => {
  // A broker may hand over again what it has handed over before, and later ones may have come meanwhile: nothing is
  // contradicted by saying the same once more.
  const same = shown.find(({ upto }) => upto === place.upto)
  if (same)
    return same.head === place.head
      ? { is: 'known', known: same }
      : { is: 'contradicts', code: 'conflict', known: same }
  const latest = shown.at(-1)
  if (!latest || place.upto > latest.upto) return { is: 'new' }
  return { is: 'contradicts', code: 'rollback', known: latest }
}
