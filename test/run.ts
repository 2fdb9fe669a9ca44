/**
 * Runs every test file beneath a folder, each in its own process, and ends with `N passed, N failed`.
 *
 *   tsx test/run.ts [--root DIR] [--already PASSED FAILED] [WORD]
 *
 * WORD runs only the files whose path contains it. `--already` adds checks made before. Stories use a whole courtroom
 * and mostly wait, so they come after everything else, two at a time.
 */
import { relative, sep } from 'node:path'
import { findTests } from './harness/find-tests.ts'
import { killAll, runFile, type Verdict } from './harness/run-file.ts'

const AT_ONCE = 2
const words = process.argv.slice(2)

const take = (option: string, count: number): string[] => {
  const at = words.indexOf(option)
  return at < 0 ? [] : words.splice(at, count + 1).slice(1)
}

const [root = 'test'] = take('--root', 1)
const already = take('--already', 2).map(Number)
const [filter = ''] = words

const tally = { passed: already[0] ?? 0, failed: already[1] ?? 0 }

const report = (file: string, verdict: Verdict): void => {
  tally.passed += verdict.passed
  tally.failed += verdict.failed
  const name = relative(process.cwd(), file)
  const time = `${(verdict.tookMs / 1_000).toFixed(1)} s`
  const skipped = verdict.skipped ? `, ${verdict.skipped} skipped` : ''
  if (verdict.failed) console.log(`${verdict.said.trimEnd()}\nFAILED  ${name}: ${verdict.why} (${time})`)
  else console.log(`ok      ${name}: ${verdict.passed} passed${skipped} (${time})`)
}

const runAll = async (files: string[]): Promise<void> => {
  const waiting = [...files]
  const lane = async () => {
    for (let file = waiting.shift(); file; file = waiting.shift()) report(file, await runFile(file))
  }
  await Promise.all(Array.from({ length: AT_ONCE }, lane))
}

for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => {
    killAll()
    process.exit(130)
  })

const files = findTests(root).filter((file) => relative(process.cwd(), file).includes(filter))
const isStory = (file: string) => file.split(sep).includes('stories')
await runAll(files.filter((file) => !isStory(file)))
await runAll(files.filter(isStory))

if (files.length === 0) {
  console.log(`FAILED  no test file has "${filter}" in its path`)
  tally.failed++
}
console.log(`${tally.passed} passed, ${tally.failed} failed`)
process.exit(tally.failed ? 1 : 0)
