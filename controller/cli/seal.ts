import { VerbatimError } from '../base/error.ts'
import { ToRecorder } from '../wire/clerk.ts'
import { describeIssues } from '../wire/config.ts'
import { askFor } from './clerk-link.ts'
import { type Command, EXIT } from './command.ts'
import { RUNTIME_OPTION, readWords, runtimeDirOf } from './options.ts'
import { plain } from './table.ts'

const OPTIONS = {
  from: { type: 'string' },
  to: { type: 'string' },
  tracks: { type: 'string' },
  hearing: { type: 'string' },
  by: { type: 'string' },
  why: { type: 'string' },
  ...RUNTIME_OPTION,
} as const

/** `1:02:03.4` in milliseconds. Throws USAGE. */
const mediaMsOf = (option: string, text: string | undefined): number => {
  const [, hours, minutes, seconds] = /^(\d+):([0-5]\d):([0-5]\d(?:\.\d{1,3})?)$/.exec(text ?? '') ?? []
  if (seconds === undefined)
    throw new VerbatimError('USAGE', `--${option} wants a place on the time line, such as 0:12:30 or 1:02:03.4.`)
  return (Number(hours) * 3_600 + Number(minutes) * 60) * 1_000 + Math.round(Number(seconds) * 1_000)
}

/** `verbatim seal` */
export const sealCommand: Command = {
  name: 'seal',
  does: 'keep a portion of a hearing from copies, by order of the judge',
  help: `verbatim seal --from H:MM:SS --to H:MM:SS --by NAME --why TEXT [--tracks NAME,NAME] [--hearing ID] [--runtime DIR]

Puts a seal on a portion of a hearing, during it or after it. Nothing that was recorded changes: the journal says what
is sealed, by whose order and why, and copies are made without it (verbatim copy).

  --from, --to   place on the hearing's time line, such as 0:12:30 or 1:02:03.4
  --by NAME      whose order it is
  --why TEXT     the ground
  --tracks LIST  names of the tracks, with commas; all tracks when left out
  --hearing ID   which hearing; the open one, else the last, when left out
  --runtime DIR  the recorder's runtimeDir; VERBATIM_RUNTIME when left out

Exit codes: 0 sealed, 1 refused (the reason is said), 64 wrong command line, 69 no recorder answers.`,
  run: async (words, { env, print }) => {
    const { values } = readWords(words, OPTIONS)
    const { by = '', why = '', hearing, tracks } = values
    const portion = { fromMs: mediaMsOf('from', values.from), toMs: mediaMsOf('to', values.to) }
    const named = { ...(hearing ? { hearing } : {}), ...(tracks ? { tracks: tracks.split(',') } : {}) }
    const request = ToRecorder.safeParse({ do: 'seal', by, why, ...portion, ...named })
    if (!request.success) throw new VerbatimError('USAGE', `--${describeIssues(request.error)[0]}.`)
    print(plain((await askFor('accepted', runtimeDirOf(values, env), request.data)).text))
    return EXIT.well
  },
}
