/** Whatever is done to the lines of a signed hearing is seen. */
import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { verifyHearing } from '../../../controller/journal/verify/verify.ts'
import { nodeProof } from '../../../controller/ports/proof/node-proof.ts'
import { makeIdentity } from '../../builders/identity.ts'
import { memoryFiles } from '../../builders/memory-files.ts'
import { goodHearing } from '../../builders/signed-hearing.ts'

const root = await makeIdentity('Court hub', { authority: true })
const device = await makeIdentity('room-3', { by: root })
const witness = await makeIdentity('Hub witness', { by: root })
const hearing = goodHearing(device, witness)
const proof = nodeProof([root.certificate])
/** The last line is a receipt and proves itself; without it the record is less witnessed, and no less authentic. */
const LAST = hearing.lines.length - 1

const verdictOf = async (lines: readonly string[]) => {
  const folder = new Map([...hearing.folder(), ['journal.ndjson', Buffer.from(lines.join(''))]])
  return (await verifyHearing(memoryFiles(folder), proof)).verdict
}

const index = fc.nat(LAST)

test('lines removed anywhere but at the end: not authentic', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(LAST - 1), fc.nat(3), async (from, more) => {
      const rest = hearing.lines.filter((_, i) => i < from || i > Math.min(from + more, LAST - 1))
      assert.is(await verdictOf(rest), 'not-authentic')
    }),
  )
})

test('lines removed at the end: never without a remark', async () => {
  for (let count = 1; count <= LAST; count++)
    assert.is.not(await verdictOf(hearing.lines.slice(0, count)), 'authentic', `${count} lines`)
})

test('a line inserted, be it a copy or new: not authentic', async () => {
  await fc.assert(
    fc.asyncProperty(index, fc.oneof(index, fc.json(), fc.string()), async (at, what) => {
      const line = typeof what === 'number' ? hearing.lines[what]! : `${what.replaceAll('\n', '')}\n`
      assert.is(await verdictOf(hearing.lines.toSpliced(at, 0, line)), 'not-authentic')
    }),
  )
})

test('two lines in each other’s place: not authentic', async () => {
  await fc.assert(
    fc.asyncProperty(index, index, async (one, other) => {
      fc.pre(one !== other)
      const lines = [...hearing.lines]
      lines[one] = hearing.lines[other]!
      lines[other] = hearing.lines[one]!
      assert.is(await verdictOf(lines), 'not-authentic')
    }),
  )
})

test('fragments of a file in each other’s place, lost or doubled: not authentic', async () => {
  const media = hearing.files.get('judge/0001.mp4')!
  const parts = [0, 1, 2, 3].map((i) => media.subarray(i * 72, (i + 1) * 72))
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(3), { maxLength: 6 }), async (order) => {
      fc.pre(order.join() !== '0,1,2,3')
      const bytes = Buffer.concat(order.map((i) => parts[i]!))
      const folder = new Map([...hearing.folder(), ['judge/0001.mp4', bytes]])
      assert.is((await verifyHearing(memoryFiles(folder), proof)).verdict, 'not-authentic')
    }),
  )
})

test('any bytes for a journal: no throw, never authentic', async () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 500 }),
    fc
      .array(fc.oneof(fc.constantFrom(...hearing.lines), fc.json(), fc.string()))
      .map((all) => Buffer.from(all.join('\n'))),
  )
  await fc.assert(
    fc.asyncProperty(bytes, async (journal) => {
      const folder = new Map([...hearing.files, ['journal.ndjson', journal] as [string, Uint8Array]])
      assert.is.not((await verifyHearing(memoryFiles(folder), proof)).verdict, 'authentic')
    }),
  )
})

test.run()
