/**
 * What was reported lately, for a recorder that comes back. Older reports are read from the index on disk, which was
 * written before each report left.
 */
import { join } from 'node:path'
import { Fragment, type FromWorker, type ToWorker } from '../wire/capture.ts'
import { readIndexLines } from './worker-socket.ts'

/** Ten minutes of six microphones. */
const KEPT = 8_000

/** A disk that hangs must not keep the recorder from hearing what the other has. */
const READ_WITHIN_MS = 3_000

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
    const found = new Map<string, Fragment>()
    if (!this.#whole) {
      const indexes = open.stores.map(({ name, path }) =>
        readIndex(name, join(path, open.hearing, 'index', `${source}.ndjson`)),
      )
      for (const fragment of (await Promise.all(indexes)).flat().filter(missed)) {
        const known = found.get(keyOf(fragment))
        if (known) known.stores.push(...fragment.stores)
        else found.set(keyOf(fragment), fragment)
      }
    }
    const kept = new Map(this.#kept.filter(missed).map((fragment) => [keyOf(fragment), fragment]))
    // The memory knows better than the index on which stores a fragment is.
    const old = [...found.values()].filter((fragment) => !kept.has(keyOf(fragment))).sort((a, b) => a.seq - b.seq)
    return [...old, ...kept.values()].map((fragment) => ({ is: 'fragment', run, fragment }))
  }
}

/** What one store's index tells within the time a disk in order needs; a line that is torn or glued tells nothing. */
const readIndex = async (store: string, path: string): Promise<Fragment[]> => {
  const found: Fragment[] = []
  const read = async () => {
    for await (const line of readIndexLines(path)) {
      const parsed = Fragment.safeParse(withStore(line, store))
      if (parsed.success) found.push(parsed.data)
    }
  }
  await Promise.race([read().catch(() => {}), sleep(READ_WITHIN_MS)])
  return [...found]
}

const withStore = (line: string, store: string): unknown => {
  try {
    return { ...JSON.parse(line), stores: [store] }
  } catch {
    return null
  }
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

const keyOf = (fragment: Fragment): string => `${fragment.track} ${fragment.seq}`
