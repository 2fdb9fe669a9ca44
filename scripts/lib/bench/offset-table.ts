import type { Lateness } from './beeps.ts'
import type { PartResult, Table } from './part.ts'
import { farthest, median, worst } from './statistics.ts'

export interface TrackEvents {
  track: string
  media: 'video' | 'audio'
  /** Milliseconds behind the instant at which light or sound left, by number of the period. */
  behindMs: ReadonlyMap<number, number>
}

interface Pair {
  pair: string
  kind: string
  medianMs: number
  /** The one farthest from zero. */
  worstMs: number
  /** Median of the last third of the recording, less that of the first. */
  driftMs: number
  events: number
}

const NAMES = { video: 'camera', audio: 'microphone' } as const

const pairOf = (a: TrackEvents, b: TrackEvents): Pair => {
  const both = [...a.behindMs].filter(([period]) => b.behindMs.has(period)).sort(([x], [y]) => x - y)
  const offsets = both.map(([period, behind]) => b.behindMs.get(period)! - behind)
  if (offsets.length < 2) throw new Error(`${a.track} and ${b.track} have ${offsets.length} instants in common`)
  const third = Math.max(1, Math.floor(offsets.length / 3))
  return {
    pair: `${a.track}, ${b.track}`,
    kind: `${NAMES[a.media]} and ${NAMES[b.media]}`,
    medianMs: median(offsets),
    worstMs: farthest(offsets),
    driftMs: median(offsets.slice(-third)) - median(offsets.slice(0, third)),
    events: offsets.length,
  }
}

const ms = (value: number): string => value.toFixed(1)

const pairTable = (pairs: readonly Pair[]): Table => {
  const row = (kind: string, some: readonly Pair[]): string[] => {
    const most = some.reduce((a, b) => (Math.abs(b.worstMs) > Math.abs(a.worstMs) ? b : a))
    const middle = median(some.map(({ medianMs }) => Math.abs(medianMs)))
    const drift = farthest(some.map(({ driftMs }) => driftMs))
    return [kind, String(some.length), ms(middle), ms(Math.abs(most.worstMs)), most.pair, ms(drift)]
  }
  const kinds = [...new Set(pairs.map(({ kind }) => kind))]
  return {
    title: 'Offset between tracks',
    head: ['pairs', 'number', 'median ms', 'worst ms', 'worst of all', 'end against start ms'],
    rows: [
      ...kinds.map((kind) =>
        row(
          kind,
          pairs.filter((pair) => pair.kind === kind),
        ),
      ),
      row('all', pairs),
    ],
    notes: [
      `${Math.min(...pairs.map(({ events }) => events))} flashes and beeps or more in each pair (aim: worst at most 20 ms)`,
    ],
  }
}

export const offsetTable = (tracks: TrackEvents[], lightLateMs: number[], sound: Lateness): PartResult => {
  const pairs = tracks.flatMap((a, i) => tracks.slice(i + 1).map((b) => pairOf(a, b)))
  const late = (values: number[]): string =>
    `${ms(median(values))} ms late in the median, ${ms(worst(values))} at worst`
  const trackTable: Table = {
    title: 'Each track against the instant at which light and sound left',
    head: ['track', 'events', 'median ms', 'worst ms'],
    rows: tracks.map(({ track, behindMs }) => {
      const values = [...behindMs.values()]
      return [track, String(values.length), ms(median(values)), ms(farthest(values))]
    }),
    notes: [
      `light (first packet of the picture, at a client beside the recorder, before it began): ${late(lightLateMs)}`,
      `sound (the packet that begins with the beep, at its sender): ${late(sound.lateMs)}; any packet at most ${ms(sound.worstLateMs)} ms; both are part of the figures`,
      'cameras by RTSP over TCP, microphones by RTP; what a real device needs before it sends is its delayMs',
    ],
  }
  const figures = {
    ...{ pairs, lightLateMs, sound },
    tracks: tracks.map((track) => ({ ...track, behindMs: Object.fromEntries(track.behindMs) })),
  }
  return { tables: [pairTable(pairs), trackTable], figures }
}
