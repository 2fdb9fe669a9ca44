import type { IncomingEvent } from '../ports/event-store/job.ts'
import type { FleetEvent } from '../wire/fleet/fleet-event.ts'

/** As the store takes it; null when its id and its number are not of one piece. */
export const incomingEvent = (
  device: string,
  event: FleetEvent,
  bytes: Uint8Array,
  receivedMs: number,
): IncomingEvent | null => {
  const { id, seq, type, prev, data, time } = event
  if (id !== `${device}/${seq}`) return null
  const kind = type.slice('verbatim.'.length, -'.v1'.length)
  // Nothing comes before it was raised: a hub whose clock is behind would call it old, and throw it away.
  const atMs = Math.max(receivedMs, Date.parse(time) || 0)
  return { device, seq, kind, prev, receivedMs: atMs, bytes, lost: kind === 'events-lost' ? lostIn(data, seq) : null }
}

/** Numbers before its own that the device gives up for good. */
const lostIn = ({ fromSeq, toSeq }: FleetEvent['data'], seq: number): [number, number] | null =>
  typeof fromSeq === 'number' && typeof toSeq === 'number' && fromSeq >= 1 && fromSeq <= toSeq && toSeq < seq
    ? [fromSeq, toSeq]
    : null
