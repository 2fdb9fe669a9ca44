/**
 * What the lamps of every panel shall show: the clerk's and the judge's say the same. A pure view, of the very health
 * that status and pages tell. What each pattern means, in words, is in panel-lamp-table.ts.
 */
import type { Verdict } from '../wire/health.ts'
import type { LampShow, LampShows } from '../wire/panel.ts'
import { healthOf, verdictIn } from './health.ts'
import { lampOf } from './lamp.ts'
import type { State } from './state.ts'

/** A refused press is shown so long. */
export const REFUSED_MS = 3_000

const OF_VERDICT: Readonly<Record<Verdict, LampShow>> = {
  good: 'dark',
  watch: 'winking',
  degraded: 'blinking',
  failed: 'blinking',
}

const offOf = ({ hearing }: State): LampShow => {
  if (hearing.is === 'closing') return 'winking'
  return hearing.is === 'off-record' ? 'steady' : 'dark'
}

const isRefused = ({ presses }: State, atMs: number): boolean =>
  presses.refusedMs !== null && atMs - presses.refusedMs < REFUSED_MS

/** @param atMs now, on the monotonic clock: REC tells of the last two seconds (R20) */
export const panelLampsOf = (state: State, atMs: number): LampShows => {
  const health = healthOf(state)
  return {
    rec: lampOf(state, atMs),
    off: offOf(state),
    fault: isRefused(state, atMs) ? 'steady' : OF_VERDICT[health.verdict],
    disk: OF_VERDICT[verdictIn(health, 'disk')],
    net: OF_VERDICT[verdictIn(health, 'network')],
  }
}
