import { VerbatimError } from '../base/error.ts'
import { Button, ToRecorder } from '../wire/clerk.ts'
import { describeIssues } from '../wire/config.ts'
import { askFor } from './clerk-link.ts'
import { type Command, EXIT } from './command.ts'
import { RUNTIME_OPTION, readWords, runtimeDirOf } from './options.ts'
import { plain } from './table.ts'

const OPTIONS = {
  case: { type: 'string' },
  note: { type: 'string' },
  by: { type: 'string' },
  ...RUNTIME_OPTION,
} as const

const buttonOf = (word: string): Button => {
  const button = Button.safeParse(word)
  if (button.success) return button.data
  throw new VerbatimError('USAGE', `There is no button "${word}"; there are ${Button.options.join(', ')}.`)
}

/** `verbatim press` */
export const pressCommand: Command = {
  name: 'press',
  does: 'press a button: rec, off, stop or mark',
  help: `verbatim press rec|off|stop|mark [--case NUMBER] [--note TEXT] [--by NAME] [--runtime DIR]

  rec    begin a hearing, or go on after off
  off    off the record: nothing is written until rec
  stop   end the hearing
  mark   put a mark on the time line

  --case NUMBER  case number, with rec
  --note TEXT    the reason with off, the text with mark
  --by NAME      who presses; stands in the journal
  --runtime DIR  the recorder's runtimeDir; VERBATIM_RUNTIME when left out

Exit codes: 0 accepted, 1 refused (the reason is said), 64 wrong command line, 69 no recorder answers.`,
  run: async (words, { env, print }) => {
    const { values, operands } = readWords(words, OPTIONS, ['The button (rec, off, stop or mark)'])
    const button = buttonOf(operands[0]!)
    if (values.case !== undefined && button !== 'rec') throw new VerbatimError('USAGE', '--case goes with rec only.')
    const { runtime, ...said } = values
    const press = ToRecorder.safeParse({ do: 'press', button, ...said })
    if (!press.success) throw new VerbatimError('USAGE', `--${describeIssues(press.error)[0]}.`)
    const answer = await askFor('accepted', runtimeDirOf({ runtime }, env), press.data)
    print(plain(answer.text))
    return EXIT.well
  },
}
