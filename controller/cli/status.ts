import { askFor } from './clerk-link.ts'
import { type Command, EXIT } from './command.ts'
import { RUNTIME_OPTION, readWords, runtimeDirOf } from './options.ts'
import { statusLines } from './status-screen.ts'

/** `verbatim status` */
export const statusCommand: Command = {
  name: 'status',
  does: 'show what the recorder does now: lamp, hearing, sources, tracks, disks, troubles',
  help: `verbatim status [--json] [--runtime DIR]

Shows the REC lamp, the hearing, every source, track and disk, and what to do about troubles.

  --json         print the status as one JSON object
  --runtime DIR  the recorder's runtimeDir; VERBATIM_RUNTIME when left out

Exit codes: 0 shown, 64 wrong command line, 69 no recorder answers.`,
  run: async (words, { env, print }) => {
    const { values } = readWords(words, { json: { type: 'boolean' }, ...RUNTIME_OPTION })
    const { status } = await askFor('status', runtimeDirOf(values, env), { do: 'status' })
    if (values.json) print(JSON.stringify(status))
    else for (const line of statusLines(status)) print(line)
    return EXIT.well
  },
}
