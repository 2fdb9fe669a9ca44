/**
 * What was reported lately, for a recorder that comes back. Older reports are read from the index on disk, which was
 * made durable before each report left.
 */
import { join } from 'node:path'
import { Fragment, type FromWorker, type ToWorker } from '../wire/capture.ts'
import { readIndexLines } from './worker-socket.ts'

/** Ten minutes of six microphones. */
const KEPT = 8_000

type Open = Extract<ToWorker, { do: 'open' }>

export class ReportLog {
  #kept: Fragment[] = []
  /** False once something has been dropped: the beginning must then come from the index. */
  #whole = true

  keep(fragment: Fragment): void {
    this.#kept.push(fragment)
    if (this.#kept.length <= KEPT * 1.25) return
    this.#kept = this.#kept.slice(-KEPT)
    this.#whole = false
  }

  clear(): void {
    this.#kept = []
    this.#whole = true
  }

  /** Reports after those in `since`, in order, of this run. */
  async after(since: Record<string, number>, run: number, source: string, open: Open): Promise<FromWorker[]> {
    const missed = (fragment: Fragment) => fragment.run === run && fragment.seq > (since[fragment.track] ?? 0)
    const told = new Set<string>()
    const found: Fragment[] = []
    if (!this.#whole) {
      for (const { name, path } of open.stores) {
        for await (const line of readIndexLines(join(path, open.hearing, 'index', `${source}.ndjson`))) {
          const parsed = Fragment.safeParse({ ...JSON.parse(line), stores: [name] })
          if (parsed.success && missed(parsed.data) && !told.has(keyOf(parsed.data))) {
            told.add(keyOf(parsed.data))
            found.push(parsed.data)
          }
        }
        if (found.length) break
      }
    }
    const kept = new Map(this.#kept.filter(missed).map((fragment) => [keyOf(fragment), fragment]))
    // The memory knows better than the index on which stores a fragment is.
    const old = found.filter((fragment) => !kept.has(keyOf(fragment)))
    return [...old, ...kept.values()].map((fragment) => ({ is: 'fragment', run, fragment }))
  }
}

const keyOf = (fragment: Fragment): string => `${fragment.track} ${fragment.seq}`
