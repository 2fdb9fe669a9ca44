/** What a driver of a board does: opens the lines, says each level it reads, sets outputs. Both drivers keep one contract. */
import type { BoardInput, BoardOutput } from '../../wire/board.ts'

export interface LineHooks {
  /** `active` is what the line's name says. Told for every input at once, then whenever it may have changed. */
  onLevel: (line: BoardInput, active: boolean) => void
  /** Once; nothing is told after it, and the lines are to be opened again. */
  onLost: (fault: unknown) => void
}

export interface BoardLines {
  /** A line that the board does not have is passed over. Never throws: a fault is told as `onLost`. */
  set: (line: BoardOutput, active: boolean) => void
  /** Lets every line go; outputs stay as they are. */
  close: () => void
}

/** Throws a VerbatimError: BOARD_CHIP_UNKNOWN, BOARD_LINE_UNUSABLE or BOARD_LOST. */
export type OpenLines = (hooks: LineHooks) => Promise<BoardLines>
