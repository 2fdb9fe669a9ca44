/** What watches over power, disks' bays and the case: the board with its lines, and the UPS. What they say becomes events. */
import type { Logger } from '../base/log.ts'
import { now } from '../base/monotonic.ts'
import type { Reason } from '../base/reason.ts'
import { boardOutputsOf } from '../core/board-outputs.ts'
import type { Event } from '../core/event.ts'
import type { State } from '../core/state.ts'
import { Board } from '../ports/gpio/board.ts'
import { Ups } from '../ports/ups/ups.ts'
import type { Config } from '../wire/config.ts'

export interface PowerWatchOptions {
  config: Config
  log: Logger
  report: (event: Event) => void
}

export class PowerWatch {
  readonly #board: Board | null
  readonly #ups: Ups | null

  constructor({ config, log, report }: PowerWatchOptions) {
    const lost = (is: 'board-lost' | 'ups-lost') => (code: string, why: Reason) => {
      log.warn({ code, engineer: why.engineer }, why.clerk)
      report({ is, code, reason: why, ...now() })
    }
    this.#board = config.board
      ? new Board({
          profile: config.board.profile,
          runtimeDir: config.runtimeDir,
          onFound: (board) => {
            log.info({ board }, 'the board answers')
            report({ is: 'board-found', board, ...now() })
          },
          onLost: lost('board-lost'),
          onLine: (line, active) => {
            log.info({ line, active }, `line ${line} is ${active ? 'active' : 'not active'}`)
            report({ is: 'line-changed', line, active, ...now() })
          },
        })
      : null
    this.#ups = config.ups
      ? new Ups({
          ...config.ups,
          onReading: (reading) => report({ is: 'ups-heard', reading, ...now() }),
          onLost: lost('ups-lost'),
        })
      : null
  }

  /** After each tick that was judged. */
  show(state: State): void {
    this.#board?.show(boardOutputsOf(state, now().atMs))
  }

  /** Nobody is left to end it: the buzzer is silent. The cameras keep what they have. */
  close(): void {
    this.#board?.show({ buzzer: false })
    this.#board?.close()
    this.#ups?.close()
  }
}
