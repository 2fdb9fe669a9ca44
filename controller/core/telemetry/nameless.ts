/** Texts for MQTT hold no case: neither the number, nor the name of a hearing, of which the number is a part. */
import type { State } from '../state.ts'

/** Date, time, room and case, as `hearing-id.ts` makes them; the first two are told. */
const HEARING = /(\d{4}-\d\d-\d\d_\d{6})_[^\s"',;:()[\]/\\]+/gu
const LONGEST = 1_000
/** A case of a letter or two would be found in every word. */
const SHORTEST_CASE = 3

/** @param text for people or engineers */
export const nameless = (text: string, { hearing }: Pick<State, 'hearing'>): string => {
  const caseNumber = hearing.is === 'idle' ? '' : hearing.is === 'closed' ? hearing.case : hearing.hearing.case
  const short = text.replaceAll(HEARING, '$1')
  return (caseNumber.length >= SHORTEST_CASE ? short.replaceAll(caseNumber, '(case)') : short).slice(0, LONGEST)
}
