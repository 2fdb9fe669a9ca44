/**
 * The board: lines in, outputs out. It may be missing, come late, vanish and come back, and its profile may be wrong:
 * then it is tried again for as long as it takes, and the recorder is told why in the meantime.
 */
import { readFileSync } from 'node:fs'
import { BackOff } from '../../base/back-off.ts'
import { codeOf, messageOf, VerbatimError } from '../../base/error.ts'
import { type Reason, reason } from '../../base/reason.ts'
import type { BoardInput, BoardOutput } from '../../wire/board.ts'
import { type BoardProfile, inputsOf, parseBoardProfile } from '../../wire/board-profile.ts'
import type { BoardLines, OpenLines } from './board-lines.ts'
import { Debounce } from './debounce.ts'
import { sysfsLines } from './sysfs-lines.ts'
import { virtualLines } from './virtual-lines.ts'

export interface BoardOptions {
  /** Path of the profile; read again at each attempt, so that it can be put right without a restart. */
  profile: string
  /** Where a virtual board's socket is, when its profile gives no whole path. */
  runtimeDir: string
  onFound: (name: string) => void
  /** There is no board (any more). Told once for each reason, until it is found. */
  onLost: (code: string, why: Reason) => void
  /** Every line once after `onFound`, then each change that has come to rest. */
  onLine: (line: BoardInput, active: boolean) => void
  /** Between two attempts, at most. */
  longestMs?: number
}

const FIRST_MS = 250
/** Opening real lines holds up the event loop for some milliseconds. */
const LONGEST_MS = 5_000

const AWAY = 'Mains, battery, disk bays and case are not watched: the board with their lines does not answer'
const WRONG = 'Mains, battery, disk bays and case are not watched: the description of the board is wrong'

/** Throws BOARD_PROFILE_INVALID. */
export const readBoardProfile = (path: string): BoardProfile => {
  try {
    return parseBoardProfile(JSON.parse(readFileSync(path, 'utf8')))
  } catch (cause) {
    throw new VerbatimError('BOARD_PROFILE_INVALID', `${path}: ${messageOf(cause)}`, { cause })
  }
}

const driverOf = (profile: BoardProfile, runtimeDir: string): OpenLines =>
  profile.driver === 'virtual' ? virtualLines(profile, runtimeDir) : sysfsLines(profile)

const debounceOf = (profile: BoardProfile, line: BoardInput): number =>
  profile.driver === 'virtual' ? profile.debounceMs : profile.inputs[line]!.debounceMs

export class Board {
  readonly #backOff: BackOff
  #lines: BoardLines | null = null
  #debounces: Debounce[] = []
  #timer: NodeJS.Timeout | null = null
  #isClosed = false
  #wanted: Partial<Record<BoardOutput, boolean>> = {}
  /** What was told last, until the board is found again. */
  #said: string | null = null

  constructor(private readonly options: BoardOptions) {
    this.#backOff = new BackOff({ firstMs: FIRST_MS, longestMs: options.longestMs ?? LONGEST_MS })
    void this.#open()
  }

  /** Outputs as they shall be; said again when the board comes back. */
  show(outputs: Partial<Record<BoardOutput, boolean>>): void {
    const before = this.#wanted
    this.#wanted = { ...before, ...outputs }
    for (const [line, active] of Object.entries(outputs) as [BoardOutput, boolean][])
      if (before[line] !== active) this.#lines?.set(line, active)
  }

  close(): void {
    this.#isClosed = true
    if (this.#timer) clearTimeout(this.#timer)
    this.#drop()
  }

  async #open(): Promise<void> {
    /** What is read before the board counts as found. */
    const early: [BoardInput, boolean][] = []
    let isOver = false
    const lose = (fault: unknown): void => {
      if (isOver) return
      isOver = true
      this.#lose(fault)
    }
    const debounces = new Map<BoardInput, Debounce>()
    try {
      const profile = readBoardProfile(this.options.profile)
      for (const line of inputsOf(profile)) {
        const tell = (active: boolean): void => this.options.onLine(line, active)
        debounces.set(line, new Debounce(debounceOf(profile, line), tell))
      }
      this.#debounces = [...debounces.values()]
      let isFound = false
      const lines = await driverOf(
        profile,
        this.options.runtimeDir,
      )({
        onLevel: (line, active) => {
          if (isFound) debounces.get(line)?.hear(active)
          else early.push([line, active])
        },
        onLost: lose,
      })
      if (this.#isClosed || isOver) return lines.close()
      this.#lines = lines
      this.#backOff.succeeded()
      this.#said = null
      this.options.onFound(profile.name)
      isFound = true
      for (const [line, active] of early) debounces.get(line)?.hear(active)
      for (const [line, active] of Object.entries(this.#wanted) as [BoardOutput, boolean][]) lines.set(line, active)
    } catch (fault) {
      lose(fault)
    }
  }

  #drop(): void {
    this.#lines?.close()
    this.#lines = null
    for (const debounce of this.#debounces) debounce.close()
    this.#debounces = []
  }

  #lose(fault: unknown): void {
    this.#drop()
    if (this.#isClosed) return
    this.#backOff.failed()
    this.#timer = setTimeout(() => void this.#open(), this.#backOff.leftMs)
    const code = codeOf(fault)
    const said = `${code}: ${messageOf(fault)}`
    if (said === this.#said) return
    this.#said = said
    this.options.onLost(code, reason(code === 'BOARD_LOST' ? AWAY : WRONG, said))
  }
}
