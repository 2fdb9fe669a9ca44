/**
 * Retained messages found by their topic. The memory of aedes 1.2 compares every retained message with every topic that
 * is subscribed to: when ten thousand devices subscribe to seven topics each, that is some billions of comparisons, and
 * the broker answers nobody for minutes. A topic without wildcards needs none.
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

/** Before the broker takes anybody: what is retained already is not found. */
export const findRetainedDirectly = (broker: Aedes): void => {
  const { persistence } = broker as unknown as { persistence: Persistence }
  const retained = new Map<string, RetainedPacket>()
  const found = function* (patterns: readonly string[]): Generator<RetainedPacket> {
    for (const pattern of patterns)
      if (isWild(pattern)) {
        for (const [topic, packet] of retained) if (topicMatches(pattern, topic)) yield packet
      } else {
        const packet = retained.get(pattern)
        if (packet) yield packet
      }
  }
  persistence.storeRetained = async (packet) => {
    if (packet.payload.length) retained.set(packet.topic, { ...packet })
    else retained.delete(packet.topic)
  }
  persistence.createRetainedStreamCombi = (patterns) => Readable.from(found(patterns))
  persistence.createRetainedStream = (pattern) => Readable.from(found([pattern]))
}
