import { VerbatimError } from '../base/error.ts'
import { askFor } from './clerk-link.ts'
import { type Command, EXIT } from './command.ts'
import { RUNTIME_OPTION, readWords, runtimeDirOf } from './options.ts'
import { fleetLines } from './status-screen.ts'
import { plain } from './table.ts'

/** `verbatim enrol` */
export const enrolCommand: Command = {
  name: 'enrol',
  does: 'show the code that makes this recorder one of a fleet, and how it stands with the hub',
  help: `verbatim enrol [--json] [--runtime DIR]

Shows how the running recorder stands with the fleet. Until it is enrolled that is a code: an administrator types it into
the console of the hub, and the recorder, which asks by itself, is one of the fleet some seconds later. The code counts once.
Its configuration names the hub (\`fleet.hub\`); machines of a shipment may have their code in a file (\`fleet.codeFile\`).

  --json         print it as one JSON object
  --runtime DIR  the recorder's runtimeDir; VERBATIM_RUNTIME when left out

Exit codes: 0 enrolled, 1 not enrolled, or no fleet is configured, 64 wrong command line, 69 no recorder answers.`,
  run: async (words, { env, print }) => {
    const { values } = readWords(words, { json: { type: 'boolean' }, ...RUNTIME_OPTION })
    const { status } = await askFor('status', runtimeDirOf(values, env), { do: 'status' })
    if (!status.fleet) throw new VerbatimError('REFUSED', 'The configuration of this recorder names no fleet')
    if (values.json) print(JSON.stringify(status.fleet))
    else for (const line of fleetLines(status.fleet)) print(plain(line.trim()))
    return status.fleet.is === 'enrolled' ? EXIT.well : EXIT.failed
  },
}
