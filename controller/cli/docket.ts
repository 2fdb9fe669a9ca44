import { askFor } from './clerk-link.ts'
import { type Command, EXIT } from './command.ts'
import { RUNTIME_OPTION, readWords, runtimeDirOf } from './options.ts'
import { plain, table } from './table.ts'

/** `verbatim docket` */
export const docketCommand: Command = {
  name: 'docket',
  does: "show the day's hearings, as the hub has sent them",
  help: `verbatim docket [--json] [--runtime DIR]

Shows which hearings are on for the day. The hub sends the list encrypted to this recorder alone; it is shown here and
nowhere else.

  --json         print it as one JSON object
  --runtime DIR  the recorder's runtimeDir; VERBATIM_RUNTIME when left out

Exit codes: 0 shown, 1 there is none, 64 wrong command line, 69 no recorder answers.`,
  run: async (words, { env, print, tell }) => {
    const { values } = readWords(words, { json: { type: 'boolean' }, ...RUNTIME_OPTION })
    const { docket } = await askFor('docket', runtimeDirOf(values, env), { do: 'docket' })
    if (!docket) {
      tell('verbatim: No docket has come from the hub.\n')
      return EXIT.failed
    }
    if (values.json) print(JSON.stringify(docket))
    else {
      const rows = docket.hearings.map(({ case: number, startsAt, endsAt, mustRecord, title }) => [
        ...[startsAt.slice(11, 16), endsAt.slice(11, 16), number, mustRecord ? 'to be recorded' : '', title],
      ])
      for (const line of [docket.day, ...table(rows)]) print(plain(line))
    }
    return EXIT.well
  },
}
