/** The recorder in the machine, asked and pressed from outside. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Entry } from '../../controller/journal/entry.ts'
import { FromRecorder, type Status } from '../../controller/wire/clerk.ts'
import type { Machine } from './machine.ts'

/** As `guest/etc/verbatim/recorder.json` names them. */
export const STORE_PATHS = ['/srv/verbatim-1', '/srv/verbatim-2'] as const

/** A question costs the machine a tenth of a second of work: asked too often it does nothing else. */
const LOOK_EVERY_MS = 400
/** With a clock of its own the machine has all the time there is: only the lab waits. */
const LONGEST_LOOK_MS = 2_000

export interface Verified {
  verdict: string
  findings: { severity: string }[]
}

export class LabRecorder {
  constructor(private readonly machine: Machine) {}

  /** Throws while no recorder answers. */
  async ask(question: object): Promise<FromRecorder> {
    const said = await this.machine.sh(`runuser -u verbatim -- lab-ask '${JSON.stringify(question)}'`)
    return FromRecorder.parse(JSON.parse(said))
  }

  async status(): Promise<Status> {
    const answer = await this.ask({ do: 'status' })
    if (answer.is !== 'status') throw new Error(`status was answered with ${answer.is}`)
    return answer.status
  }

  /** Returns the hearing; throws the recorder's words when it refuses. */
  async press(button: 'rec' | 'off' | 'stop' | 'mark', caseNumber?: string): Promise<string> {
    const answer = await this.ask({ do: 'press', button, by: 'the lab', ...(caseNumber ? { case: caseNumber } : {}) })
    if (answer.is !== 'accepted') throw new Error(`${button} was answered with ${JSON.stringify(answer)}`)
    return answer.hearing ?? ''
  }

  /** Asks until the status pleases, so many seconds of a computer of its own. Returns it, and the seconds that took; throws what it was last. */
  async until(
    what: string,
    withinS: number,
    pleases: (status: Status) => boolean,
  ): Promise<{ status: Status; seconds: number }> {
    const fromMs = performance.now()
    let last = 'no recorder answers'
    for (;;) {
      try {
        const status = await this.status()
        const seconds = (performance.now() - fromMs) / 1_000
        if (pleases(status)) return { status, seconds }
        last = describe(status)
      } catch (fault) {
        last = String(fault)
      }
      if (performance.now() - fromMs > withinS * this.machine.patience * 1_000)
        throw new Error(`not within ${withinS * this.machine.patience} s: ${what}; ${last}`)
      await this.pause()
    }
  }

  /** Between two looks. */
  async pause(): Promise<void> {
    await sleep(Math.min(LOOK_EVERY_MS * this.machine.patience, LONGEST_LOOK_MS))
  }

  /** A torn last line is left out. */
  async journal(hearing: string, store: string = STORE_PATHS[0]): Promise<Entry[]> {
    return entriesOf(await this.machine.sh(`cat ${store}/${hearing}/journal.ndjson`))
  }

  /** By the verifier that is installed in the machine. */
  async verify(folder: string): Promise<Verified> {
    const { out, err } = await this.machine.try(
      `runuser -u verbatim -- node /opt/verbatim/dist/verbatim.js verify ${folder} --json`,
      { withinS: 60 * this.machine.patience },
    )
    try {
      return JSON.parse(out) as Verified
    } catch (cause) {
      throw new Error(`the verifier said: ${(err || out).slice(-400)}`, { cause })
    }
  }
}

export const entriesOf = (journal: string): Entry[] =>
  journal
    .slice(0, journal.lastIndexOf('\n') + 1)
    .split('\n')
    .filter((line) => line)
    .map((line) => JSON.parse(line) as Entry)

const describe = ({ state, sources, stores, health }: Status): string =>
  [
    state,
    ...sources.map(({ name, state, why }) => `${name} ${state}${why ? ` (${why})` : ''}`),
    ...stores.map(({ name, state }) => `${name} ${state}`),
    ...health.reasons.map(({ engineer }) => engineer),
  ].join(', ')
