/**
 * Retained messages found by how their topics begin. The memory of aedes 1.2 compares every retained message with every
 * topic that is subscribed to: when ten thousand devices subscribe, that is some billions of comparisons, and the broker
 * answers nobody for minutes. Here they lie by `verbatim/v1/COURT/DEVICE/down` or `.../up`, and only a filter with a
 * wildcard before its sixth level is compared with all.
 */
import { Readable } from 'node:stream'
import type { Aedes } from 'aedes'

interface RetainedPacket {
  topic: string
  payload: Buffer | string
}

interface Persistence {
  storeRetained: (packet: RetainedPacket) => Promise<void>
  createRetainedStreamCombi: (patterns: readonly string[]) => Readable
  createRetainedStream: (pattern: string) => Readable
}

const PLACE_LEVELS = 5

/** Of a filter too; one with a wildcard in its place may match anywhere. */
const placeOf = (topic: string): string => topic.split('/').slice(0, PLACE_LEVELS).join('/')

const isWild = (pattern: string): boolean => pattern.includes('+') || pattern.includes('#')

/** MQTT 3.1.1, 4.7: `+` is one level, `#` all that follow and their parent; neither begins a `$` topic. */
export const topicMatches = (pattern: string, topic: string): boolean => {
  const [wanted, levels] = [pattern.split('/'), topic.split('/')]
  if (topic.startsWith('$') && (wanted[0] === '+' || wanted[0] === '#')) return false
  for (const [place, level] of wanted.entries()) {
    if (level === '#') return true
    if (place >= levels.length || (level !== '+' && level !== levels[place])) return false
  }
  return wanted.length === levels.length
}

/** How many messages of other topics are retained where this one lies. */
export type CountOthers = (topic: string) => number

/** Before the broker takes anybody: what is retained already is not found. */
export const findRetainedDirectly = (broker: Aedes): CountOthers => {
  const { persistence } = broker as unknown as { persistence: Persistence }
  /** By where they lie, then by topic. */
  const retained = new Map<string, Map<string, RetainedPacket>>()
  const found = function* (patterns: readonly string[]): Generator<RetainedPacket> {
    for (const pattern of patterns) {
      const place = placeOf(pattern)
      const places = isWild(place) ? retained.values() : [retained.get(place) ?? new Map<string, RetainedPacket>()]
      for (const there of places) for (const [topic, packet] of there) if (topicMatches(pattern, topic)) yield packet
    }
  }
  persistence.storeRetained = async (packet) => {
    const place = placeOf(packet.topic)
    const there = retained.get(place) ?? new Map<string, RetainedPacket>()
    if (packet.payload.length) retained.set(place, there.set(packet.topic, { ...packet }))
    else if (there.delete(packet.topic) && there.size === 0) retained.delete(place)
  }
  persistence.createRetainedStreamCombi = (patterns) => Readable.from(found(patterns))
  persistence.createRetainedStream = (pattern) => Readable.from(found([pattern]))
  return (topic) => {
    const there = retained.get(placeOf(topic))
    return there ? there.size - (there.has(topic) ? 1 : 0) : 0
  }
}
