/** What is missing from a track: media time that lies on the record and in no fragment. A recess is no gap. */
import type { Span } from './event.ts'

/** Time stamps of successive fragments may differ by so much without a sample missing. */
const SLACK_MS = 100
/** A camera starts at its next key frame; the wait is told by a `started` line, not by a gap. */
const START_MS = 2_500
/** The last picture of a slow camera ends before the press does. */
const TAIL_MS = 1_000

export interface Piece {
  fromMs: number
  toMs: number
}

/**
 * The pieces of `fromMs`..`toMs` on the record that count as missing.
 * A piece at a span's start may be a start's wait, one at its end the last picture's length.
 */
export const missingBetween = (spans: Span[], fromMs: number, toMs: number): Piece[] => {
  const pieces: Piece[] = []
  for (const span of spans) {
    const end = span.toMs ?? Number.POSITIVE_INFINITY
    const piece = { fromMs: Math.max(fromMs, span.fromMs), toMs: Math.min(toMs, end) }
    const whole = piece.fromMs === span.fromMs && piece.toMs === end
    const allowed = whole ? SLACK_MS : piece.fromMs === span.fromMs ? START_MS : piece.toMs === end ? TAIL_MS : SLACK_MS
    if (piece.toMs - piece.fromMs > allowed) pieces.push(piece)
  }
  return pieces
}

/** The spans with the present one ended. */
export const endSpan = (spans: Span[], mediaMs: number): Span[] =>
  spans.map((span) => (span.toMs === null ? { ...span, toMs: Math.max(span.fromMs, mediaMs) } : span))
