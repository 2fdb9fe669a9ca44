import { stat } from 'node:fs/promises'
import { codeOf, messageOf, VerbatimError } from '../base/error.ts'

/** Throws JOURNAL_MISSING with a sentence when there is no such folder. */
export const mustBeFolder = async (dir: string): Promise<void> => {
  const found = await stat(dir).catch((fault: unknown) => {
    const why =
      codeOf(fault) === 'ENOENT' ? `There is no folder ${dir}.` : `${dir} cannot be opened: ${messageOf(fault)}.`
    throw new VerbatimError('JOURNAL_MISSING', why, { cause: fault })
  })
  if (!found.isDirectory()) throw new VerbatimError('JOURNAL_MISSING', `${dir} is no folder; give a hearing's folder.`)
}
