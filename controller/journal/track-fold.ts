import type { FragmentEntry, GapEntry, TrackEntry } from './entry.ts'
import type { TrackPlace, TrackSummary } from './summary.ts'

/** Folds the lines about one track. Holds its segments and gaps, and nothing for each fragment. */
export class TrackFold {
  readonly #summary: TrackSummary
  /** End of what is known of each segment file: a fragment told twice is counted once. */
  readonly #ends = new Map<string, number>()
  #durationMs = 0
  #run = 0
  #seq = 0
  #endMs = -1

  constructor({ name, label, media, source }: TrackEntry) {
    this.#summary = {
      name,
      label,
      media,
      source,
      codec: null,
      segments: [],
      fragments: 0,
      bytes: 0,
      seconds: 0,
      gaps: [],
    }
  }

  add(fragment: FragmentEntry): void {
    const known = this.#ends.get(fragment.file)
    const end = fragment.offset + fragment.bytes
    if (known !== undefined && end <= known) return
    if (known === undefined) this.#summary.segments.push(fragment.file)
    this.#ends.set(fragment.file, end)
    this.#summary.codec = fragment.codec
    this.#summary.fragments++
    this.#summary.bytes += fragment.bytes
    this.#durationMs += fragment.durationMs
    this.#endMs = Math.max(this.#endMs, fragment.mediaMs + fragment.durationMs)
    if (fragment.run > this.#run || (fragment.run === this.#run && fragment.seq > this.#seq)) {
      this.#run = fragment.run
      this.#seq = fragment.seq
    }
  }

  addGap({ fromMs, toMs }: GapEntry, clerk: string): void {
    this.#summary.gaps.push({ fromMs, toMs, clerk })
  }

  get summary(): TrackSummary {
    return { ...this.#summary, seconds: Math.round(this.#durationMs) / 1_000 }
  }

  get place(): TrackPlace {
    const { fragments, bytes, seconds, gaps } = this.summary
    return { run: this.#run, seq: this.#seq, fragments, bytes, seconds, gaps: gaps.length, endMs: this.#endMs }
  }
}
