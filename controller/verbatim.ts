/** PROGRAM. The command line: runs the recorder, presses its buttons, asks it, and checks what it wrote. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { run } from './cli/run.ts'

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }

// `verbatim hearings | head`: the reader has seen enough.
process.stdout.on('error', () => process.exit(0))

const around = {
  env: process.env,
  print: (line: string) => process.stdout.write(`${line}\n`),
  tell: (text: string) => process.stderr.write(text),
  isTerminal: process.stderr.isTTY === true,
  programFile: fileURLToPath(import.meta.url),
}

// Not process.exit(): what was printed into a pipe must get there first.
process.exitCode = await run(process.argv.slice(2), around, version)
