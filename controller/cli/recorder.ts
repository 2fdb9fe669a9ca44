import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { constants } from 'node:os'
import { dirname, extname, join } from 'node:path'
import { VerbatimError } from '../base/error.ts'
import type { Command } from './command.ts'
import { readWords } from './options.ts'

const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** `verbatim recorder` */
export const recorderCommand: Command = {
  name: 'recorder',
  does: 'run the recorder',
  help: `verbatim recorder --config FILE

Runs the recorder in the foreground, and passes signals on. SIGINT (Ctrl-C) ends everything in order: a hearing that is
open is closed. SIGTERM ends the recorder alone: capture goes on, and the next recorder takes it over.

  --config FILE  its configuration, JSON

Exit codes: the recorder's own; 128 and the signal's number when a signal ended it; 64 wrong command line.`,
  run: async (words, { programFile }) => {
    const { values } = readWords(words, { config: { type: 'string' } })
    if (values.config === undefined) throw new VerbatimError('USAGE', '--config FILE is missing.')
    const recorder = join(dirname(programFile), `recorder${extname(programFile)}`)
    for (;;) {
      const code = await runOnce(recorder, values.config)
      if (code !== START_AGAIN) return code
    }
  },
}

/** It has a new configuration from the hub. */
const START_AGAIN = 75

const runOnce = async (recorder: string, config: string): Promise<number> => {
  // A group of its own: Ctrl-C reaches this program alone and is passed on once.
  const child = spawn(process.execPath, [...process.execArgv, recorder, '--config', config], {
    stdio: 'inherit',
    detached: true,
    // A disk that hangs holds a thread of the pool for each question it was asked; the default pool has four.
    env: { UV_THREADPOOL_SIZE: '32', ...process.env },
  })
  const pass = (signal: NodeJS.Signals) => child.kill(signal)
  for (const signal of FORWARDED) process.on(signal, pass)
  const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null]
  for (const signal of FORWARDED) process.off(signal, pass)
  return code ?? 128 + constants.signals[signal!]
}
