/** Averages of ten minutes: what is kept of the metrics. */
import { METRIC_NAMES, type Metrics } from '../../wire/fleet/metrics.ts'
import type { RosterCommand } from './command.ts'
import type { Room } from './room.ts'

export const SLOT_SECONDS = 600
const DAY_MS = 86_400_000
const NONE = METRIC_NAMES.map(() => 0)

/** By the device's own time, for what was kept while it was offline comes later; by `nowUtcMs` when that is absurd. */
export const metricsSaid = (room: Room, metrics: Metrics, nowUtcMs: number, commands: RosterCommand[]): void => {
  const saidMs = Date.parse(metrics.at)
  const slot = Math.floor((saidMs > nowUtcMs + DAY_MS ? nowUtcMs : saidMs) / 1_000 / SLOT_SECONDS)
  if (room.average && room.average.slot !== slot) {
    const { slot: full, sums, counts } = room.average
    commands.push({ do: 'keep-average', device: room.device, slot: full, sums, counts })
    room.average = null
  }
  room.average ??= { slot, sums: NONE.slice(), counts: NONE.slice() }
  const { sums, counts } = room.average
  METRIC_NAMES.forEach((name, i) => {
    const value = metrics[name]
    if (value === undefined) return
    sums[i]! += value
    counts[i]! += 1
  })
}
