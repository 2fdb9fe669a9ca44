/** From the words of the command line to an exit code. */
import { type ErrorCode, messageOf, VerbatimError } from '../base/error.ts'
import { checkCommand } from './check.ts'
import { type Command, EXIT, type Surroundings } from './command.ts'
import { copyCommand } from './copy.ts'
import { docketCommand } from './docket.ts'
import { enrolCommand } from './enrol.ts'
import { fleetCommand } from './fleet.ts'
import { hearingsCommand } from './hearings.ts'
import { pressCommand } from './press.ts'
import { recorderCommand } from './recorder.ts'
import { sealCommand } from './seal.ts'
import { selfTestCommand } from './selftest.ts'
import { simulateCommand } from './simulate.ts'
import { statusCommand } from './status.ts'
import { plain } from './table.ts'
import { verifyCommand } from './verify.ts'
import { witnessCommand } from './witness.ts'

/** Every command, in the order of `--help`. */
export const COMMANDS: readonly Command[] = [
  recorderCommand,
  pressCommand,
  statusCommand,
  selfTestCommand,
  hearingsCommand,
  checkCommand,
  verifyCommand,
  sealCommand,
  copyCommand,
  witnessCommand,
  enrolCommand,
  docketCommand,
  simulateCommand,
  fleetCommand,
]

const HELP = `verbatim COMMAND

${COMMANDS.map(({ name, does }) => `  ${name.padEnd(10)}${does}`).join('\n')}

  verbatim COMMAND --help   what the command wants
  verbatim --version

Exit codes:
  0   done; accepted; whole; authentic
  1   refused, incomplete, damaged, not authentic or failed
  2   check, verify: it cannot be told
  64  the command line is wrong
  69  no recorder answers; verify: no witness

Environment:
  VERBATIM_RUNTIME  the recorder's runtimeDir, for press, status, selftest, hearings, seal, enrol and docket`

const EXIT_OF: Partial<Record<ErrorCode, number>> = {
  USAGE: EXIT.usage,
  RECORDER_UNREACHABLE: EXIT.unreachable,
  FRAME_INVALID: EXIT.unreachable,
  JOURNAL_MISSING: EXIT.unknown,
}

/** One sentence for a person and the code to look it up; the exit code. */
const complain = (thrown: unknown, command: Command | undefined, { tell }: Surroundings): number => {
  const code = thrown instanceof VerbatimError ? thrown.code : null
  tell(`verbatim: ${plain(messageOf(thrown))}${code ? ` (${code})` : ''}\n`)
  if (code === 'USAGE') tell(`verbatim ${command ? `${command.name} ` : ''}--help says more.\n`)
  return (code && (command?.exits?.[code] ?? EXIT_OF[code])) ?? EXIT.failed
}

const asksForHelp = (words: readonly string[]): boolean => {
  const end = words.indexOf('--')
  return words.slice(0, end < 0 ? undefined : end).some((word) => word === '--help' || word === '-h')
}

/** What is printed without running anything; null when a command shall run. */
const answerFor = (first: string, helpOn: Command | undefined, version: string): string | null => {
  if (helpOn) return helpOn.help
  if (first === '--version') return `verbatim ${version}`
  return ['--help', '-h', 'help'].includes(first) ? HELP : null
}

/** @param version printed by `--version` */
export const run = async (words: readonly string[], around: Surroundings, version: string): Promise<number> => {
  const [first, ...rest] = words
  const command = COMMANDS.find(({ name }) => name === first)
  try {
    if (first === undefined) throw new VerbatimError('USAGE', `A command is missing: ${nameAll()}.`)
    const text = answerFor(first, command && asksForHelp(rest) ? command : undefined, version)
    if (text !== null) {
      around.print(text)
      return EXIT.well
    }
    if (!command) throw new VerbatimError('USAGE', `There is no command "${first}"; there are ${nameAll()}.`)
    return await command.run(rest, around)
  } catch (thrown) {
    return complain(thrown, command, around)
  }
}

const nameAll = (): string => COMMANDS.map(({ name }) => name).join(', ')
