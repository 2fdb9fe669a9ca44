import { parseArgs } from 'node:util'

export const PARTS = ['cost', 'press', 'loss', 'offset', 'reaction'] as const
export type PartName = (typeof PARTS)[number]

export interface BenchOptions {
  parts: readonly PartName[]
  seconds: number
  rounds: number
  presses: number
  cuts: number
  edges: number
  json: boolean
}

/** Reads the command line; throws an Error with one sentence for a person. */
export const readBenchOptions = (words: string[]): BenchOptions => {
  const { values, positionals } = parseArgs({
    args: words,
    allowPositionals: true,
    options: {
      only: { type: 'string' },
      seconds: { type: 'string', default: '60' },
      rounds: { type: 'string', default: '2' },
      presses: { type: 'string', default: '50' },
      cuts: { type: 'string', default: '20' },
      edges: { type: 'string', default: '10' },
      json: { type: 'boolean', default: false },
    },
  })
  if (positionals.length !== 1 || positionals[0] !== 'capture')
    throw new Error('the benches are "capture" and "verify"')
  return {
    parts: values.only === undefined ? PARTS : values.only.split(',').map(readPart),
    seconds: readCount('--seconds', values.seconds, 5, 14_400),
    rounds: readCount('--rounds', values.rounds, 1, 100),
    presses: readCount('--presses', values.presses, 1, 1_000),
    cuts: readCount('--cuts', values.cuts, 1, 1_000),
    edges: readCount('--edges', values.edges, 1, 1_000),
    json: values.json,
  }
}

export interface VerifyBenchOptions {
  megabytes: number
  rounds: number
}

/** Of `verify`; throws an Error with one sentence for a person. */
export const readVerifyBenchOptions = (args: string[]): VerifyBenchOptions => {
  const { values } = parseArgs({
    args,
    options: { megabytes: { type: 'string', default: '1000' }, rounds: { type: 'string', default: '5' } },
  })
  return {
    megabytes: readCount('--megabytes', values.megabytes, 1, 1_000_000),
    rounds: readCount('--rounds', values.rounds, 1, 100),
  }
}

const readPart = (word: string): PartName => {
  const part = PARTS.find((name) => name === word)
  if (!part) throw new Error(`--only wants some of ${PARTS.join(', ')}, not "${word}"`)
  return part
}

const readCount = (option: string, text: string, least: number, most: number): number => {
  const count = Number(text)
  if (!Number.isInteger(count) || count < least || count > most)
    throw new Error(`${option} wants a whole number from ${least} to ${most}, not "${text}"`)
  return count
}
