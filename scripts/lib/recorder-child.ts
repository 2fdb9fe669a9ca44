/** The recorder as a child: started, waited for, ended in order. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { openSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Status } from '../../controller/wire/clerk.ts'
import { askStatus } from './clerk-link.ts'

export interface RecorderChild {
  pid: number
  ended: () => boolean
  /** It has ended by itself and in order. */
  endedWell: () => boolean
  /** Polls until the status pleases; throws with `what` after the deadline, or when the recorder ends. */
  waitUntil: (what: string, withinSeconds: number, pleases: (status: Status) => boolean) => Promise<Status>
  /** At once, without a word: its workers live on. */
  kill: () => Promise<void>
  /** Closes the hearing in order, ends the workers, ends itself. */
  stop: () => Promise<void>
}

/** EX_TEMPFAIL: it wants to be started again, with another configuration. */
const START_AGAIN = 75
const CLOSES_WITHIN_MS = 60_000
const POLL_MS = 200

/** Left for whoever finds the place taken: this program may have been killed while the recorder goes on. */
const pidFile = (runtimeDir: string): string => join(runtimeDir, 'demonstration.pid')

/** How to end the recorder that runs there. */
export const howToEnd = (runtimeDir: string): string => {
  try {
    const pid = Number(readFileSync(pidFile(runtimeDir), 'utf8'))
    process.kill(pid, 0)
    return `kill -INT ${pid}`
  } catch {
    return 'end it where it was started'
  }
}

/** The log begins anew with the first recorder, and is gone on with by those after it. */
export const startRecorder = (
  configFile: string,
  runtimeDir: string,
  logFile: string,
  isFirst = true,
): RecorderChild => {
  const log = openSync(logFile, isFirst ? 'w' : 'a')
  // A group of its own: Ctrl-C reaches this program alone, which then ends the recorder before the cameras.
  const child = spawn(process.execPath, ['dist/recorder.js', '--config', configFile], {
    stdio: ['ignore', log, log],
    detached: true,
    // A disk that hangs holds a thread of the pool for each question it was asked.
    env: { ...process.env, UV_THREADPOOL_SIZE: '32' },
  })
  writeFileSync(pidFile(runtimeDir), `${child.pid}\n`)
  const ended = () => child.exitCode !== null || child.signalCode !== null
  const lastWords = () => readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-5).join('\n')

  return {
    pid: child.pid!,
    ended,
    endedWell: () => child.exitCode === 0 || child.exitCode === START_AGAIN,
    waitUntil: async (what, withinSeconds, pleases) => {
      const until = performance.now() + withinSeconds * 1_000
      let last: Status | null = null
      while (performance.now() < until) {
        if (ended())
          throw new Error(`the recorder ended (${child.signalCode ?? child.exitCode}); it said:\n${lastWords()}`)
        last = (await askStatus(runtimeDir)) ?? last
        if (last && pleases(last)) return last
        await delay(POLL_MS)
      }
      throw new Error(
        `${what} took longer than ${withinSeconds} s; ${last ? describe(last) : 'no answer'}; see ${logFile}`,
      )
    },
    kill: async () => {
      if (ended()) return
      const gone = once(child, 'exit')
      child.kill('SIGKILL')
      await gone
    },
    stop: async () => {
      if (ended()) return
      const gone = once(child, 'exit')
      child.kill('SIGINT')
      const late = setTimeout(() => child.kill('SIGKILL'), CLOSES_WITHIN_MS)
      await gone
      clearTimeout(late)
    },
  }
}

const describe = (status: Status): string =>
  [
    `state ${status.state}`,
    ...status.sources.map(({ name, state, why }) => `${name} ${state}${why ? ` (${why})` : ''}`),
    ...status.health.reasons.map(({ clerk }) => clerk),
  ].join(', ')
