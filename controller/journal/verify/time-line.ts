import type { Entry } from '../entry.ts'
import type { Finding } from './finding.ts'
import { msOf, utcText } from './utc.ts'

/** Clocks drift less between two lines that tie them. */
const SAME_MS = 50
const TIES_MOST = 10_000

interface Tie {
  mediaMs: number
  /** Add it to media time for the time of day. */
  offsetMs: number
}

/** Nothing has checked this field: an old reader must get along with what a new one says. */
const numberOf = (value: unknown): number => (typeof value === 'number' ? value : Number.NaN)

/** Which time of day it was at a place on the media time line, by what the journal says of its clocks. */
export class TimeLine {
  #zeroMonoMs = Number.NaN
  readonly #ties: Tie[] = []

  note(entry: Entry): void {
    if (entry.kind === 'hearing-opened' || entry.kind === 'interrupted') this.#zeroMonoMs = numberOf(entry.zeroMonoMs)
    if (entry.kind === 'clock') this.#tie(entry.monoMs, entry.utcMs)
    if (entry.kind === 'hearing-opened' || entry.kind === 'interrupted') this.#tie(entry.monoMs, msOf(entry.utc))
  }

  /** ISO 8601; empty when it cannot be told. */
  utcAt(mediaMs: number): string {
    const tie = this.#ties.findLast((one) => one.mediaMs <= mediaMs) ?? this.#ties[0]
    return tie ? utcText(tie.offsetMs + mediaMs) : ''
  }

  /** Gives the finding its time of day where it has a place on the time line only. */
  date(finding: Finding): Finding {
    if (finding.fromMs === undefined || finding.toMs === undefined || finding.fromUtc !== undefined) return finding
    const [fromUtc, toUtc] = [this.utcAt(finding.fromMs), this.utcAt(finding.toMs)]
    return fromUtc && toUtc ? { ...finding, fromUtc, toUtc } : finding
  }

  #tie(monoMs: number, utcMs: number): void {
    const mediaMs = monoMs - this.#zeroMonoMs
    const offsetMs = utcMs - mediaMs
    const last = this.#ties.at(-1)
    const isNew = !last || Math.abs(last.offsetMs - offsetMs) > SAME_MS
    if (isNew && !Number.isNaN(offsetMs) && this.#ties.length < TIES_MOST) this.#ties.push({ mediaMs, offsetMs })
  }
}
