import { readFileSync } from 'node:fs'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { PublishedVector } from '../builders/vectors/expected.ts'
import { readVectors } from '../builders/vectors/read.ts'
import { bundlePage } from './bundle.ts'
import { askPage, chromium } from './chromium.ts'
import type { PageAnswer, PageQuestion } from './wire.ts'

const DIR = 'test/journal/vectors'

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')

const questionOf = (vectors: readonly PublishedVector[]): PageQuestion => ({
  trust: readFileSync(`${DIR}/trust.pem`, 'utf8'),
  vectors: vectors.map(({ name, expected, folder, receipts }) => ({
    name,
    trusted: expected.trust !== null,
    folder: Object.fromEntries([...folder].map(([path, bytes]) => [path, base64(bytes)])),
    receipts: receipts && base64(receipts),
  })),
})

const inChromium = chromium ? test : test.skip
if (!chromium) console.log('SKIPPED  no chromium: a browser is not tried')

inChromium('a browser finds in every vector what Node finds', async () => {
  const vectors = readVectors(DIR)
  const answer = await askPage(chromium!, await bundlePage(), JSON.stringify(questionOf(vectors)))
  const found = JSON.parse(answer) as PageAnswer
  for (const { name, expected } of vectors)
    assert.equal(
      found[name],
      { verdict: expected.verdict, findings: expected.findings },
      `${name}: ${answer.slice(0, 200)}`,
    )
})

test.run()
