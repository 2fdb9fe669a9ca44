/** Files that do not end: the verifier comes to its end, in memory that does not grow. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { FindingCode } from '../../../controller/journal/verify/finding.ts'
import { verifyHearing } from '../../../controller/journal/verify/verify.ts'
import { nodeProof } from '../../../controller/ports/proof/node-proof.ts'
import { endlessFiles } from '../../builders/endless-files.ts'
import { memoryFiles } from '../../builders/memory-files.ts'
import { whole } from '../../builders/vectors/hearing.ts'
import { hub } from '../../builders/vectors/people.ts'

const GIGABYTE = 2 ** 30
const MEGABYTE = 2 ** 20
/** A line may have four megabytes; the rest is what the collector has not come to yet. */
const MOST_GROWTH = 96 * MEGABYTE
const LOOK_EVERY = 64

const proof = nodeProof([hub.certificate])
const folder = whole().folder()

/** Bytes of JavaScript and of buffers. */
const inUse = (): number => {
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

const verifyEndless = async (path: string, filler: string, bytes: number, inMirror: boolean) => {
  const began = inUse()
  let reads = 0
  let growth = 0
  const onRead = () => {
    if (reads++ % LOOK_EVERY === 0) growth = Math.max(growth, inUse() - began)
  }
  const files = endlessFiles(folder, { path, filler, bytes, onRead })
  const { findings } = inMirror
    ? await verifyHearing(memoryFiles(folder), proof, { mirror: files })
    : await verifyHearing(files, proof)
  return { codes: new Set(findings.map(({ code }) => code)), growth }
}

/** What goes on without end, with what, how far at most, and what is said of it. */
const cases: [string, string, number, FindingCode, boolean?][] = [
  ['journal.ndjson', 'x', 2 * GIGABYTE, 'journal-added'],
  ['journal.ndjson', '\n', 2 * GIGABYTE, 'journal-excessive'],
  ['receipts.ndjson', 'x', 2 * GIGABYTE, 'receipt-void'],
  ['receipts.ndjson', '\n', 2 * GIGABYTE, 'receipts-unreadable'],
  ['journal.ndjson', '{}\n', 2 * GIGABYTE, 'mirror-shorter', true],
]

for (const [path, filler, bytes, code, inMirror = false] of cases)
  test(`${inMirror ? 'the mirror’s ' : ''}${path} with ${JSON.stringify(filler)} without end: ${code}`, async () => {
    const { codes, growth } = await verifyEndless(path, filler, bytes, inMirror)
    assert.ok(codes.has(code), [...codes].join())
    assert.ok(growth < MOST_GROWTH, `grew by ${Math.round(growth / MEGABYTE)} MB`)
  })

test.run()
