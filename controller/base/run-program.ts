/** How every program with a configuration file begins and fails: one option, and exit codes that mean the same. */
import { parseArgs } from 'node:util'
import { type ErrorCode, messageOf, VerbatimError } from './error.ts'
import { listenFault } from './listen-fault.ts'
import type { Logger } from './log.ts'

/** Of sysexits.h: EX_USAGE and EX_CONFIG. */
const EXIT = { failed: 1, usage: 64, config: 78 }

const saidOf = (fault: unknown): { code: ErrorCode | 'UNKNOWN'; text: string } => {
  if (fault instanceof VerbatimError) return { code: fault.code, text: fault.message }
  const known = listenFault(fault)
  return known ? { code: known.code, text: known.message } : { code: 'UNKNOWN', text: messageOf(fault) }
}

/** Runs it with the file that `--config` names; ends the process with 64, 78 or 1 when that fails. */
export const runProgram = async (name: string, log: Logger, run: (file: string) => Promise<void>): Promise<void> => {
  let file: string | undefined
  try {
    file = parseArgs({ options: { config: { type: 'string' } } }).values.config
  } catch (fault) {
    log.error({ code: 'USAGE' }, messageOf(fault))
  }
  if (!file) {
    log.error({ code: 'USAGE' }, `usage: ${name} --config FILE`)
    process.exit(EXIT.usage)
  }
  try {
    await run(file)
  } catch (fault) {
    const { code, text } = saidOf(fault)
    log.fatal({ code, cause: fault instanceof Error ? fault.stack : undefined }, `${code}: ${text}`)
    process.exit(code.startsWith('CONFIG') ? EXIT.config : EXIT.failed)
  }
}
