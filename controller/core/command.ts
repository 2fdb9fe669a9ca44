/** What shall be done, as plain data. Every command says why; a port carries it out and holds no rules. */
import type { Reason } from '../base/reason.ts'
import type { EntryBody } from '../journal/entry.ts'
import type { Portion } from './event.ts'

export type Command = (
  | { do: 'start-worker'; source: string; run: number }
  | { do: 'kill-worker'; source: string; run: number }
  | { do: 'end-worker'; source: string; run: number }
  | {
      do: 'open-gate'
      source: string
      run: number
      hearing: string
      zeroMs: number
      atMs: number
      utcMs: number
      stores: string[]
    }
  | { do: 'close-gate'; source: string; run: number; atMs: number; final: boolean }
  | { do: 'catch-up'; source: string; run: number; since: Record<string, number> }
  /** Look for whole fragments on disk beyond the last one journalled; a dead worker may have left some. */
  | { do: 'salvage'; source: string; hearing: string }
  | { do: 'join-store'; source: string; run: number; store: string }
  | { do: 'leave-store'; source: string; run: number; store: string }
  /** Make the hearing's folders and open its journal on `stores`. */
  | { do: 'open-hearing'; hearing: string; case: string; openedUtcMs: number; stores: string[] }
  | { do: 'journal'; body: EntryBody; atMs: number; utcMs: number }
  /** Write what the journal still holds back, then hearing.json, the register, and close the files. */
  | { do: 'finish-hearing'; hearing: string; case: string; openedUtcMs: number; sealed: boolean }
  /** `begunMs` tells one rebuild from the one before it. */
  /** Add a `seal` line to the journal of a closed hearing. */
  | { do: 'seal-closed'; hearing: string; portion: Portion; by: string; request: number; atMs: number; utcMs: number }
  | { do: 'rebuild-store'; store: string; from: string; begunMs: number }
  /** Sign the ends of closed hearings that nobody has signed. */
  | { do: 'sign-closed' }
  /** Test everything, with a trial recording of these sources on these stores. */
  | { do: 'self-test'; trial: number; sources: { source: string; run: number }[]; stores: string[] }
  | { do: 'stop-self-test' }
  /** Ask the disks under a store for their health. */
  | { do: 'examine-disk'; store: string }
  /** Read an earlier hearing again, and repair from the other disk what can be proved. */
  | { do: 'scrub' }
  | { do: 'stop-scrub' }
  | { do: 'join-journal'; store: string }
  | { do: 'leave-journal'; store: string }
  | { do: 'answer'; request: number; accepted: boolean; code: string; hearing: string | null }
  /** Everything is in order, and the battery is low: the machine is switched off, and the program ends. */
  | { do: 'power-off' }
  /** Everything is in order: the program may end. */
  | { do: 'exit' }
) & { reason: Reason }

export type CommandName = Command['do']
