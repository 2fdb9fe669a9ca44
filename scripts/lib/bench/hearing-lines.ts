import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Entry } from '../../../controller/journal/entry.ts'

/** The journal of a hearing folder; a torn last line is left out. */
export const linesOf = (hearing: string): Entry[] => {
  const whole = readFileSync(join(hearing, 'journal.ndjson'), 'utf8').split('\n').slice(0, -1)
  return whole.map((line) => JSON.parse(line) as Entry)
}

type Kind<K extends Entry['kind']> = Extract<Entry, { kind: K }>

export const linesOfKind = <K extends Entry['kind']>(lines: readonly Entry[], kind: K): Kind<K>[] =>
  lines.filter((line): line is Kind<K> => line.kind === kind)

/** CLOCK_MONOTONIC at media time 0. */
export const zeroMsOf = (lines: readonly Entry[]): number => {
  const opened = linesOfKind(lines, 'hearing-opened')[0]
  if (!opened) throw new Error('the journal does not begin with hearing-opened')
  return opened.zeroMonoMs
}
