/**
 * PROGRAM. Says what one of the recorder's disks says of its health. The only part that runs as root, for nobody else may
 * ask a disk; started anew for each question by `firmware/image/verbatim-smart.socket`.
 *
 *   node smart.js --config FILE      a device on standard input, the answer on standard output
 *
 * Exit codes: 0 answered, 64 wrong command line, 78 wrong configuration.
 */
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { messageOf } from './base/error.ts'
import { LineSplitter } from './base/lines.ts'
import { answerAbout } from './ports/smart/answer.ts'
import { parseConfig } from './wire/config.ts'
import { LONGEST_QUESTION } from './wire/smart.ts'

/** The recorder writes its line at once. */
const ASKED_WITHIN_MS = 5_000

const fail = (code: number, why: string): never => {
  console.error(why)
  process.exit(code)
}

const storesIn = (file: string): string[] => {
  try {
    return parseConfig(JSON.parse(readFileSync(file, 'utf8'))).stores.map(({ path }) => path)
  } catch (fault) {
    return fail(78, messageOf(fault))
  }
}

/** The first line; null when there is none. */
const question = async (): Promise<string | null> => {
  const lines = new LineSplitter(LONGEST_QUESTION)
  for await (const bytes of process.stdin) {
    const [line] = lines.push(bytes as Buffer)
    if (line) return line.toString()
  }
  return null
}

const fileNamed = (): string => {
  try {
    const { config } = parseArgs({ options: { config: { type: 'string' } } }).values
    return config ?? fail(64, 'usage: smart --config FILE')
  } catch (fault) {
    return fail(64, messageOf(fault))
  }
}

const stores = storesIn(fileNamed())
const patience = setTimeout(() => fail(64, 'nothing was asked'), ASKED_WITHIN_MS)
const device = (await question().catch(() => null)) ?? fail(64, 'nothing was asked')
clearTimeout(patience)
const answer = await answerAbout(device, { stores })
process.stdout.write(`${JSON.stringify(answer)}\n`, () => process.exit(0))
