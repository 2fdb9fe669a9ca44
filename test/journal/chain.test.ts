import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { ChainWriter } from '../../controller/journal/chain.ts'
import { FIRST_PREV } from '../../controller/journal/line.ts'
import { sha256 } from '../builders/hash.ts'
import { readAll, someBodies, stampAt } from '../builders/journal.ts'

test('each line carries the hash of the bytes of the line before', () => {
  const writer = new ChainWriter(sha256)
  const [one, two] = someBodies(2).map((body, i) => writer.append(stampAt(i), body))
  assert.is(JSON.parse(one!.line).prev, FIRST_PREV)
  assert.is(one!.head, sha256(Buffer.from(one!.line)))
  assert.is(JSON.parse(two!.line).prev, one!.head)
  assert.equal([one!.n, two!.n], [0, 1])
  assert.equal(writer.place, { n: 2, prev: two!.head })
})

test('a writer goes on where a reader stopped', () => {
  const bodies = someBodies(6)
  const first = new ChainWriter(sha256)
  let file = ''
  for (const [i, body] of bodies.slice(0, 3).entries()) file += `${first.append(stampAt(i), body).line}\n`
  const { reader } = readAll(Buffer.from(file))
  const second = new ChainWriter(sha256, reader.place)
  for (const [i, body] of bodies.slice(3).entries()) file += `${second.append(stampAt(i + 3), body).line}\n`
  const all = readAll(Buffer.from(file))
  assert.equal(all.faults, [])
  assert.is(all.entries.length, 6)
})

test.run()
