import { setTimeout as sleep } from 'node:timers/promises'

const LOOK_EVERY_MS = 100

/**
 * Looks again and again until `look` finds something (neither null, undefined nor false), and returns it. Throws with
 * `what` after the deadline, which is generous on purpose: stories run on slow and busy machines.
 */
export const until = async <T>(
  what: string,
  withinSeconds: number,
  look: () => T | Promise<T>,
): Promise<Exclude<T, null | undefined | false>> => {
  const endMs = performance.now() + withinSeconds * 1_000
  for (;;) {
    const found = await look()
    if (found !== null && found !== undefined && found !== false) return found as Exclude<T, null | undefined | false>
    if (performance.now() > endMs) throw new Error(`${what}: not within ${withinSeconds} s`)
    await sleep(LOOK_EVERY_MS)
  }
}

export { sleep }
