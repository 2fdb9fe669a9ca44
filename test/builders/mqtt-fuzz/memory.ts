import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

export interface Held {
  /** How many packets there had been. */
  packets: number
  /** What is really held, after everything else was thrown away: heap and buffers. */
  bytes: number
  /** What the process has of the system; the allocator gives little of it back. */
  rssBytes: number
}

/** The first comes when everything has been loaded and compiled once. */
export const MARKS = [0.1, 0.5, 1] as const

export const held = async (packets: number): Promise<Held> => {
  for (let i = 0; i < 3; i++) {
    collect()
    await new Promise((resolve) => setImmediate(resolve))
  }
  const { heapUsed, external, rss } = process.memoryUsage()
  return { packets, bytes: heapUsed + external, rssBytes: rss }
}
