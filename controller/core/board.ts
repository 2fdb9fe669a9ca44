/** The board and the UPS: what they say is kept, journalled when it changes, and judged by the power machine (R18, R29). */
import { type Reason, reason } from '../base/reason.ts'
import type { BoardInput } from '../wire/board.ts'
import type { Command } from './command.ts'
import type { EventOf, Stamp } from './event.ts'
import { lineReason } from './line-words.ts'
import { judgePower } from './power-room.ts'
import type { State } from './state.ts'
import { follow, type Step, stay } from './step.ts'
import { write } from './write.ts'

const watch = (state: State, at: Stamp, what: 'board' | 'ups', to: 'found' | 'lost', why: Reason): Command[] =>
  write(state, at, { kind: 'watch', what, to, reason: why }, why)

type BoardEvent = EventOf<'board-found' | 'board-lost' | 'line-changed'>

export const boardSpoke = (state: State, event: BoardEvent): Step => {
  if (state.board.is === 'absent') return stay(state)
  return follow(takeBoard(state, event), (next) => judgePower(next, event))
}

const takeBoard = (state: State, event: BoardEvent): Step => {
  switch (event.is) {
    case 'board-found': {
      const wasLost = state.board.is === 'lost'
      const next: State = { ...state, board: { is: 'found', lines: {} } }
      const why = reason('The board with the lines for power, disks and case answers again', event.board)
      return { state: next, commands: wasLost ? watch(next, event, 'board', 'found', why) : [] }
    }
    case 'board-lost': {
      const wasLost = state.board.is === 'lost'
      const next: State = { ...state, board: { is: 'lost', reason: event.reason } }
      return { state: next, commands: wasLost ? [] : watch(next, event, 'board', 'lost', event.reason) }
    }
    case 'line-changed':
      return takeLine(state, event)
  }
}

/** The first word of a line is journalled only when it is bad news: mains missing, anything else active. */
const takeLine = (state: State, event: EventOf<'line-changed'>): Step => {
  const { board } = state
  const { line, active } = event
  if (board.is !== 'found' || board.lines[line] === active) return stay(state)
  const isNews = board.lines[line] !== undefined || active !== (line === 'mains-good')
  const next: State = { ...state, board: { ...board, lines: { ...board.lines, [line]: active } } }
  const why = lineReason(line, active)
  // The mains is told of by the power machine, which knows a flicker when it sees one.
  if (!isNews || line === 'mains-good') return stay(next)
  return { state: next, commands: write(next, event, { kind: 'line', line, active, reason: why }, why) }
}

export const upsSpoke = (state: State, event: EventOf<'ups-heard' | 'ups-lost'>): Step => {
  if (state.ups.is === 'absent') return stay(state)
  return follow(takeUps(state, event), (next) => judgePower(next, event))
}

const takeUps = (state: State, event: EventOf<'ups-heard' | 'ups-lost'>): Step => {
  const wasLost = state.ups.is === 'lost'
  if (event.is === 'ups-heard') {
    const next: State = { ...state, ups: { is: 'heard', reading: event.reading, heardMs: event.atMs } }
    const why = reason('The UPS answers again', 'it was lost before')
    return { state: next, commands: wasLost ? watch(next, event, 'ups', 'found', why) : [] }
  }
  const next: State = { ...state, ups: { is: 'lost', reason: event.reason } }
  return { state: next, commands: wasLost ? [] : watch(next, event, 'ups', 'lost', event.reason) }
}

/** What was wrong with lines, board and UPS when a hearing began. */
export const writeLines = (state: State, at: Stamp): Command[] => {
  const { board, ups } = state
  if (board.is === 'lost') return watch(state, at, 'board', 'lost', board.reason)
  const lines = board.is === 'found' ? Object.entries(board.lines) : []
  return [
    ...lines.flatMap(([line, active]) => {
      if (!active || line === 'mains-good') return []
      const why = lineReason(line as BoardInput, true)
      return write(state, at, { kind: 'line', line, active, reason: why }, why)
    }),
    ...(ups.is === 'lost' ? watch(state, at, 'ups', 'lost', ups.reason) : []),
  ]
}
