import { TAIL } from './full-hearing.ts'
import type { Turn } from './turn-every-byte.ts'

/** Bytes of a hearing's folder of which nothing depends, and why. README.md of the journal says the same. */
export interface ProvesNothing {
  what: string
  /** The verifier says exactly what it said before the turn. */
  same: boolean
  holds: (folder: ReadonlyMap<string, Uint8Array>, turn: Turn) => boolean
}

const textOf = (folder: ReadonlyMap<string, Uint8Array>, path: string): string =>
  Buffer.from(folder.get(path)!).toString('latin1')

/** Whether the byte lies between the ends of the last thing in the file that `pattern` finds. */
const isWithin = (folder: ReadonlyMap<string, Uint8Array>, { path, at }: Turn, pattern: RegExp): boolean => {
  const found = [...textOf(folder, path).matchAll(pattern)].at(-1)
  return found !== undefined && at >= found.index && at < found.index + found[0].length
}

const isDerived = ({ path }: Turn): boolean => path === 'hearing.json' || path.startsWith('index/')

export const PROVES_NOTHING: readonly ProvesNothing[] = [
  {
    what: 'what is derived from the journal, or made before it, and is never read',
    same: true,
    holds: (_, turn) => isDerived(turn),
  },
  {
    what: 'a piece of a fragment that a power cut left, named as such',
    same: true,
    holds: (folder, { path, at }) => path === TAIL.file && textOf(folder, path).lastIndexOf('torntornt') <= at,
  },
  {
    // Nothing signs the last line. This one is a receipt, which proves itself, but not when it was written down.
    what: 'when the last line was written',
    same: false,
    holds: (folder, turn) =>
      turn.path === 'journal.ndjson' && isWithin(folder, turn, /"utc":"[^"]+","monoMs":\d+(?=,[^\n]+\n$)/g),
  },
  {
    // The trust list has the authority's certificate, and the witness' own leads to that.
    what: 'the authority’s certificate behind the witness’ own, in a receipt that no later line hashes',
    same: false,
    holds: (folder, turn) =>
      /^(journal|receipts)\.ndjson$/.test(turn.path) &&
      isWithin(folder, turn, /(?<="certificates":\["[^"]+",)"[^"]+"/g),
  },
]
