import { join } from 'node:path'
import { VerbatimError } from '../base/error.ts'
import { replaceFile } from '../base/replace-file.ts'
import { checkHearing, type HearingCheck } from '../ports/evidence/check.ts'
import { exitCodeOf } from '../ports/evidence/finding.ts'
import { SUMMARY_FILE } from '../ports/evidence/folder.ts'
import { reportLines } from '../ports/evidence/report.ts'
import { writeSummary } from '../ports/evidence/write-summary.ts'
import type { Command, Surroundings } from './command.ts'
import { mustBeFolder } from './must-be-folder.ts'
import { readWords } from './options.ts'
import { progressTeller } from './progress.ts'
import { plain } from './table.ts'

const OPTIONS = {
  mirror: { type: 'string' },
  json: { type: 'boolean' },
  progress: { type: 'boolean' },
  'write-summary': { type: 'boolean' },
} as const

/** Never into a hearing that may still be recorded. */
const summarise = async (check: HearingCheck): Promise<void> => {
  if (check.state !== 'closed')
    throw new VerbatimError(
      'REFUSED',
      'hearing.json is not written: the journal does not say that the hearing is closed.',
    )
  if (await writeSummary([check.dir], replaceFile)) return
  throw new VerbatimError('STORE_UNUSABLE', `${join(check.dir, SUMMARY_FILE)} cannot be written.`)
}

const checkWithProgress = async (
  dir: string,
  values: { mirror?: string | undefined; progress?: boolean | undefined },
  { tell, isTerminal }: Surroundings,
): Promise<HearingCheck> => {
  const shown = isTerminal || values.progress
  const progress = progressTeller(`checking ${plain(dir)}`, tell, isTerminal)
  try {
    return await checkHearing(dir, {
      ...(values.mirror === undefined ? {} : { mirror: values.mirror }),
      ...(shown ? { onProgress: progress.at } : {}),
    })
  } finally {
    progress.done()
  }
}

/** `verbatim check` */
export const checkCommand: Command = {
  name: 'check',
  does: 'compare a hearing folder with its journal, byte by byte',
  help: `verbatim check DIR [--mirror DIR] [--json] [--progress] [--write-summary]

Reads every file of a hearing's folder once, compares all of it with the journal, and says what is whole, what is
missing or changed, and where the gaps are. Needs no recorder, writes nothing, works on any machine.

  --mirror DIR     the same hearing on the other disk: says of each bad stretch whether it is whole there
  --json           print the result as one JSON object
  --progress       tell progress on standard error, also when it is no terminal
  --write-summary  write hearing.json again from the journal; refused while the hearing is not closed

Exit codes: 0 whole, 1 incomplete or damaged, 2 cannot tell (no journal, no folder, no rights), 64 wrong command line.`,
  run: async (words, around) => {
    const { values, operands } = readWords(words, OPTIONS, ['The folder of the hearing'])
    const dir = operands[0]!
    await mustBeFolder(dir)
    if (values.mirror !== undefined) await mustBeFolder(values.mirror)
    const check = await checkWithProgress(dir, values, around)
    if (values.json) around.print(JSON.stringify(check))
    else for (const line of reportLines(check)) around.print(plain(line))
    if (values['write-summary']) await summarise(check)
    return exitCodeOf(check.verdict)
  },
}
