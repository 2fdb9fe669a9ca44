/** Carries out the whole self-test: what needs no recording, and the trial recording. One after the other, never two at once. */
import { messageOf } from '../base/error.ts'
import type { Logger } from '../base/log.ts'
import { now } from '../base/monotonic.ts'
import type { Event } from '../core/event.ts'
import type { SelfTestResult } from '../journal/entry.ts'
import type { Tried } from '../ports/capture-link/capture-link.ts'
import { type TrialOptions, type TrialOrder, TrialRun } from './trial.ts'

export interface SelfTesterOptions extends TrialOptions {
  /** Key, certificate, disks, GStreamer, clock, software. Never rejects. */
  withoutRecording: () => Promise<SelfTestResult[]>
  /** Lights each lamp of every panel in turn. */
  testLamps: () => void
  report: (event: Event) => void
  log: Logger
}

export class SelfTester {
  readonly #trial: TrialRun
  #last: Promise<void> = Promise.resolve()

  constructor(private readonly options: SelfTesterOptions) {
    this.#trial = new TrialRun(options)
  }

  begin(order: TrialOrder): void {
    this.#last = this.#last.then(() => this.#run(order))
  }

  /** What was found is not told; the core does not wait for it. */
  stop(): void {
    this.#trial.stop()
  }

  /** A worker has ended its part. */
  heard(source: string, tried: Tried): void {
    this.#trial.heard(source, tried)
  }

  async #run(order: TrialOrder): Promise<void> {
    const { withoutRecording, testLamps, report, log } = this.options
    try {
      testLamps()
      const [first, tried] = await Promise.all([withoutRecording(), this.#trial.run(order)])
      if (!tried) return
      const results = [...first, ...tried]
      for (const { what, detail } of results.filter(({ ok }) => !ok)) log.warn({ what, detail }, `self-test: ${what}`)
      report({ is: 'self-tested', trial: order.trial, results, ...now() })
    } catch (fault) {
      log.error({ fault: messageOf(fault) }, 'the self-test could not be carried out')
    }
  }
}
