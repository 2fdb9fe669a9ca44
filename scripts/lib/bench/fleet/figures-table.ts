/** The figures of the fleet for people. */
import type { Latencies } from '../../fleet/latencies.ts'
import type { Table } from '../part.ts'
import type { FleetFigures, Usage } from './measure.ts'
import type { FleetBenchOptions } from './options.ts'

const seconds = (value: number): string => `${value.toFixed(1)} s`
const ms = ({ p50Ms, p99Ms, worstMs }: Latencies): string =>
  `${Math.round(p50Ms)} / ${Math.round(p99Ms)} / ${Math.round(worstMs)} ms`
const used = ({ cpuPercent, rssMb }: Usage): string => `${cpuPercent.toFixed(0)} % of a core, ${rssMb.toFixed(0)} MB`

export const fleetTable = (figures: FleetFigures, options: FleetBenchOptions): Table => {
  const { devices, broker, alarmsPerSecond, seconds: measured, processes } = options
  const each = (usages: readonly Usage[], when: string): string[][] =>
    usages.map((usage) => [`${usage.name}, ${when}`, used(usage), usage.name === 'hub' ? 'under 700 MB' : ''])
  return {
    title: `${devices} rooms, ${broker} broker, mutual TLS`,
    head: ['what', 'measured', 'wanted'],
    rows: [
      ['from the first connection to all shown online', seconds(figures.connectSeconds), ''],
      ...each(figures.connectUsage, 'while they connect'),
      ...each(figures.usage, 'in an ordinary morning'),
      ['alarm raised to shown, p50 / p99 / worst', ms(figures.event), 'p99 under 1 s'],
      ['alarms raised, not shown', `${figures.raised}, ${figures.notShown}`, 'none'],
      ['all machines hang, to all shown lost', seconds(figures.frozenLostSeconds), 'within 15 s'],
      ['they go on, to all shown online', seconds(figures.thawedSeconds), ''],
      ['kill -9 of the hub, to all shown online', seconds(figures.backAfterKillSeconds), ''],
      ['a room has a connection, to shown online, p50 / p99 / worst', ms(figures.shownOnline), 'within 15 s'],
      ['all machines die, to all shown lost', seconds(figures.willsSeconds), 'within 15 s'],
      ['events raised', `${figures.events}`, ''],
      ['events missing, kept twice', `${figures.missing}, ${figures.doubled}`, 'none'],
    ],
    notes: [
      `${measured} s of a morning at the pace of life, ${alarmsPerSecond} alarms a second raised beside it, each cleared after 15 s`,
      `metrics every 30 s, state every 60 s and on change; the devices in ${processes} processes on the same cores`,
      'shown: it came over the live connection of a console that is logged in',
      `beside it, the broker with nothing around it: scripts/bench fleet --bare --broker ${broker}`,
    ],
  }
}
