import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { JournalReader } from '../../controller/journal/read.ts'
import { sha256 } from '../builders/hash.ts'
import { journalOf, readAll, someBodies } from '../builders/journal.ts'

const LINES = 8
const journal = journalOf(someBodies(LINES))
const lines = journal.toString().trimEnd().split('\n')
const ofLines = (some: string[]) => Buffer.from(some.map((line) => `${line}\n`).join(''))
const lastLineAt = journal.lastIndexOf(10, journal.length - 2) + 1

test('a good journal has no fault, in chunks of any size', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: journal.length }), (chunkBytes) => {
      const { reader, entries, faults } = readAll(journal, chunkBytes)
      assert.equal(faults, [])
      assert.is(entries.length, LINES)
      assert.equal(
        [reader.count, reader.tornBytes, reader.wholeBytes, reader.lastGoodOffset, reader.head],
        [LINES, 0, journal.length, lastLineAt, sha256(Buffer.from(lines.at(-1)!))],
      )
    }),
  )
})

test('chunks may come in the same memory again and again', () => {
  const reader = new JournalReader(sha256)
  const memory = Buffer.alloc(100)
  for (let at = 0; at < journal.length; at += memory.length)
    reader.push(memory.subarray(0, journal.copy(memory, 0, at, at + memory.length)))
  assert.equal([reader.count, reader.faults], [LINES, 0])
})

test('any byte changed in any way is a fault, or in the last line another head', () => {
  const { head } = readAll(journal).reader
  for (let at = 0; at < journal.length; at++) {
    for (const bit of [0, 1, 5, 7]) {
      const changed = Buffer.from(journal)
      changed[at]! ^= 1 << bit
      const { reader, faults } = readAll(changed)
      if (at < lastLineAt) assert.ok(faults.length > 0, `byte ${at} bit ${bit}`)
      else assert.ok(faults.length > 0 || reader.head !== head, `byte ${at} bit ${bit} of the last line`)
    }
  }
})

test('a line removed, doubled, inserted or moved is a fault', () => {
  const index = fc.integer({ min: 0, max: LINES - 2 })
  fc.assert(
    fc.property(index, index, (i, j) => {
      const removed = lines.filter((_, k) => k !== i)
      const doubled = lines.toSpliced(j, 0, lines[i]!)
      const swapped = lines.with(i, lines[j + 1]!).with(j + 1, lines[i]!)
      assert.ok(readAll(ofLines(removed)).faults.length > 0, `${i} removed`)
      assert.ok(readAll(ofLines(doubled)).faults.length > 0, `${i} doubled at ${j}`)
      if (i !== j + 1) assert.ok(readAll(ofLines(swapped)).faults.length > 0, `${i} and ${j + 1} swapped`)
    }),
  )
})

test('a forged line gives a fault, and the reader goes on', () => {
  const forged = lines.with(3, lines[3]!.replace('clerk', 'judge'))
  const { entries, faults } = readAll(ofLines(forged))
  assert.equal(faults, ['chain'])
  assert.is(entries.length, LINES)
})

test('a line missing is named by number and chain', () => {
  assert.equal(readAll(ofLines(lines.toSpliced(4, 1))).faults, ['number', 'chain'])
})

test('cut short at any byte: every whole line is kept and only the tail is torn', () => {
  for (let length = 0; length <= journal.length; length++) {
    const { reader, entries, faults } = readAll(journal.subarray(0, length))
    const whole = journal.subarray(0, length).toString('latin1').split('\n').length - 1
    assert.is(entries.length, whole)
    assert.equal(faults, reader.tornBytes ? ['torn'] : [])
    assert.is(reader.wholeBytes + reader.tornBytes, length)
  }
})

test('20,000 buffers of garbage: nothing is thrown', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(journal.length), fc.boolean(), (bytes, at, within) => {
      const input = within ? Buffer.concat([journal.subarray(0, at), bytes, journal.subarray(at)]) : bytes
      const { reader } = readAll(input, 64)
      assert.is(reader.wholeBytes + reader.tornBytes, input.length)
    }),
    { numRuns: 20_000 },
  )
})

test('JSON that is no journal is a fault a line', () => {
  fc.assert(
    fc.property(fc.json(), (json) => {
      const { entries, faults } = readAll(Buffer.from(`${json.replaceAll('\n', '')}\n`))
      assert.equal([entries.length, faults.length], [0, 1])
    }),
    { numRuns: 2_000 },
  )
})

test('a line without end takes no memory, and what follows is read', () => {
  const reader = new JournalReader(sha256, 1 << 20)
  const chunk = new Uint8Array(1 << 16).fill(0x61)
  const before = process.memoryUsage()
  for (let i = 0; i < 4_096; i++) assert.is(reader.push(chunk).length, 0)
  const after = process.memoryUsage()
  const grown = after.arrayBuffers + after.heapUsed - before.arrayBuffers - before.heapUsed
  assert.ok(grown < 64 << 20, `${grown} bytes more`)
  assert.is(reader.tornBytes, 4_096 * chunk.length)
  const items = reader.push(Buffer.from(`\n${lines[1]}\n`))
  assert.equal(
    items.map((item) => (item.is === 'fault' ? item.fault.code : 'entry')),
    ['too-long', 'chain', 'entry'],
  )
})

test.run()
