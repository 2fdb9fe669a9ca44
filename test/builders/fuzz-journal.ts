/** Spoils journals in every way that a disk, a program or an enemy may think of. */
import { ChainWriter } from '../../controller/journal/chain.ts'
import type { EntryBody } from '../../controller/journal/entry.ts'
import type { Chance } from './chance.ts'
import { sha256 } from './hash.ts'

/** Values where another belongs. */
const ODD: readonly unknown[] = [
  ...[null, true, '', 'x', 0, -1, 0.5, 1e308, 2 ** 53, 2 ** 31, 9_007_199_254_740_991, -0],
  ...[[], {}, [[]], { toString: 1 }, '__proto__', '\u0000', '\ud800', 'a'.repeat(5_000), '9999-99-99T99:99:99.999Z'],
  ...['0'.repeat(64), 'AAAA', '../../etc/passwd', 'judge/0001.mp4', 'hearing-closed', 'signature', 'fragments'],
]

/** Puts an odd value, or one found elsewhere in the journal, somewhere into the value. */
const bend = (value: unknown, chance: Chance): unknown => {
  if (typeof value !== 'object' || value === null || chance.below(6) === 0) return chance.oneOf(ODD)
  if (Array.isArray(value)) {
    if (!value.length || chance.below(4) === 0) return [...value, ...value, chance.oneOf(ODD)]
    const at = chance.below(value.length)
    return value.with(at, bend(value[at], chance))
  }
  const name = chance.oneOf(Object.keys(value))
  return { ...value, [name]: bend((value as Record<string, unknown>)[name], chance) }
}

type Spoil = (lines: string[], chance: Chance) => string[]

/** Bends one line's fields and chains all anew, so that what is said reaches the deepest checks. */
const bendChained: Spoil = (lines, chance) => {
  const at = chance.below(lines.length)
  const writer = new ChainWriter(sha256)
  return lines.map((line, i) => {
    try {
      const { v, n, prev, utc, monoMs, ...body } = JSON.parse(line) as Record<string, unknown>
      const bent = i === at ? { ...body, ...(bend(body, chance) as object) } : body
      return writer.append({ utc, monoMs } as never, bent as EntryBody).line
    } catch {
      return line
    }
  })
}

const bendLine: Spoil = (lines, chance) => {
  const at = chance.below(lines.length)
  try {
    return lines.with(at, JSON.stringify(bend(JSON.parse(lines[at]!), chance)) ?? '')
  } catch {
    return lines
  }
}

const SPOILS: readonly Spoil[] = [
  bendChained,
  bendChained,
  bendLine,
  (lines, chance) => lines.toSpliced(chance.below(lines.length), 1 + chance.below(3)),
  (lines, chance) => lines.toSpliced(chance.below(lines.length), 0, chance.oneOf(lines)),
  (lines, chance) => lines.with(chance.below(lines.length), chance.oneOf(lines)),
  (lines, chance) => lines.with(chance.below(lines.length), chance.oneOf(lines).slice(chance.below(200))),
  (lines, chance) => lines.toSpliced(chance.below(lines.length), 0, '['.repeat(1 + chance.below(3_000))),
]

const TOKENS = ['\n', '\r', '{', '}', '"', ',', ':', '\\', '\u0000', '\ufeff', '1e999', '-', '[', ']', 'null']

const spoilBytes = (bytes: Buffer, chance: Chance): Buffer => {
  const at = chance.below(bytes.length + 1)
  const rest = bytes.subarray(at + chance.below(20))
  switch (chance.below(5)) {
    case 0:
      return Buffer.concat([bytes.subarray(0, at), Buffer.from(chance.oneOf(TOKENS)), bytes.subarray(at)])
    case 1:
      return Buffer.concat([bytes.subarray(0, at), rest])
    case 2:
      return bytes.subarray(0, at)
    case 3:
      return Buffer.concat([bytes.subarray(0, at), Buffer.from([chance.below(256)]), rest])
    default: {
      const from = chance.below(bytes.length + 1)
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(from, from + chance.below(400)), rest])
    }
  }
}

/** A journal that was spoiled one to four times; always the same for the same state of `chance`. */
export const fuzzedJournal = (good: readonly string[], chance: Chance): Buffer => {
  let lines = [...good]
  const times = 1 + chance.below(4)
  for (let i = 0; i < times && lines.length; i++) lines = chance.oneOf(SPOILS)(lines, chance)
  let bytes: Buffer = Buffer.from(lines.map((line) => `${line}\n`).join(''))
  while (chance.below(3) === 0) bytes = spoilBytes(bytes, chance)
  return bytes
}
