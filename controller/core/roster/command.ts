/** What the roster wants done. Whoever carries it out looks the room up: most commands are only a name. */
import type { UtcMs } from '../../base/units.ts'
import type { AlarmRow } from '../../wire/console.ts'

export type RosterCommand =
  /** Its row is another one. */
  | { do: 'show-room'; device: string }
  | { do: 'hide-room'; device: string }
  /** Raised or changed: show it, and keep it over a restart. */
  | { do: 'keep-alarm'; device: string; id: string }
  | { do: 'drop-alarm'; device: string; id: string }
  | { do: 'tell-people'; why: 'raised' | 'escalated' | 'cleared'; row: AlarmRow }
  /** It is connected anew: say to it again what is retained for it, for the broker may have forgotten. */
  | { do: 'greet-device'; device: string }
  | { do: 'keep-coverage'; device: string; startsUtcMs: UtcMs; recorded: boolean; audible: boolean }
  | { do: 'keep-average'; device: string; slot: number; sums: number[]; counts: number[] }
  | { do: 'keep-hours-left'; device: string; day: number; hours: number }

export type RosterCommandName = RosterCommand['do']
