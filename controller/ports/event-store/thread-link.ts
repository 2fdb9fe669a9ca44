/** Asks the store's thread, and waits for its answers. */
import { Worker } from 'node:worker_threads'
import { VerbatimError } from '../../base/error.ts'
import type { Answered, Asked } from './job.ts'

type Question<A = Asked> = A extends unknown ? Omit<A, 'n'> : never

interface Waiting {
  resolve: (answered: Exclude<Answered, { is: 'failed' }>) => void
  reject: (fault: Error) => void
}

/** The bundle holds the thread as a file beside the program. From the sources, where it is beside this file, it needs tsx. */
const startThread = (workerData: unknown): Worker => {
  if (!import.meta.url.endsWith('.ts')) return new Worker(new URL('./store-thread.js', import.meta.url), { workerData })
  const [tsx, thread] = [import.meta.resolve('tsx/esm/api'), import.meta.resolve('./store-thread.ts')]
  const start = `import('${tsx}').then(({ register }) => register()).then(() => import('${thread}'))`
  return new Worker(start, { eval: true, workerData })
}

export class ThreadLink {
  readonly #waiting = new Map<number, Waiting>()
  readonly #worker: Worker
  #asked = 0
  #dead: Error | null = null

  /** Resolves once the tables are open. Rejects with SETTINGS_DAMAGED when they cannot be. */
  static async open(path: string, maxPages?: number): Promise<ThreadLink> {
    const link = new ThreadLink(path, maxPages)
    try {
      await link.#wait(0)
    } catch (fault) {
      await link.#worker.terminate()
      throw fault
    }
    return link
  }

  private constructor(path: string, maxPages?: number) {
    this.#worker = startThread({ path, maxPages })
    this.#worker.on('message', (answered: Answered) => this.#answered(answered))
    this.#worker.on('error', (fault) => this.#die(fault))
    this.#worker.on('exit', () => this.#die(new Error('it has ended')))
  }

  /** Rejects with EVENTS_UNKEPT: nothing of it was kept. */
  ask(question: Question): Promise<Exclude<Answered, { is: 'failed' }>> {
    if (this.#dead) return Promise.reject(unkept(this.#dead.message))
    const n = ++this.#asked
    const answer = this.#wait(n)
    this.#worker.postMessage({ n, ...question })
    return answer
  }

  #wait(n: number): Promise<Exclude<Answered, { is: 'failed' }>> {
    return new Promise((resolve, reject) => this.#waiting.set(n, { resolve, reject }))
  }

  #answered(answered: Answered): void {
    const waiting = this.#waiting.get(answered.n)
    this.#waiting.delete(answered.n)
    if (answered.is === 'failed') waiting?.reject(unkept(answered.why))
    else waiting?.resolve(answered)
  }

  #die(fault: Error): void {
    this.#dead ??= fault
    for (const { reject } of this.#waiting.values()) reject(unkept(fault.message))
    this.#waiting.clear()
  }
}

const unkept = (why: string): VerbatimError => new VerbatimError('EVENTS_UNKEPT', `the store of the hub: ${why}`)
