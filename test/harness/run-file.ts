/** One test file in one process with a deadline; silence, hanging and forgetting to run are failures too. */
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { readTotals } from './totals.ts'

export interface Verdict {
  passed: number
  failed: number
  skipped: number
  /** Empty when nothing failed. */
  why: string
  said: string
  tookMs: number
}

const DEADLINE_SECONDS = 120
const running = new Set<number>()

/** A file says `// deadline: 300 s` in its first lines when it needs longer. */
const deadlineOf = (file: string): number => {
  const head = readFileSync(file, 'utf8').split('\n').slice(0, 10).join('\n')
  return Number(/^\/\/ deadline: (\d+) s$/m.exec(head)?.[1] ?? DEADLINE_SECONDS)
}

/** The whole group: a test's children must not outlive it. */
const killGroup = (pid: number): void => {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // nobody is left in it
  }
}

export const killAll = (): void => {
  for (const pid of running) killGroup(pid)
}

export const runFile = (file: string): Promise<Verdict> =>
  new Promise((resolve) => {
    const began = performance.now()
    const deadline = deadlineOf(file)
    const child = spawn(process.execPath, ['--import', 'tsx', file], {
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, FORCE_COLOR: '0' },
    })
    const pid = child.pid!
    running.add(pid)
    let said = ''
    let late = false
    const keep = (bytes: Buffer) => {
      said = (said + bytes).slice(-200_000)
    }
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    const timer = setTimeout(() => {
      late = true
      killGroup(pid)
    }, deadline * 1_000)
    // A child of the test may keep its pipes open after the test has gone, so the group goes first.
    child.on('exit', () => killGroup(pid))
    child.on('close', (code, signal) => {
      clearTimeout(timer)
      running.delete(pid)
      const ended = late ? `still running after its deadline of ${deadline} s` : exitText(code, signal)
      resolve({ ...judge(said, ended), said, tookMs: performance.now() - began })
    })
  })

const exitText = (code: number | null, signal: string | null): string =>
  code === 0 ? '' : signal ? `ended by ${signal}` : `exit code ${code}`

const judge = (said: string, ended: string): Pick<Verdict, 'passed' | 'failed' | 'skipped' | 'why'> => {
  const totals = readTotals(said)
  if (!totals) return { passed: 0, failed: 1, skipped: 0, why: ended || 'no totals: is `test.run()` missing?' }
  const { total, passed, skipped } = totals
  if (total === 0) return { passed: 0, failed: 1, skipped: 0, why: 'no test in it' }
  const failed = total - passed - skipped
  if (failed > 0) return { passed, failed, skipped, why: `${failed} of ${total} failed` }
  // All green, and yet the process failed or would not end.
  return ended ? { passed, failed: 1, skipped, why: ended } : { passed, failed: 0, skipped, why: '' }
}
