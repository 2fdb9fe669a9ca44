import { askFor } from './clerk-link.ts'
import { type Command, EXIT } from './command.ts'
import { RUNTIME_OPTION, readWords, runtimeDirOf } from './options.ts'
import { table } from './table.ts'

/** `verbatim hearings` */
export const hearingsCommand: Command = {
  name: 'hearings',
  does: 'list the hearings that the recorder knows, newest first',
  help: `verbatim hearings [--json] [--runtime DIR]

Lists the register of hearings. The first column is the name of the hearing's folder in every store.

  --json         print a JSON array
  --runtime DIR  the recorder's runtimeDir; VERBATIM_RUNTIME when left out

Exit codes: 0 listed, 64 wrong command line, 69 no recorder answers.`,
  run: async (words, { env, print }) => {
    const { values } = readWords(words, { json: { type: 'boolean' }, ...RUNTIME_OPTION })
    const { hearings } = await askFor('hearings', runtimeDirOf(values, env), { do: 'hearings' })
    const rows = hearings.map(({ id, state, openedUtc, closedUtc, ...of }) => [
      ...[id, state, openedUtc, closedUtc ?? '-', of.case || '-', of.room],
    ])
    if (values.json) print(JSON.stringify(hearings))
    else if (!rows.length) print('No hearing has been recorded yet.')
    else for (const line of table([['hearing', 'state', 'opened', 'closed', 'case', 'room'], ...rows], '')) print(line)
    return EXIT.well
  },
}
