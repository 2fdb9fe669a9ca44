/** What a command of the command line is, and the exit codes that all of them share. */

import type { ErrorCode } from '../base/error.ts'

/** Documented by `verbatim --help`; scripts may rely on them. */
export const EXIT = {
  well: 0,
  /** Refused by the recorder, incomplete, damaged, not authentic, or failed. */
  failed: 1,
  /** A check or a verification that cannot tell. */
  unknown: 2,
  /** EX_USAGE of sysexits.h. */
  usage: 64,
  /** EX_UNAVAILABLE of sysexits.h. */
  unreachable: 69,
} as const

/** Where a command runs and speaks. */
export interface Surroundings {
  env: NodeJS.ProcessEnv
  /** Prints a line on standard output: the result. */
  print: (line: string) => void
  /** Prints on standard error as it is: progress and complaints. */
  tell: (text: string) => void
  /** Standard error is a terminal, where a line of progress may overwrite itself. */
  isTerminal: boolean
  /** This program's own file; the recorder's lies beside it. */
  programFile: string
}

export interface Command {
  name: string
  /** One line for the list of commands. */
  does: string
  /** The whole of `verbatim NAME --help`. */
  help: string
  /** Exit codes that errors have here and nowhere else. */
  exits?: Partial<Record<ErrorCode, number>>
  /** @param words what follows the command's name. Returns the exit code; throws VerbatimError. */
  run: (words: string[], around: Surroundings) => Promise<number>
}
