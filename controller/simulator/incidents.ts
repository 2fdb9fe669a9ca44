/** What goes wrong in a room, from when to when. Nothing here knows what it leads to. */

import { DAY_MS, MINUTE_MS } from '../base/units.ts'
import { between, chance } from './chance.ts'
import type { Span } from './hearings.ts'
import { atLocal, dayOf } from './local-day.ts'
import type { SimulatedRoom } from './room.ts'

interface Kind {
  /** Rooms of a hundred in which it begins on a day. Higher than in life, so that something is to be seen. */
  percentADay: number
  minutes: readonly [shortest: number, longest: number]
}

export const INCIDENTS = {
  'camera-away': { percentADay: 20, minutes: [3, 90] },
  'track-stalled': { percentADay: 36, minutes: [0.3, 2] },
  'picture-black': { percentADay: 10, minutes: [4, 60] },
  'picture-frozen': { percentADay: 12, minutes: [2, 30] },
  'microphone-silent': { percentADay: 28, minutes: [5, 120] },
  'mains-cut': { percentADay: 16, minutes: [0.5, 40] },
  'network-lost': { percentADay: 20, minutes: [0.5, 60] },
  'machine-dead': { percentADay: 4, minutes: [2, 120] },
  'disk-failed': { percentADay: 1.2, minutes: [400, 1_900] },
  'disk-late': { percentADay: 16, minutes: [0.3, 2] },
  'disk-worn': { percentADay: 1.6, minutes: [1_400, 4_300] },
  'disk-hot': { percentADay: 6, minutes: [30, 240] },
  'clock-off': { percentADay: 3, minutes: [60, 1_400] },
  'panel-away': { percentADay: 6, minutes: [2, 40] },
  'case-open': { percentADay: 4, minutes: [2, 15] },
  'room-hot': { percentADay: 3, minutes: [20, 120] },
  'witness-away': { percentADay: 6, minutes: [2, 30] },
} as const satisfies Record<string, Kind>

export type IncidentKind = keyof typeof INCIDENTS
const KINDS = Object.keys(INCIDENTS) as IncidentKind[]

/** Then nobody reaches it. */
const BREAKS: ReadonlySet<IncidentKind> = new Set(['machine-dead', 'mains-cut', 'network-lost'])

export interface Incident extends Span {
  kind: IncidentKind
  /** At least 0, below 1: says which camera, or how bad. */
  draw: number
}

/** The longest reaches into the days after. */
const LONGEST_DAYS = Math.ceil((Math.max(...KINDS.map((kind) => INCIDENTS[kind].minutes[1])) * MINUTE_MS) / DAY_MS)

/** All of these kinds that begin on that day. */
export const begunOn = (
  { seed, device, isUnbroken }: SimulatedRoom,
  day: number,
  kinds: readonly IncidentKind[] = KINDS,
): Incident[] =>
  kinds.flatMap((kind) => {
    const about = [seed, device, day, kind] as const
    const { percentADay, minutes } = INCIDENTS[kind]
    if (chance(...about) * 100 >= percentADay || (isUnbroken && BREAKS.has(kind))) return []
    // Short ones are more frequent than long ones.
    const length = minutes[0] * (minutes[1] / minutes[0]) ** chance(...about, 'length')
    const fromMs = atLocal(day, between(7.5, 18.5, ...about, 'from'))
    return [{ kind, fromMs, toMs: fromMs + length * MINUTE_MS, draw: chance(...about, 'draw') }]
  })

/** All that touch that day. */
export const incidentsOf = (room: SimulatedRoom, day: number): Incident[] =>
  Array.from({ length: LONGEST_DAYS + 1 }, (_, back) => begunOn(room, day - back))
    .flat()
    .filter(({ toMs }) => dayOf(toMs) >= day)
    .toSorted((a, b) => a.fromMs - b.fromMs)
