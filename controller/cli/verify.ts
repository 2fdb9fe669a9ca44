import { readFile } from 'node:fs/promises'
import { messageOf, VerbatimError } from '../base/error.ts'
import type { Verdict, Verification } from '../journal/verify/verify.ts'
import { LANGUAGES, type Language } from '../journal/verify/words/languages.ts'
import { reportLines } from '../journal/verify/words/report.ts'
import { verifyFolder } from '../ports/evidence/verify-folder.ts'
import { type Command, EXIT, type Surroundings } from './command.ts'
import { mustBeFolder } from './must-be-folder.ts'
import { readWords } from './options.ts'
import { progressTeller } from './progress.ts'
import { plain } from './table.ts'

const OPTIONS = {
  trust: { type: 'string' },
  mirror: { type: 'string' },
  receipts: { type: 'string' },
  lang: { type: 'string' },
  json: { type: 'boolean' },
  progress: { type: 'boolean' },
} as const

interface Values {
  trust?: string | undefined
  mirror?: string | undefined
  receipts?: string | undefined
  progress?: boolean | undefined
}

const EXIT_OF: Record<Verdict, number> = {
  authentic: EXIT.well,
  'authentic-with-remarks': EXIT.well,
  'not-authentic': EXIT.failed,
  unknown: EXIT.unknown,
}

const languageOf = (lang: string): Language => {
  if (Object.hasOwn(LANGUAGES, lang)) return lang as Language
  throw new VerbatimError('USAGE', `--lang "${lang}" is not spoken; there are ${Object.keys(LANGUAGES).join(', ')}.`)
}

const readTrust = async (file: string) => {
  const { readBundle } = await import('../ports/proof/certificates.ts')
  try {
    return readBundle(await readFile(file, 'utf8'))
  } catch (cause) {
    throw new VerbatimError('USAGE', `--trust ${file} cannot be read: ${messageOf(cause)}.`, { cause })
  }
}

const verifyWithProgress = async (
  dir: string,
  { trust, mirror, receipts, progress: wanted }: Values,
  { tell, isTerminal }: Surroundings,
): Promise<Verification> => {
  // Only here: no other command should wait for certificates to be loaded.
  const { nodeProof } = await import('../ports/proof/node-proof.ts')
  const proof = nodeProof(trust === undefined ? null : await readTrust(trust))
  const progress = progressTeller(`verifying ${plain(dir)}`, tell, isTerminal)
  const onProgress = isTerminal || wanted ? progress.at : undefined
  try {
    return await verifyFolder(dir, proof, { mirror, receipts, onProgress })
  } finally {
    progress.done()
  }
}

/** `verbatim verify` */
export const verifyCommand: Command = {
  name: 'verify',
  does: 'prove a hearing: bytes, journal, signatures, witnesses, time stamps',
  help: `verbatim verify DIR [--trust FILE] [--mirror DIR] [--receipts FILE] [--lang en|ru|kk] [--json] [--progress]

Says whether a hearing is what was recorded: compares every byte with the journal, the journal with its chain, and the
chain with who signed, witnessed and stamped it. DIR is the hearing's folder, its mirror on the other disk, or a copy.
Needs no recorder and no network, writes nothing, works on any machine.

  --trust FILE     certificates in PEM that devices, witnesses and time stamps must lead to; without it nobody's name
                   is checked, and the report says so
  --mirror DIR     the same hearing on the other disk: compares the journals, and says of each bad stretch whether it
                   is whole there
  --receipts FILE  receipts had from the witness itself, one JSON object a line
  --lang LANGUAGE  en, ru or kk; en when left out
  --json           print the result as one JSON object
  --progress       tell progress on standard error, also when it is no terminal

Exit codes: 0 authentic, also with remarks, 1 not authentic, 2 cannot tell (no journal, no signatures, no folder, no
rights), 64 wrong command line.`,
  run: async (words, around) => {
    const { values, operands } = readWords(words, OPTIONS, ['The folder of the hearing'])
    const language = languageOf(values.lang ?? 'en')
    const dir = operands[0]!
    await mustBeFolder(dir)
    if (values.mirror !== undefined) await mustBeFolder(values.mirror)
    const verification = await verifyWithProgress(dir, values, around)
    if (values.json) around.print(JSON.stringify(verification))
    else for (const line of reportLines(verification, LANGUAGES[language])) around.print(plain(line))
    return EXIT_OF[verification.verdict]
  },
}
