/**
 * Every field of every line holds, in turn, what it never should, in a chain made anew: none makes
 * the verifier or its report throw.
 */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { ChainWriter } from '../../../controller/journal/chain.ts'
import type { Entry, EntryBody } from '../../../controller/journal/entry.ts'
import { verifyHearing } from '../../../controller/journal/verify/verify.ts'
import { LANGUAGES } from '../../../controller/journal/verify/words/languages.ts'
import { reportLines } from '../../../controller/journal/verify/words/report.ts'
import { nodeProof } from '../../../controller/ports/proof/node-proof.ts'
import { fullHearing } from '../../builders/full-hearing.ts'
import { sha256 } from '../../builders/hash.ts'
import { memoryFiles } from '../../builders/memory-files.ts'
import { rememberingProof } from '../../builders/remembering-proof.ts'
import { hub } from '../../builders/vectors/people.ts'

/** What cannot be made a number or a text either, as an object with a `toString` that is none. */
const ODD: readonly unknown[] = [null, {}, { toString: 1, valueOf: 1 }, [], [{}], '', 'x', -1, 1e308]

type Path = readonly (string | number)[]

const pathsIn = (value: unknown, at: Path = []): Path[] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([name, inner]) => [[...at, name], ...pathsIn(inner, [...at, name])])
    : []

const bent = <Value extends object>(value: Value, path: Path, odd: unknown): Value => {
  const copy = structuredClone(value)
  const inner = path.slice(0, -1).reduce((one, name) => (one as Record<string, unknown>)[name]!, copy as unknown)
  Reflect.set(inner as object, path.at(-1)!, odd)
  return copy
}

const folder = await fullHearing()
const proof = rememberingProof(nodeProof([hub.certificate]))
const entries = folder
  .get('journal.ndjson')!
  .toString('utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as Entry)

const bodyOf = ({ v, n, utc, monoMs, prev, ...body }: Entry) => body as EntryBody

const verifyWith = (line: number, body: EntryBody) => {
  const writer = new ChainWriter(sha256)
  const lines = entries.map((entry, i) => `${writer.append(entry, i === line ? body : bodyOf(entry)).line}\n`)
  return verifyHearing(memoryFiles(new Map([...folder, ['journal.ndjson', Buffer.from(lines.join(''))]])), proof)
}

const LAST = entries.length - 1

for (const kind of new Set(entries.map((entry) => entry.kind)))
  test(`${kind}: nothing in it makes the verifier throw`, async () => {
    const line = entries.findLastIndex((entry, i) => entry.kind === kind && i < LAST)
    const body = bodyOf(entries[line]!)
    for (const path of pathsIn(body))
      for (const odd of ODD) {
        const verification = await verifyWith(line, bent(body, path, odd))
        assert.is(verification.verdict, 'not-authentic', `${path.join('.')} is ${JSON.stringify(odd)}`)
        for (const words of Object.values(LANGUAGES)) reportLines(verification, words)
      }
  })

test.run()
