import { VerbatimError } from '../../base/error.ts'

/** The private keys in a file of age-keygen; other lines are comments. Throws USAGE when there is none. */
export const courtKeysIn = (text: string): string[] => {
  const keys = text.split(/\r?\n/).filter((line) => line.startsWith('AGE-SECRET-KEY-'))
  if (!keys.length) throw new VerbatimError('USAGE', 'the file holds no private key of age (AGE-SECRET-KEY-...)')
  return keys
}
