/**
 * A trial recording, for the self-test: some seconds of this source through everything that a hearing goes through, from
 * the samples to both disks. It is a second recording beside the hearing's own, fed with the same samples, so that REC
 * finds the hearing's untouched and waits for nothing.
 */
import type { Codec } from '../media/codec.ts'
import type { IncomingSample } from '../media/fragmenter.ts'
import type { Fragment, FromWorker, ToWorker } from '../wire/capture.ts'
import { Recording, type RecordingOptions } from './recording.ts'

/** No hearing's name begins with a full stop, so nobody takes the folder for one. */
export const TRIAL_FOLDER = '.self-test'

export type Try = Extract<ToWorker, { do: 'try' }>
type Tried = Extract<FromWorker, { is: 'tried' }>

export class Trial {
  readonly #recording: Recording
  readonly #fragments = new Map<string, Fragment>()
  readonly #failures: Tried['failures'] = []
  #stopped = false

  constructor(
    private readonly options: Omit<RecordingOptions, 'say'>,
    private readonly asked: Try,
  ) {
    this.#recording = new Recording({ ...options, say: (message) => this.#note(message) })
  }

  get isStopped(): boolean {
    return this.#stopped
  }

  /** From `atMs` on; `codecs` are those known so far. */
  begin(atMs: number, utcMs: number, codecs: ReadonlyMap<string, Codec>): void {
    for (const [track, codec] of codecs) this.describe(track, codec)
    const { stores } = this.asked
    const writeTo = stores.map(({ name }) => name)
    this.#recording.open({ do: 'open', hearing: TRIAL_FOLDER, zeroMs: atMs, atMs, utcMs, stores, writeTo })
  }

  describe(track: string, codec: Codec): void {
    if (!this.#stopped) this.#recording.describe(track, codec)
  }

  push(track: string, sample: IncomingSample): void {
    if (!this.#stopped) this.#recording.push(track, sample)
  }

  watch(): void {
    this.#recording.watch()
  }

  closeAt(atMs: number): void {
    this.#recording.closeAt(atMs)
  }

  /** No more samples are taken: somebody has pressed REC. What was written is still finished, beside the hearing. */
  stop(): void {
    this.#stopped = true
  }

  /** What is on the disks; never throws. */
  async finish(): Promise<Tried> {
    await this.#recording.finish(true)
    const { trial } = this.asked
    const fragments = [...this.#fragments.values()]
    return { is: 'tried', run: this.options.run, trial, whole: !this.#stopped, fragments, failures: this.#failures }
  }

  #note(message: FromWorker): void {
    if (message.is === 'fragment') this.#fragments.set(keyOf(message.fragment), message.fragment)
    if (message.is === 'stored') {
      const { track, upto, store } = message
      this.#fragments.get(keyOf({ track, seq: upto }))?.stores.push(store)
    }
    if (message.is === 'store-failed') this.#failures.push({ store: message.store, reason: message.reason })
  }
}

const keyOf = ({ track, seq }: { track: string; seq: number }): string => `${track} ${seq}`
