import type { Findings } from './finding.ts'
import type { ListedFile } from './segments.ts'

/** A stretch at the end of a segment file that the journal knows to be no whole fragment (a `tail` line). */
export interface KnownTail {
  file: string
  offset: number
  bytes: number
}

/** Bytes of a listed file that no fragment covers. */
const rangesOf = (file: ListedFile): { from: number; to: number }[] => {
  const inside = file.holes.filter((hole) => hole.from < file.size)
  const after = file.size > file.end ? [{ from: file.end, to: file.size }] : []
  return [...inside, ...after]
}

/**
 * Tells bytes and files that the journal does not list. Beside listed media of a closed hearing such bytes would be
 * played and were added by someone; in an open one they may be fragments that are not journalled yet.
 */
export const tellUnlisted = (
  listed: ReadonlyMap<string, ListedFile>,
  present: ReadonlyMap<string, number>,
  tails: readonly KnownTail[],
  closed: boolean,
  found: Findings,
): void => {
  for (const [file, segment] of listed)
    for (const { from, to } of rangesOf(segment)) {
      const place = { track: segment.track, file, offset: from, bytes: to - from }
      const known = tails.some((tail) => tail.file === file && tail.offset <= from && to <= tail.offset + tail.bytes)
      if (known) found.add('bytes-unlisted', place, { why: 'tail' })
      else if (closed) found.add('bytes-added', place, {})
      else found.add('bytes-unlisted', place, { why: 'open' })
    }
  for (const [file, bytes] of present)
    if (!listed.has(file) && !tails.some((tail) => tail.file === file)) found.add('file-unlisted', { file, bytes }, {})
}
