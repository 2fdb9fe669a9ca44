import { readFileSync } from 'node:fs'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { readBundle } from '../../controller/ports/proof/certificates.ts'
import { nodeProof } from '../../controller/ports/proof/node-proof.ts'
import { foundIn } from '../builders/vectors/expected.ts'
import { readFolder } from '../builders/vectors/folder.ts'
import { publishVectors } from '../builders/vectors/published.ts'
import { readVectors } from '../builders/vectors/read.ts'

const DIR = 'test/journal/vectors'
const MOST_BYTES = 400_000

const vectors = readVectors(DIR)
const trust = readBundle(readFileSync(`${DIR}/trust.pem`, 'utf8'))

for (const vector of vectors)
  test(`${vector.name}: ${vector.expected.verdict}`, async () => {
    const { expected } = vector
    const found = await foundIn(vector, nodeProof(expected.trust && trust))
    assert.equal(found, { verdict: expected.verdict, findings: expected.findings })
  })

test('making the vectors again changes nothing', async () => {
  const made = await publishVectors()
  const published = readFolder(DIR)
  assert.equal([...made.keys()].sort(), [...published.keys()].filter((path) => path !== 'README.md').sort())
  for (const [path, bytes] of made) assert.ok(bytes.equals(published.get(path)!), `${path} would change`)
})

test('all of them together are small', () => {
  const bytes = [...readFolder(DIR).values()].reduce((sum, { length }) => sum + length, 0)
  assert.ok(bytes < MOST_BYTES, `${bytes} bytes`)
})

test('every vector but the good one has a finding, and none is left out', () => {
  assert.ok(vectors.length >= 30, `${vectors.length} vectors`)
  assert.equal(
    vectors.filter(({ expected }) => !expected.findings.length).map(({ name }) => name),
    ['good'],
  )
})

test.run()
