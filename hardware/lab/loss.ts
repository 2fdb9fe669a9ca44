/** What a power cut took of each track, told by the recovered journal alone. */
import type { Entry } from '../../controller/journal/entry.ts'

export interface TrackLoss {
  track: string
  /** From the end of what the track holds to the cut. */
  lostMs: number
}

type EntryOf<Kind extends Entry['kind']> = Extract<Entry, { kind: Kind }>
const first = <Kind extends Entry['kind']>(entries: readonly Entry[], kind: Kind): EntryOf<Kind> => {
  const found = entries.find((entry): entry is EntryOf<Kind> => entry.kind === kind)
  if (!found) throw new Error(`the journal has no ${kind}`)
  return found
}

/** Where the hearing stood on its media time line at this wall clock. */
export const mediaMsAt = (entries: readonly Entry[], utcMs: number): number => {
  const clock = first(entries, 'clock')
  return utcMs - clock.utcMs + clock.monoMs - first(entries, 'hearing-opened').zeroMonoMs
}

/** @param cutUtcMs the machine's wall clock at the cut */
export const lossOf = (entries: readonly Entry[], tracks: readonly string[], cutUtcMs: number): TrackLoss[] => {
  const cutMs = mediaMsAt(entries, cutUtcMs)
  const fragments = entries.flatMap((entry) =>
    entry.kind === 'fragments' || entry.kind === 'found' ? entry.fragments : [],
  )
  return tracks.map((track) => {
    const ends = fragments.filter((one) => one.track === track).map(({ mediaMs, durationMs }) => mediaMs + durationMs)
    return { track, lostMs: cutMs - Math.max(0, ...ends) }
  })
}
