/** Whoever has the disk and not the key makes the chain anew after every change; the signatures do not follow. */
import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { ChainWriter } from '../../../controller/journal/chain.ts'
import type { Entry, EntryBody, FragmentEntry } from '../../../controller/journal/entry.ts'
import { verifyHearing } from '../../../controller/journal/verify/verify.ts'
import { nodeProof } from '../../../controller/ports/proof/node-proof.ts'
import { sha256 } from '../../builders/hash.ts'
import { memoryFiles } from '../../builders/memory-files.ts'
import { rememberingProof } from '../../builders/remembering-proof.ts'
import { type Folder, whole } from '../../builders/vectors/hearing.ts'
import { hub } from '../../builders/vectors/people.ts'

const JOURNAL = 'journal.ndjson'
const FILES = ['hall/0001.mp4', 'judge/0001.mp4'] as const

const folder = whole().folder()
const proof = rememberingProof(nodeProof([hub.certificate]))
const entries = whole().lines.map((line) => JSON.parse(line) as Entry)
/** Behind it stands a receipt, which proves itself wherever it stands. */
const LAST_SIGNATURE = entries.findLastIndex(({ kind }) => kind === 'signature')
const listed = entries.flatMap((entry) => (entry.kind === 'fragments' ? entry.fragments : []))

const verdictOf = async (changed: Folder) => (await verifyHearing(memoryFiles(changed), proof)).verdict

const chained = (lines: readonly Entry[]): string => {
  const writer = new ChainWriter(sha256)
  return lines
    .map(({ v, n, prev, utc, monoMs, ...body }) => `${writer.append({ utc, monoMs }, body as EntryBody).line}\n`)
    .join('')
}

const withJournal = (text: string, media: Folder = folder): Folder => new Map([...media, [JOURNAL, Buffer.from(text)]])

const permutation = (length: number) =>
  fc.shuffledSubarray(
    Array.from({ length }, (_, i) => i),
    { minLength: length, maxLength: length },
  )

const isSorted = (order: readonly number[]) => order.every((at, i) => at === i)

test('lines in any other order, chained anew: not authentic', async () => {
  await fc.assert(
    fc.asyncProperty(permutation(LAST_SIGNATURE + 1), async (order) => {
      fc.pre(!isSorted(order))
      const lines = [...order.map((i) => entries[i]!), ...entries.slice(LAST_SIGNATURE + 1)]
      assert.is(await verdictOf(withJournal(chained(lines))), 'not-authentic')
    }),
  )
})

test('lines taken out or doubled, chained anew: not authentic', async () => {
  const line = fc.nat(LAST_SIGNATURE - 1)
  await fc.assert(
    fc.asyncProperty(line, fc.option(line), async (at, doubled) => {
      const lines = doubled === null ? entries.toSpliced(at, 1) : entries.toSpliced(at, 0, entries[doubled]!)
      assert.is(await verdictOf(withJournal(chained(lines))), 'not-authentic')
    }),
  )
})

/** The journal, with other fragments in its lines of that kind: as many in each as there were, the rest in the last. */
const relisted = (fragments: readonly FragmentEntry[]): string => {
  const rest = [...fragments]
  const last = entries.findLastIndex(({ kind }) => kind === 'fragments')
  return chained(
    entries.map((entry, i) => {
      if (entry.kind !== 'fragments') return entry
      return { ...entry, fragments: rest.splice(0, i === last ? rest.length : entry.fragments.length) }
    }),
  )
}

/** The segment files and the list of a hearing that has these fragments, of these files, in this order. */
const rebuilt = (order: readonly FragmentEntry[]): Folder => {
  const media = new Map<string, Buffer>(FILES.map((file) => [file, Buffer.alloc(0)]))
  const list = order.map((fragment) => {
    const { file, offset, bytes } = fragment
    const before = media.get(file)!
    media.set(file, Buffer.concat([before, folder.get(file)!.subarray(offset, offset + bytes)]))
    return { ...fragment, offset: before.length }
  })
  return withJournal(relisted(list), new Map([...folder, ...media]))
}

test('fragments in another order, taken out or doubled, in the files and in the journal: not authentic', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(listed.length - 1), { maxLength: 10 }), async (order) => {
      fc.pre(order.length !== listed.length || !isSorted(order))
      assert.is(await verdictOf(rebuilt(order.map((i) => listed[i]!))), 'not-authentic')
    }),
  )
})

test('the same hearing rebuilt is authentic: the tests above change what they say they change', async () => {
  assert.is(await verdictOf(rebuilt(listed)), 'authentic')
})

/** A segment file as pieces: each a fragment of any of the files. */
const pieces = fc.array(fc.nat(listed.length - 1), { maxLength: 6 })

test('fragments moved between the files of two tracks, lost or doubled, without the journal: not authentic', async () => {
  const bytesOf = (order: readonly number[]): Buffer =>
    Buffer.concat(
      order.map((i) => {
        const { file, offset, bytes } = listed[i]!
        return folder.get(file)!.subarray(offset, offset + bytes)
      }),
    )
  await fc.assert(
    fc.asyncProperty(pieces, pieces, async (one, other) => {
      const media = new Map([...folder, [FILES[0], bytesOf(one)], [FILES[1], bytesOf(other)]])
      fc.pre(FILES.some((file) => !media.get(file)!.equals(folder.get(file)!)))
      assert.is(await verdictOf(media), 'not-authentic')
    }),
  )
})

test('bytes put in or taken out anywhere in a segment file: not authentic', async () => {
  const bytes = fc.uint8Array({ minLength: 1, maxLength: 40 })
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...FILES), fc.nat(524), fc.nat(40), bytes, async (file, at, out, into) => {
      const was = folder.get(file)!
      const is = Buffer.concat([was.subarray(0, at), into, was.subarray(at + out)])
      fc.pre(!is.equals(was))
      assert.is(await verdictOf(new Map([...folder, [file, is]])), 'not-authentic')
    }),
  )
})

test.run()
