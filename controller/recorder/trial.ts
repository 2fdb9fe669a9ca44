/**
 * The trial recording of the self-test: every source records some seconds into the folder `.self-test` of every store,
 * through its own worker and all that a hearing goes through; then it is read back from the disks, decoded, and deleted.
 * It is no hearing: it stands in no register and no journal, and nobody finds its folder, whose name begins with a full
 * stop. Nothing is recorded so while a hearing is open, on the record or off it.
 */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { onEachStore } from '../base/each-store.ts'
import { messageOf } from '../base/error.ts'
import { sleep, within } from '../base/within.ts'
import { TRIAL_FOLDER } from '../capture/trial.ts'
import type { SelfTestResult } from '../journal/entry.ts'
import type { Tried } from '../ports/capture-link/capture-link.ts'
import { decode } from '../ports/read-back/decode.ts'
import { readBack } from '../ports/read-back/read-back.ts'
import type { ToWorker } from '../wire/capture.ts'
import { type Config, type TrackConfig, tracksOf } from '../wire/config.ts'
import { diskResult, trackResult } from './trial-results.ts'

/** After its time a worker needs so long to drain its pipeline and for a slow disk, which is given up after a minute. */
const ANSWER_MS = 70_000
const DECODE_MS = 30_000
const READ_MS = 60_000

const wordsOf = (fault: unknown): string[] => [messageOf(fault)]

export interface TrialOptions {
  config: Pick<Config, 'sources' | 'stores' | 'limits' | 'selfTest'>
  send: (source: string, run: number, message: ToWorker) => void
}

export interface TrialOrder {
  trial: number
  /** The sources that are live, with the run of their worker. */
  sources: { source: string; run: number }[]
  /** The stores that can be written to. */
  stores: string[]
}

type Answer = (tried: Tried | null) => void

export class TrialRun {
  readonly #waiting = new Map<string, { trial: number; answer: Answer }>()
  #stopped = false
  #order: TrialOrder | null = null

  constructor(private readonly options: TrialOptions) {}

  /** A worker has ended its part. */
  heard(source: string, tried: Tried): void {
    const waiting = this.#waiting.get(source)
    if (waiting?.trial !== tried.trial) return
    this.#waiting.delete(source)
    waiting.answer(tried)
  }

  /** Somebody has pressed REC: no worker goes on. What they wrote is deleted when each has said that it has ended. */
  stop(): void {
    this.#stopped = true
    for (const { source, run } of this.#order?.sources ?? []) this.options.send(source, run, { do: 'stop-trial' })
  }

  /** What was found; null when it was stopped. Throws nothing that disks or workers do. */
  async run(order: TrialOrder): Promise<SelfTestResult[] | null> {
    this.#order = order
    this.#stopped = false
    const stores = this.options.config.stores.filter(({ name }) => order.stores.includes(name))
    if (!stores.length) return this.#results(order, new Map(), stores)
    await clear(stores)
    const answers = await Promise.all(order.sources.map((one) => this.#try(one, order.trial, stores)))
    try {
      const tried = new Map(order.sources.map(({ source }, i) => [source, answers[i] ?? null]))
      return this.#stopped ? null : await this.#results(order, tried, stores)
    } finally {
      await clear(stores)
    }
  }

  async #try(
    { source, run }: { source: string; run: number },
    trial: number,
    stores: Config['stores'],
  ): Promise<Tried | null> {
    const { seconds } = this.options.config.selfTest
    const heard = new Promise<Tried | null>((answer) => this.#waiting.set(source, { trial, answer }))
    const places = stores.map(({ name, path }) => ({ name, path }))
    this.options.send(source, run, { do: 'try', trial, seconds, stores: places })
    return Promise.race([heard, sleep(seconds * 1_000 + ANSWER_MS).then(() => null)])
  }

  async #results(
    { sources }: TrialOrder,
    tried: ReadonlyMap<string, Tried | null>,
    stores: Config['stores'],
  ): Promise<SelfTestResult[] | null> {
    const { config } = this.options
    const results: SelfTestResult[] = []
    for (const source of config.sources)
      for (const track of tracksOf(source)) {
        if (this.#stopped) return null
        const isLive = sources.some((one) => one.source === source.name)
        const own = tried.get(source.name)?.fragments.filter((one) => one.track === track.name) ?? []
        const decoded = own.length ? await this.#decode(track, own, stores) : null
        results.push(
          trackResult({
            track,
            isLive,
            fragments: own,
            decoded,
            seconds: config.selfTest.seconds,
            limits: config.limits,
          }),
        )
      }
    for (const store of config.stores) {
      if (this.#stopped) return null
      const all = [...tried.values()].flatMap((one) => one?.fragments ?? [])
      const on = all.filter(({ stores: names }) => names.includes(store.name))
      const failures = [...tried.values()]
        .flatMap((one) => one?.failures ?? [])
        .filter((one) => one.store === store.name)
      const wrong = await within(READ_MS, readBack(join(store.path, TRIAL_FOLDER), on), store.path).catch(wordsOf)
      const isUsed = stores.includes(store)
      results.push(diskResult({ store: store.name, isUsed, confirmed: on, recorded: all.length, failures, wrong }))
    }
    return this.#stopped ? null : results
  }

  /** Of the first file of the track, from the first store that has it. */
  async #decode({ media }: TrackConfig, fragments: Tried['fragments'], stores: Config['stores']) {
    const [first] = fragments
    const store = stores.find(({ name }) => first?.stores.includes(name))
    if (!first || !store) return null
    try {
      return await decode(join(store.path, TRIAL_FOLDER, first.file), media, DECODE_MS)
    } catch (fault) {
      return { frames: 0, brightest: null, peakDbfs: null, complaint: messageOf(fault) }
    }
  }
}

/** A disk that hangs keeps nobody waiting. */
const clear = async (stores: Config['stores']): Promise<void> => {
  await onEachStore(stores, ({ path }) => rm(join(path, TRIAL_FOLDER), { recursive: true, force: true }))
}
