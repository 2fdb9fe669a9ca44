/** The parts list of `hardware/parts/README.md`, with its sum. */
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { table } from '../table.ts'

const Parts = z.strictObject({
  currency: z.string(),
  parts: z.array(
    z
      .strictObject({
        what: z.string().min(1),
        count: z.int().positive(),
        from: z.number().positive(),
        to: z.number().positive(),
        instead: z.string(),
        why: z.string(),
      })
      .refine(({ from, to }) => from <= to, 'the lower price comes first'),
  ),
})
export type Parts = z.output<typeof Parts>

export const readParts = (): Parts => Parts.parse(JSON.parse(readFileSync('hardware/parts/parts.json', 'utf8')))

export const totalOf = ({ parts }: Parts): { from: number; to: number } => ({
  from: parts.reduce((sum, { count, from }) => sum + count * from, 0),
  to: parts.reduce((sum, { count, to }) => sum + count * to, 0),
})

export const partsTable = (list: Parts): string => {
  const { from, to } = totalOf(list)
  return table([
    ['number', 'what', `each, ${list.currency}`, 'instead', 'why'],
    ...list.parts.map((part) => [`${part.count}`, part.what, `${part.from} to ${part.to}`, part.instead, part.why]),
    ['', '**One room**', `**${from} to ${to}**`, '', ''],
  ])
}
