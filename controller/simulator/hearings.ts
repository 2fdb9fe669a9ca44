/** A room's hearings of a day: what the docket says, and what clerk and judge made of it. */

import { MINUTE_MS } from '../base/units.ts'
import { between, chance } from './chance.ts'
import { atLocal, isWorkingDay } from './local-day.ts'
import type { SimulatedRoom } from './room.ts'

export interface Span {
  fromMs: number
  toMs: number
}

export interface SimulatedHearing {
  /** As the docket has it. */
  startsAtMs: number
  endsAtMs: number
  mustRecord: boolean
  /** From REC to STOP; null when it was not held, or nobody pressed. */
  recorded: Span | null
  /** OFF RECORD to REC. */
  recesses: readonly Span[]
  /** Nobody switched the microphones on. */
  silent: boolean
}

const MORNING = { from: 9, to: 12.75 }
const AFTERNOON = { from: 14.25, to: 18 }
/** Files are closed so long after STOP. */
export const CLOSING_MS = 6_000

const recessesOf = (span: Span, ...about: (string | number)[]): Span[] => {
  const length = span.toMs - span.fromMs
  if (length < 40 * MINUTE_MS || chance(...about, 'recess') < 0.35) return []
  const fromMs = span.fromMs + length * between(0.35, 0.6, ...about, 'recess from')
  return [{ fromMs, toMs: fromMs + between(5, 16, ...about, 'recess length') * MINUTE_MS }]
}

const held = (startsAtMs: number, endsAtMs: number, ...about: (string | number)[]): SimulatedHearing => {
  const length = endsAtMs - startsAtMs
  const fromMs = startsAtMs + between(-1, 6, ...about, 'late') * MINUTE_MS
  const span = { fromMs, toMs: fromMs + length * between(0.65, 0.98, ...about, 'length') }
  const what = chance(...about, 'what')
  const recorded = what < 0.05 ? null : span
  return {
    ...{ startsAtMs, endsAtMs, recorded },
    // What is put off is taken from the docket; what nobody pressed REC for stays on it.
    mustRecord: what >= 0.035,
    recesses: recorded ? recessesOf(recorded, ...about) : [],
    silent: chance(...about, 'silent') < 0.015,
  }
}

/** The earliest first; they never overlap. None on Saturday and Sunday. */
export const hearingsOf = ({ seed, device, hearingsADay }: SimulatedRoom, day: number): SimulatedHearing[] => {
  if (!isWorkingDay(day)) return []
  return [MORNING, AFTERNOON].flatMap(({ from, to }, half) => {
    const about = [seed, device, day, half] as const
    const count = Math.max(1, Math.round((hearingsADay / 2) * between(0.6, 1.4, ...about, 'count')))
    // No two judges keep the same hours.
    const edge = (place: number): number =>
      from + ((to - from) / count) * (place + (place % count ? between(-0.3, 0.3, ...about, 'edge', place) : 0))
    return Array.from({ length: count }, (_, place) => {
      const startsAtMs = atLocal(day, edge(place) + Math.round(chance(...about, place) * 2) / 12)
      const endsAtMs = atLocal(day, edge(place + 1) - 0.12)
      return held(startsAtMs, endsAtMs, ...about, place)
    })
  })
}
