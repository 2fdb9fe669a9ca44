import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { LineSplitter } from '../../controller/base/lines.ts'

const texts = (lines: Buffer[]): string[] => lines.map((line) => line.toString('latin1'))

test('lines come without their line feeds, empty ones too', () => {
  const splitter = new LineSplitter()
  assert.equal(texts(splitter.push(Buffer.from('one\n\ntwo\r\nthr'))), ['one', '', 'two\r'])
  assert.is(splitter.rest.toString(), 'thr')
  assert.equal(texts(splitter.push(Buffer.from('ee\n'))), ['three'])
  assert.is(splitter.rest.length, 0)
  assert.equal(splitter.push(Buffer.alloc(0)), [])
})

test('the same lines come however the bytes are cut', () => {
  const piece = fc.uint8Array({ maxLength: 40 })
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const whole = Buffer.concat(pieces)
      const splitter = new LineSplitter()
      const found = pieces.flatMap((bytes) => texts(splitter.push(Buffer.from(bytes))))
      const wanted = whole.toString('latin1').split('\n')
      const rest = wanted.pop()
      assert.equal(found, wanted)
      assert.is(splitter.rest.toString('latin1'), rest)
    }),
    { numRuns: 2_000 },
  )
})

test('what is kept does not change with the buffer it came in', () => {
  const splitter = new LineSplitter()
  const bytes = Buffer.from('abc')
  splitter.push(bytes)
  bytes.fill(0)
  assert.equal(texts(splitter.push(Buffer.from('\n'))), ['abc'])
})

test('a line of the greatest length is taken, one byte more is refused', () => {
  const exact = new LineSplitter(4)
  assert.equal(texts(exact.push(Buffer.from('1234\n'))), ['1234'])
  assert.throws(
    () => new LineSplitter(4).push(Buffer.from('12345\n')),
    (fault: unknown) => fault instanceof RangeError,
  )
  assert.throws(() => new LineSplitter(4).push(Buffer.from('12345')), /longer than 4 bytes/)
})

test('a peer that never ends its line holds no memory afterwards', () => {
  const splitter = new LineSplitter(1_000)
  let refused = 0
  for (let i = 0; i < 100; i++) {
    try {
      splitter.push(Buffer.alloc(100, 120))
    } catch {
      refused++
    }
    assert.ok(splitter.rest.length <= 1_000)
  }
  assert.is(refused, 9)
})

test.run()
