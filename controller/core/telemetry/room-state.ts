/** What goes on in the room, for IT. A view of what lamps and status show. */
import { utcText } from '../../base/units.ts'
import type { RoomState } from '../../wire/fleet/room-state.ts'
import type { Stamp } from '../event.ts'
import { hoursForecast } from '../forecast.ts'
import { healthOf } from '../health.ts'
import { lampOf } from '../lamp.ts'
import type { State } from '../state.ts'

const SUPPLIES: Readonly<Record<State['power']['supply']['is'], RoomState['supply']>> = {
  mains: 'mains',
  flickering: 'mains',
  'on-battery': 'battery',
  'battery-low': 'battery-low',
  ending: 'battery-low',
}

/** Nobody tells of the mains where there is neither board nor UPS. */
const supplyOf = ({ power, board, ups }: State): RoomState['supply'] => {
  const isWatched = board.is === 'found' || ups.is === 'heard'
  return power.supply.is === 'mains' && !isWatched ? 'unknown' : SUPPLIES[power.supply.is]
}

/** A microphone is silent when it was so for its time. */
const isAudible = ({ hearing, tracks, sources }: State): boolean | null => {
  if (hearing.is !== 'recording') return null
  const microphones = Object.values(tracks).filter(({ config }) => config.media === 'audio')
  return microphones.some(({ config, signals }) => sources[config.source]?.is === 'live' && !signals.silent)
}

const selfTestOf = ({ trial, selfTest }: State): RoomState['selfTest'] => {
  if (trial.testedUtcMs === null || !selfTest) return 'none'
  return selfTest.every(({ ok }) => ok) ? 'passed' : 'failed'
}

/**
 * @param alarms ids of those that are active, as they are told of
 * @param configRev revision of the configuration from the hub; 0 for the local one
 */
export const roomStateOf = (state: State, at: Stamp, alarms: readonly string[], configRev: number): RoomState => {
  const { hearing, trial } = state
  const hours = hoursForecast(state)
  const openedUtcMs = 'hearing' in hearing ? hearing.hearing.openedUtcMs : null
  return {
    at: utcText(at.utcMs),
    hearing: hearing.is,
    lamp: lampOf(state, at.atMs),
    recordedSince: openedUtcMs === null ? null : utcText(openedUtcMs),
    verdict: healthOf(state).verdict,
    alarms: alarms.slice(0, 200),
    sources: Object.fromEntries(Object.entries(state.sources).map(([name, { is }]) => [name, is])),
    disks: Object.fromEntries(Object.entries(state.stores).map(([name, { is }]) => [name, is])),
    supply: supplyOf(state),
    clockSynchronized: state.clockSynchronized,
    hoursLeft: hours === null ? null : Math.round(hours * 10) / 10,
    audible: isAudible(state),
    selfTest: selfTestOf(state),
    selfTestedAt: trial.testedUtcMs === null ? null : utcText(trial.testedUtcMs),
    configRev,
  }
}

/** What is worth saying at once when it changes. */
export const newsOf = ({ at: _, hoursLeft: __, ...state }: RoomState): string => JSON.stringify(state)
