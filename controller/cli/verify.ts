import { readFile } from 'node:fs/promises'
import { messageOf, VerbatimError } from '../base/error.ts'
import type { Verdict, Verification } from '../journal/verify/verify.ts'
import { LANGUAGES, type Language } from '../journal/verify/words/languages.ts'
import { reportLines } from '../journal/verify/words/report.ts'
import type { Receipts } from '../ports/evidence/asked-witness.ts'
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
  ca: { type: 'string' },
  lang: { type: 'string' },
  json: { type: 'boolean' },
  progress: { type: 'boolean' },
} as const

interface Values {
  trust?: string | undefined
  mirror?: string | undefined
  receipts?: string | Receipts | undefined
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

const ADDRESS = /^https?:\/\//i

/** Before anything is hashed: whoever waits an hour does not want to hear then that an address was mistyped. */
const askFor = async (dir: string, address: string, ca: string | undefined) => {
  const { askWitness } = await import('../ports/evidence/asked-witness.ts')
  const { hearingNamesIn } = await import('../ports/evidence/hearing-names.ts')
  return askWitness(address, await hearingNamesIn(dir), ca === undefined ? null : await readAuthority(ca))
}

const readAuthority = async (file: string): Promise<string> => {
  const { readBundle } = await import('../ports/proof/certificates.ts')
  try {
    const text = await readFile(file, 'utf8')
    readBundle(text)
    return text
  } catch (cause) {
    throw new VerbatimError('USAGE', `--ca ${file} cannot be read: ${messageOf(cause)}.`, { cause })
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
  help: `verbatim verify DIR [--trust FILE] [--mirror DIR] [--receipts FILE|ADDRESS] [--ca FILE]
                [--lang en|ru|kk] [--json] [--progress]

Says whether a hearing is what was recorded: compares every byte with the journal, the journal with its chain, and the
chain with who signed, witnessed and stamped it. DIR is the hearing's folder, its mirror on the other disk, or a copy.
Needs no recorder, and no network unless a witness shall be asked, writes nothing, works on any machine.

  --trust FILE     certificates in PEM that devices, witnesses and time stamps must lead to; without it nobody's name
                   is checked, and the report says so
  --mirror DIR     the same hearing on the other disk: compares the journals, and says of each bad stretch whether it
                   is whole there
  --receipts FILE  receipts had from the witness itself, one JSON object a line; or the address of the witness or of the
                   hub, http or https, which is asked for them: https://hub.example:8443
  --ca FILE        certificates in PEM that the server of that address must lead to, such as the ca.pem of the hub.
                   Without it any server is believed, and the report says so: it can forge no receipt, for each is
                   signed and --trust says by whom, but it can keep some back. It learns which hearing is verified
  --lang LANGUAGE  en, ru or kk; en when left out
  --json           print the result as one JSON object
  --progress       tell progress on standard error, also when it is no terminal

Exit codes: 0 authentic, also with remarks, 1 not authentic, 2 cannot tell (no journal, no signatures, no folder, no
rights), 64 wrong command line, 69 the witness does not answer, or not with receipts.`,
  exits: {
    ...{ NO_ANSWER: EXIT.unreachable, NOT_FOUND: EXIT.unreachable, ANSWER_INVALID: EXIT.unreachable },
    JOURNAL_INVALID: EXIT.unknown,
  },
  run: async (words, around) => {
    const { values, operands } = readWords(words, OPTIONS, ['The folder of the hearing'])
    const language = languageOf(values.lang ?? 'en')
    const dir = operands[0]!
    await mustBeFolder(dir)
    if (values.mirror !== undefined) await mustBeFolder(values.mirror)
    const { receipts = '', ca } = values
    if (ca !== undefined && !/^https:/i.test(receipts))
      throw new VerbatimError('USAGE', '--ca is for a witness that is asked by https: give --receipts https://...')
    const answer = ADDRESS.test(receipts) ? await askFor(dir, receipts, ca) : null
    const verification = await verifyWithProgress(
      dir,
      answer ? { ...values, receipts: answer.receipts } : values,
      around,
    )
    if (values.json) around.print(JSON.stringify(answer ? { ...verification, asked: answer.asked } : verification))
    else {
      if (answer) around.print(plain(LANGUAGES[language].asked(answer.asked)))
      for (const line of reportLines(verification, LANGUAGES[language])) around.print(plain(line))
    }
    return EXIT_OF[verification.verdict]
  },
}
