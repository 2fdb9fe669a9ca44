/** How long devices that the broker had taken in were not yet shown online: a presence that is wrong. */
import type { Connected } from './device-words.ts'

/**
 * Milliseconds for each connection that lasted until it was shown; Infinity for a device's last one that never was.
 * @param onlineMs by device: when it was shown online, and when no longer, in turn
 */
export const shownOnlineAfter = (
  connections: readonly Connected[],
  onlineMs: ReadonlyMap<string, readonly number[]>,
): number[] => {
  const next = new Map<string, number>()
  return connections.toReversed().flatMap(({ device, atMs }) => {
    const turns = onlineMs.get(device) ?? []
    const nextMs = next.get(device) ?? Number.POSITIVE_INFINITY
    next.set(device, atMs)
    const turnsBefore = turns.filter((turnMs) => turnMs <= atMs).length
    // Still shown online from the connection before.
    if (turnsBefore % 2 === 1) return 0
    const shownMs = turns[turnsBefore] ?? Number.POSITIVE_INFINITY
    return nextMs < shownMs ? [] : shownMs - atMs
  })
}
