import { readFile } from 'node:fs/promises'
import { messageOf, VerbatimError } from '../base/error.ts'
import { copyHearing } from '../ports/copy/copy-hearing.ts'
import { courtKeysIn } from '../ports/copy/court-keys.ts'
import { type Command, EXIT } from './command.ts'
import { readWords } from './options.ts'
import { progressTeller } from './progress.ts'
import { plain } from './table.ts'

const OPTIONS = {
  'with-sealed': { type: 'boolean' },
  'court-key': { type: 'string' },
  json: { type: 'boolean' },
  progress: { type: 'boolean' },
} as const

const readCourtKeys = async (file: string): Promise<string[]> => {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new VerbatimError('USAGE', `--court-key ${file} cannot be read: ${messageOf(cause)}`, { cause })
  })
  return courtKeysIn(text)
}

/** `verbatim copy` */
export const copyCommand: Command = {
  name: 'copy',
  does: 'copy a hearing for the parties, without what is sealed',
  help: `verbatim copy DIR DEST [--with-sealed] [--court-key FILE] [--json] [--progress]

Copies a hearing's folder into a new one: its journal, the receipts of its witness, and its media. Sealed portions are
left out; everything else can be verified in the copy as in the original, and the copy shows the seals.

  --with-sealed     the sealed portions too, as they lie there: for the court alone
  --court-key FILE  the court's private key (age): what was locked away for it is opened and put back too
  --json            print the result as one JSON object
  --progress        tell progress on standard error, also when it is no terminal

Exit codes: 0 copied, 1 failed or refused (DEST holds something, the journal is damaged, what is sealed
cannot be opened), 2 DIR is no hearing, 64 wrong command line.`,
  run: async (words, { print, tell, isTerminal }) => {
    const { values, operands } = readWords(words, OPTIONS, ['The folder of the hearing', 'The folder of the copy'])
    const [from = '', to = ''] = operands
    const progress = progressTeller(`copying ${plain(from)}`, tell, isTerminal)
    const courtKeys = values['court-key'] === undefined ? [] : await readCourtKeys(values['court-key'])
    const shown = isTerminal || values.progress
    const copied = await copyHearing({
      ...{ from, to, courtKeys, withSealed: courtKeys.length > 0 || (values['with-sealed'] ?? false) },
      ...(shown ? { onProgress: progress.at } : {}),
    }).finally(progress.done)
    const { files, bytes, leftOut, sealedFragments } = copied
    if (values.json) print(JSON.stringify({ from, to, ...copied }))
    else {
      print(`${files} files, ${(bytes / 1e6).toFixed(1)} MB, are in ${plain(to)}.`)
      if (leftOut.length)
        print(`Left out by order of the court: ${leftOut.map(plain).join(', ')} (${sealedFragments} fragments).`)
    }
    return EXIT.well
  },
}
