/** What the clerk reads of a line of the board. */
import { type Reason, reason } from '../base/reason.ts'
import type { BoardInput } from '../wire/board.ts'

const WORDS: Readonly<Record<BoardInput, readonly [active: string, not: string]>> = {
  'mains-good': ['The mains is there', 'The mains is not there'],
  'battery-low': ['The battery is low', 'The battery is not low'],
  'disk-bay-1-fault': ['The bay of the first disk reports a fault', 'The bay of the first disk is in order'],
  'disk-bay-2-fault': ['The bay of the second disk reports a fault', 'The bay of the second disk is in order'],
  'case-open': ['The case of the recorder is open', 'The case of the recorder is closed'],
  'over-temperature': ['It is too hot in the case of the recorder', 'It is not too hot in the case of the recorder'],
}

export const lineReason = (line: BoardInput, active: boolean): Reason =>
  reason(WORDS[line][active ? 0 : 1], `line ${line} is ${active ? 'active' : 'not active'}`)
