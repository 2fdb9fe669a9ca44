import type { Entry } from '../entry.ts'
import type { Findings } from './finding.ts'
import type { BadSpan } from './segments.ts'

type SealEntry = Entry & { kind: 'seal' }

interface Seal {
  entry: SealEntry
  replaced: boolean
}

/** A piece of a replaced row that one set of seals covers, or none. */
export interface SealedPiece {
  seals: readonly string[]
  offset: number
  bytes: number
  fromMs: number
  toMs: number
}

const covers = ({ tracks, fromMs, toMs }: SealEntry, track: string, from: number, to: number): boolean =>
  (tracks.length === 0 || tracks.includes(track)) && from < toMs && to > fromMs

/** What the journal orders to be sealed, and what a copy has replaced for it. */
export class Seals {
  readonly #seals: Seal[] = []

  note(entry: SealEntry): void {
    this.#seals.push({ entry, replaced: false })
  }

  /**
   * Divides a row of replaced fragments by the seals that cover them.
   * @param counts whether a seal of this line may be relied on
   */
  divide(span: BadSpan, counts: (line: number) => boolean): SealedPiece[] {
    const pieces: SealedPiece[] = []
    const good = this.#seals.filter(({ entry }) => counts(entry.n))
    for (let i = 0; i < span.parts.length; i += 3) {
      const [offset, fromMs, toMs] = span.parts.slice(i, i + 3) as [number, number, number]
      const bytes = (span.parts[i + 3] ?? span.offset + span.bytes) - offset
      const over = good.filter(({ entry }) => covers(entry, span.track, fromMs, toMs))
      for (const seal of over) seal.replaced = true
      const seals = over.map(({ entry }) => entry.seal)
      const last = pieces.at(-1)
      if (last && last.seals.join('\n') === seals.join('\n')) {
        last.bytes += bytes
        last.toMs = toMs
      } else pieces.push({ seals, offset, bytes, fromMs, toMs })
    }
    return pieces
  }

  /** Tells every seal, and which of them nobody has signed. */
  tell(counts: (line: number) => boolean, found: Findings): void {
    for (const { entry, replaced } of this.#seals) {
      const { seal, by, reason, tracks, fromMs, toMs, n } = entry
      const place = { line: n, fromMs, toMs }
      if (!counts(n)) found.add('seal-unsigned', place, { seal })
      const state = replaced ? 'replaced' : 'whole'
      found.add('seal', place, { seal, by, tracks, state, reason: reason.clerk })
    }
  }
}
