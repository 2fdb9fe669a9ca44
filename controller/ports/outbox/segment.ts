/** One file of successive events: what in it can be believed. */
import { type KeptEvent, parseLine } from './kept-event.ts'

/** A file takes no more: so it is known which numbers may have been given when its end is gone. */
export const SEGMENT_EVENTS = 500
export const SEGMENT_BYTES = 256 << 10

const LINE_FEED = 10
/** What a write that was cut off leaves: the beginning of a line. */
const TORN = /^[0-9a-f]{0,64}$|^[0-9a-f]{64} (\{[^\0\n]*)?$/

export interface ReadSegment {
  events: KeptEvent[]
  /** End of the last whole line that is in order. */
  bytes: number
  /** Something stands behind it that no cut-off write explains: events may be gone there. */
  isDoubtful: boolean
  /** Nothing may be added to it. */
  isShut: boolean
}

/**
 * @param first number of its first event
 * @param upper no event in it has a higher one
 */
export const readSegment = (content: Buffer, first: number, upper: number): ReadSegment => {
  const events: KeptEvent[] = []
  let good = 0
  let at = 0
  for (let end = content.indexOf(LINE_FEED); end >= 0; end = content.indexOf(LINE_FEED, at)) {
    const event = parseLine(content.toString('utf8', at, end))
    at = end + 1
    if (!event || event.seq < (events.at(-1)?.seq ?? first - 1) + 1 || event.seq > upper) continue
    events.push(event)
    good = at
  }
  const rest = content.toString('utf8', good)
  // Only its line feed is missing, or spoiled.
  const ended = parseLine(rest) ?? parseLine(rest.slice(0, -1))
  if (ended && ended.seq === (events.at(-1)?.seq ?? first - 1) + 1)
    return { events: [...events, ended], bytes: content.length, isDoubtful: false, isShut: true }
  const isDoubtful = !TORN.test(rest)
  return { events, bytes: good, isDoubtful, isShut: isDoubtful }
}
