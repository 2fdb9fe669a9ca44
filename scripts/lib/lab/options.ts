import { parseArgs } from 'node:util'

export interface LabOptions {
  /** Null for the whole rehearsal. */
  cuts: number | null
  ownClock: boolean
  keep: boolean
}

const CUTS = 20

/** Reads the command line; throws an Error with one sentence for a person. */
export const readLabOptions = (words: string[]): LabOptions => {
  const { values, positionals } = parseArgs({
    args: words,
    allowPositionals: true,
    options: { 'own-clock': { type: 'boolean', default: false }, keep: { type: 'boolean', default: false } },
  })
  const [what, number, ...more] = positionals
  if (what !== undefined && what !== 'power-cuts') throw new Error(`scripts/lab knows no "${what}"`)
  const cuts = what ? Number(number ?? CUTS) : null
  if (cuts !== null && !(Number.isInteger(cuts) && cuts >= 1 && cuts <= 10_000))
    throw new Error(`power-cuts wants a number from 1 to 10000, not "${number}"`)
  if (more.length) throw new Error(`"${more[0]}" is one word too many`)
  return { cuts, ownClock: values['own-clock'], keep: values.keep }
}
