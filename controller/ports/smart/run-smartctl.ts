/** Runs smartctl, politely and with a limit: a disk that hangs in a question must hold up nothing else. */
import { spawn } from 'node:child_process'
import type { SmartAnswer } from '../../wire/smart.ts'

/** What it said, or why it said nothing. */
export type Said = Exclude<SmartAnswer, { is: 'refused' }>

export interface RunOptions {
  /** Program and first words; a test has its own. */
  program: readonly string[]
  limitMs: number
}

/** A disk with its logs full says less than a hundredth of it. */
const MAX_BYTES = 4 << 20

/** Idle in the queue of the disk and last in that of the processor: a recording comes first. */
const POLITELY = ['nice', '-n', '19', 'ionice', '-c', '3']

export const SMARTCTL: RunOptions = { program: [...POLITELY, 'smartctl'], limitMs: 30_000 }

/** Shell and env say so of a program that is not there, and so do `nice` and `ionice`. */
const NOT_FOUND = 127

/**
 * Everything about one device as JSON. Its exit code is not looked at, for its bits tell of the disk as well as of the
 * call, and the JSON says both. Never throws.
 */
export const runSmartctl = (device: string, { program, limitMs }: RunOptions): Promise<Said> =>
  new Promise((resolve) => {
    const [file = '', ...words] = program
    const child = spawn(file, [...words, '--json=c', '-a', device], {
      stdio: ['ignore', 'pipe', 'ignore'],
      // smartctl lies in sbin, which not every account has on its path.
      env: { ...process.env, LC_ALL: 'C', PATH: `${process.env.PATH ?? ''}:/usr/sbin:/sbin` },
    })
    let text = ''
    let settled = false
    const settle = (said: Said): void => {
      if (settled) return
      settled = true
      clearTimeout(patience)
      resolve(said)
    }
    // A child in the depths of a disk's driver cannot be killed: it is left behind, and whatever it still says.
    const abandon = (said: Said): void => {
      child.kill('SIGKILL')
      child.stdout.destroy()
      child.unref()
      settle(said)
    }
    const patience = setTimeout(() => abandon({ is: 'silent' }), limitMs)
    child.stdout.setEncoding('utf8')
    child.stdout.on('data', (part: string) => {
      text += part
      if (text.length > MAX_BYTES) abandon({ is: 'said', text })
    })
    child.on('error', () => settle({ is: 'missing' }))
    child.on('close', (code) => settle(code === NOT_FOUND ? { is: 'missing' } : { is: 'said', text }))
  })
