/** The recorder as the bench drives it: a configuration in, presses, the hearing it made. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { RecorderConfig } from '../../../hardware/virtual/courtroom.ts'
import { ask } from '../clerk-link.ts'
import { type RecorderChild, startRecorder } from '../recorder-child.ts'
import type { Bench } from './part.ts'
import { familyOf } from './processes.ts'

export interface RecorderRun {
  child: RecorderChild
  /** The hearing's id after REC. */
  press: (button: 'rec' | 'stop') => Promise<string>
  untilLive: () => Promise<void>
  untilClosed: () => Promise<void>
  /** SIGSTOP freezes and SIGKILL ends the recorder and every worker at once. */
  signalAll: (signal: NodeJS.Signals) => void
  stop: () => Promise<void>
}

const LIVE_WITHIN_S = 60
const CLOSED_WITHIN_S = 60

export const dirsOf = (bench: Bench): { runtimeDir: string; stateDir: string } => ({
  runtimeDir: bench.runtimeDir,
  stateDir: join(bench.home, 'state'),
})

/** Starts a recorder that knows of no earlier hearing. */
export const runRecorder = async (bench: Bench, config: RecorderConfig): Promise<RecorderRun> => {
  rmSync(config.stateDir, { recursive: true, force: true })
  for (const dir of [config.stateDir, ...config.stores.map(({ path }) => path)]) mkdirSync(dir, { recursive: true })
  const configFile = join(bench.home, 'recorder.json')
  // A trial recording would be measured too.
  writeFileSync(configFile, JSON.stringify({ ...config, selfTest: { atStart: false } }, null, 2))
  const child = startRecorder(configFile, bench.runtimeDir, join(bench.home, 'recorder.log'))
  const stop = () => child.stop()
  bench.atEnd(stop)
  let family: number[] = []
  let killed = false
  await child.waitUntil('starting the recorder', 30, () => true)
  return {
    child,
    press: async (button) => {
      const answer = await ask(bench.runtimeDir, { do: 'press', button, by: 'scripts/bench' })
      if (answer.is === 'accepted' && answer.hearing !== null) return answer.hearing
      throw new Error(answer.is === 'refused' ? `${button} was refused: ${answer.text}` : `${button} opened no hearing`)
    },
    untilLive: async () => {
      await child.waitUntil('waiting for every source', LIVE_WITHIN_S, ({ sources }) =>
        sources.every(({ state }) => state === 'live'),
      )
      family = familyOf(child.pid)
    },
    untilClosed: async () => {
      await child.waitUntil('closing the hearing', CLOSED_WITHIN_S, ({ state }) => /^(closed|idle)$/.test(state))
    },
    // Known beforehand: looking for them would take time in which the others go on.
    signalAll: (signal) => {
      // Numbers of the dead may belong to others by now.
      if (killed) return
      killed = signal === 'SIGKILL'
      for (const pid of family.length ? family : familyOf(child.pid))
        try {
          process.kill(pid, signal)
        } catch (thrown) {
          // Whoever is to be killed may be dead already.
          if (!killed) throw thrown
        }
    },
    stop,
  }
}
