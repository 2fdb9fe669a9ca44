/** One day of one room, laid out: hearings, incidents, when the machine ran and when it could be reached. */

import { MINUTE_MS } from '../base/units.ts'
import { chance } from './chance.ts'
import { CLOSING_MS, hearingsOf, type SimulatedHearing, type Span } from './hearings.ts'
import { begunOn, type Incident, incidentsOf } from './incidents.ts'
import { atLocal } from './local-day.ts'
import type { SimulatedRoom } from './room.ts'

/** The battery of the recorder lasts so long; it is low before that. */
export const BATTERY_MS = 20 * MINUTE_MS
export const BATTERY_LOW_MS = 16 * MINUTE_MS
const BOOT_MS = 75_000

export interface Day {
  number: number
  hearings: readonly SimulatedHearing[]
  incidents: readonly Incident[]
  /** When the machine was off: the battery ended, or it hung and was switched off and on. */
  off: readonly Span[]
  /** When the machine had been started last before this day. */
  bootedMs: number
  /** Every moment at which anything may become different, the earliest first. */
  turns: readonly number[]
}

const offDuring = ({ kind, fromMs, toMs }: Incident): Span[] => {
  if (kind === 'machine-dead') return [{ fromMs, toMs }]
  if (kind !== 'mains-cut' || toMs - fromMs <= BATTERY_MS) return []
  return [{ fromMs: fromMs + BATTERY_MS, toMs: toMs + BOOT_MS }]
}

/** Updated, and started again for it, so often. */
const UPDATE_DAYS = 30

const bootedBefore = (room: SimulatedRoom, day: number): number => {
  const since = (day + Math.floor(chance(room.seed, room.device, 'update') * UPDATE_DAYS)) % UPDATE_DAYS
  // One that began before may have ended since.
  const ends = Array.from({ length: since + 3 }, (_, back) => begunOn(room, day - back, ['machine-dead', 'mains-cut']))
    .flat()
    .flatMap(offDuring)
    .map(({ toMs }) => toMs)
    .filter((toMs) => toMs <= atLocal(day, 0))
  return Math.max(atLocal(day - since, 0), ...ends)
}

const turnsOf = (incidents: readonly Incident[], hearings: readonly SimulatedHearing[], off: readonly Span[]) =>
  [
    ...incidents.flatMap(({ fromMs, toMs }) => [fromMs, fromMs + BATTERY_LOW_MS, toMs]),
    ...hearings.flatMap(({ recorded, recesses }) => [
      ...(recorded ? [recorded.fromMs, recorded.toMs, recorded.toMs + CLOSING_MS] : []),
      ...recesses.flatMap(({ fromMs, toMs }) => [fromMs, toMs]),
    ]),
    ...off.flatMap(({ fromMs, toMs }) => [fromMs, toMs]),
  ].toSorted((a, b) => a - b)

export const layOut = (room: SimulatedRoom, day: number): Day => {
  const incidents = incidentsOf(room, day)
  const hearings = hearingsOf(room, day)
  const off = incidents.flatMap(offDuring)
  const turns = [atLocal(day, 0), ...turnsOf(incidents, hearings, off), atLocal(day + 1, 0)]
  return { number: day, hearings, incidents, off, bootedMs: bootedBefore(room, day), turns }
}

export const isWithin = (atMs: number, { fromMs, toMs }: Span): boolean => atMs >= fromMs && atMs < toMs

/** When something may become different next. */
export const nextTurn = ({ turns }: Day, atMs: number): number => turns.find((turn) => turn > atMs) ?? atMs + MINUTE_MS
