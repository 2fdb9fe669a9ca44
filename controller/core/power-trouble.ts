/** What is wrong with power, board, UPS and case now. A view, part of trouble.ts. */
import { reason } from '../base/reason.ts'
import { isOnBattery, saidLow } from './battery.ts'
import { lineReason } from './line-words.ts'
import { powerReason } from './power-room.ts'
import type { State } from './state.ts'
import type { Trouble } from './trouble.ts'
import type { TroubleCode } from './trouble-table.ts'

const CASE_LINES = { 'case-open': 'CASE_OPEN', 'over-temperature': 'TOO_HOT' } as const

export const powerTroubles = (state: State): Trouble[] => {
  const { board, ups, power, lastTickMs } = state
  const found: Trouble[] = []
  const add = (code: TroubleCode, why: Trouble['why'] | null): void => {
    if (why) found.push({ code, about: '', why, required: true })
  }
  const { supply } = power
  if (isOnBattery(supply))
    add(supply.is === 'on-battery' ? 'ON_BATTERY' : 'BATTERY_LOW', powerReason(state, lastTickMs))
  else if (saidLow(state))
    add('BATTERY_EMPTY', reason('The battery is empty: without mains the recorder would not last', 'low, on mains'))
  if (ups.is === 'heard' && ups.reading.isWorn)
    add('BATTERY_WORN', reason('The battery of the UPS is worn out', 'UPS says RB'))
  if (board.is === 'lost') add('BOARD_AWAY', board.reason)
  if (ups.is === 'lost') add('UPS_AWAY', ups.reason)
  if (board.is === 'found')
    for (const line of ['case-open', 'over-temperature'] as const)
      if (board.lines[line]) add(CASE_LINES[line], lineReason(line, true))
  return found
}
