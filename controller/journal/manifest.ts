import type { Entry, FragmentEntry, TrackEntry } from './entry.ts'
import { type HearingSummary, type ResumePoint, SUMMARY_FORMAT } from './summary.ts'
import { TrackFold } from './track-fold.ts'

type Head = Pick<HearingSummary, 'id' | 'court' | 'room' | 'case' | 'openedUtc'>

/** Kinds of picture; a track that the opening line does not name (it may be damaged) is told by its codec. */
const VIDEO = /^(avc|hvc|hev|h26)/i

/**
 * Folds a journal, entry by entry, into the hearing's summary. A day-long hearing costs the memory of its segments,
 * gaps, marks and troubles.
 */
export class Manifest {
  #opened: Head = { id: '', court: '', room: '', case: '', openedUtc: '' }
  #closed: { utc: string; mediaMs: number } | null = null
  #mediaEndMs = 0
  #zero = { zeroMonoMs: 0, boot: '' }
  #lastUtc = ''
  readonly #tracks = new Map<string, TrackFold>()
  readonly #offRecord: HearingSummary['offRecord'] = []
  readonly #marks: HearingSummary['marks'] = []
  readonly #interruptions: HearingSummary['interruptions'] = []
  readonly #stores: HearingSummary['stores'] = []

  add(entry: Entry): void {
    this.#lastUtc = entry.utc
    switch (entry.kind) {
      case 'hearing-opened':
        this.#opened = {
          id: entry.id,
          court: entry.court,
          room: entry.room,
          case: entry.case,
          openedUtc: entry.utc,
        }
        this.#zero = { zeroMonoMs: entry.zeroMonoMs, boot: entry.boot }
        for (const track of entry.tracks) this.#tracks.set(track.name, new TrackFold(track))
        break
      case 'fragments':
      case 'found':
        for (const fragment of entry.fragments) this.#fragment(fragment)
        break
      case 'gap':
        this.#track({ name: entry.track }).addGap(entry, entry.reason.clerk)
        break
      case 'state':
        this.#state(entry.to === 'off-record', entry.mediaMs, entry.reason.clerk)
        break
      case 'mark':
        this.#marks.push({ mediaMs: entry.mediaMs, utc: entry.utc, note: entry.note, by: entry.by })
        break
      case 'interrupted':
        this.#zero = { zeroMonoMs: entry.zeroMonoMs, boot: entry.boot }
        this.#interruptions.push({ lastUtc: entry.lastUtc, resumedUtc: entry.utc, clerk: entry.reason.clerk })
        break
      case 'store':
        this.#stores.push({ store: entry.store, utc: entry.utc, to: entry.to, clerk: entry.reason.clerk })
        break
      case 'hearing-closed':
        this.#closed = { utc: entry.utc, mediaMs: entry.mediaMs }
        this.#state(false, entry.mediaMs, '')
        break
    }
  }

  #fragment(fragment: FragmentEntry): void {
    this.#mediaEndMs = Math.max(this.#mediaEndMs, fragment.mediaMs + fragment.durationMs)
    this.#track({ name: fragment.track, media: VIDEO.test(fragment.codec) ? 'video' : 'audio' }).add(fragment)
  }

  #track(unknown: { name: string; media?: 'video' | 'audio' }): TrackFold {
    const { name, media = 'audio' } = unknown
    let track = this.#tracks.get(name)
    if (!track) {
      const entry: TrackEntry = { name, label: name, media, source: name, channel: 0 }
      track = new TrackFold(entry)
      this.#tracks.set(name, track)
    }
    return track
  }

  #state(offRecord: boolean, mediaMs: number, clerk: string): void {
    const last = this.#offRecord.at(-1)
    if (last && last.toMs === null) {
      if (!offRecord) last.toMs = mediaMs
    } else if (offRecord) this.#offRecord.push({ fromMs: mediaMs, toMs: null, reason: clerk })
  }

  /** Whether the closing line was seen. */
  get closed(): boolean {
    return this.#closed !== null
  }

  /** @param journal how many entries were read, and the hash of the last line (a reader's `count` and `head`) */
  summary(journal: { entries: number; head: string }): HearingSummary {
    return {
      format: SUMMARY_FORMAT,
      ...this.#opened,
      closedUtc: this.#closed?.utc ?? null,
      state: this.#closed ? 'closed' : 'open',
      mediaSeconds: Math.round(this.#closed?.mediaMs ?? this.#mediaEndMs) / 1_000,
      tracks: [...this.#tracks.values()].map((track) => track.summary),
      offRecord: this.#offRecord.map((period) => ({ ...period })),
      marks: [...this.#marks],
      interruptions: [...this.#interruptions],
      stores: [...this.#stores],
      journal: { entries: journal.entries, head: journal.head },
    }
  }

  /** Where to carry on with a hearing that was interrupted. */
  get resumePoint(): ResumePoint {
    return {
      ...this.#zero,
      paused: this.#offRecord.at(-1)?.toMs === null,
      lastUtc: this.#lastUtc,
      mediaEndMs: this.#mediaEndMs,
      tracks: Object.fromEntries([...this.#tracks].map(([name, track]) => [name, track.place])),
    }
  }
}
