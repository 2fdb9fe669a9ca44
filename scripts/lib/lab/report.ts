/** What the lab prints at its end. */
import type { TrackLoss } from '../../../hardware/lab/loss.ts'
import { median, worst } from '../bench/statistics.ts'

export interface Seen {
  what: string
  result: 'ok' | 'FAILED' | 'not tried'
  detail: string
}

/** A line each, with the first line of what was seen. */
export const seenTable = (seen: readonly Seen[]): string => {
  const widest = Math.max(...seen.map(({ what }) => what.length))
  return seen
    .map(({ what, result, detail }) => `  ${what.padEnd(widest)}  ${result.padEnd(9)}  ${detail.split('\n')[0]}`)
    .join('\n')
}

export const lossTable = (losses: readonly TrackLoss[]): string => {
  const tracks = [...new Set(losses.map(({ track }) => track))]
  const rows = tracks.map((track) => {
    const lost = losses.filter((loss) => loss.track === track).map(({ lostMs }) => lostMs / 1_000)
    return `  ${track.padEnd(20)}  ${String(lost.length).padStart(4)}  ${median(lost).toFixed(2).padStart(6)}  ${worst(lost).toFixed(2).padStart(6)}`
  })
  return [`  ${'seconds lost'.padEnd(20)}  cuts  median   worst`, ...rows].join('\n')
}
