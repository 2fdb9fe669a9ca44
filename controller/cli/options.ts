/** Reads the words of a command line; what does not fit is a USAGE error of one sentence. */
import { type ParseArgsConfig, parseArgs } from 'node:util'
import { messageOf, VerbatimError } from '../base/error.ts'

type Options = NonNullable<ParseArgsConfig['options']>

/** Options and exactly `names.length` operands. Throws USAGE. */
export const readWords = <const T extends Options>(args: string[], options: T, names: readonly string[] = []) => {
  const read = () => {
    try {
      return parseArgs({ args, options, strict: true, allowPositionals: true })
    } catch (cause) {
      // The rest of Node's sentences explains how to escape a leading hyphen.
      throw new VerbatimError('USAGE', `${messageOf(cause).split(/\. /)[0]!.replace(/\.$/, '')}.`, { cause })
    }
  }
  const { values, positionals } = read()
  if (positionals.length < names.length) throw new VerbatimError('USAGE', `${names[positionals.length]} is missing.`)
  const tooMany = positionals[names.length]
  if (tooMany !== undefined) throw new VerbatimError('USAGE', `"${tooMany}" is one word too many.`)
  return { values, operands: positionals }
}

export const RUNTIME_OPTION = { runtime: { type: 'string' } } as const

/** The recorder's runtime directory: `--runtime DIR`, else the environment's VERBATIM_RUNTIME. Throws USAGE. */
export const runtimeDirOf = (values: { runtime?: string | undefined }, env: NodeJS.ProcessEnv): string => {
  const dir = values.runtime ?? env.VERBATIM_RUNTIME
  if (dir) return dir
  throw new VerbatimError(
    'USAGE',
    'Where the recorder runs is not known: give --runtime DIR or set VERBATIM_RUNTIME to the runtimeDir of its configuration.',
  )
}
