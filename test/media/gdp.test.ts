import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { VerbatimError } from '../../controller/base/error.ts'
import { type GdpItem, GdpReader } from '../../controller/media/gdp.ts'
import { DELTA_UNIT, gdpRecord, NO_TIME } from '../builders/samples.ts'

const test = suite('gdp')
const text = (words: string) => Buffer.from(`${words}\0`)

const STREAM = Buffer.concat([
  gdpRecord({ type: 64, payload: text('stream-start') }),
  gdpRecord({ type: 2, payload: text('video/x-h264, width=(int)320') }),
  gdpRecord({ payload: Buffer.alloc(300, 1), ptsNs: 40_000_000n, durationNs: 40_000_000n }),
  gdpRecord({ payload: Buffer.alloc(0), ptsNs: 80_000_000n, flags: DELTA_UNIT | 0x40 }),
  gdpRecord({ payload: Buffer.alloc(70_000, 2), ptsNs: NO_TIME, flags: 0x400 }),
])

/** What a reader that is fed pieces of these sizes, over and over, gives. */
const readIn = (stream: Buffer, sizes: number[]): GdpItem[] => {
  const reader = new GdpReader()
  const items: GdpItem[] = []
  for (let at = 0, i = 0; at < stream.length; i++) {
    const size = Math.max(1, sizes[i % sizes.length]!)
    items.push(...reader.push(Uint8Array.from(stream.subarray(at, at + size))))
    at += size
  }
  return items
}

test('gives caps and samples with their exact times and flags', () => {
  const [caps, first, second, third, ...more] = readIn(STREAM, [STREAM.length])
  assert.equal(caps, { is: 'caps', text: 'video/x-h264, width=(int)320' })
  const { data, ...rest } = first as GdpItem & { is: 'sample' }
  assert.is(data.length, 300)
  const plain = { is: 'sample', ptsNs: 40e6, durationNs: 40e6, key: true, discont: false, header: false }
  assert.equal(rest, plain)
  assert.equal(
    { ...second, data: null },
    { ...plain, ptsNs: 80e6, durationNs: null, key: false, discont: true, data: null },
  )
  assert.ok(third?.is === 'sample' && third.header && Number.isNaN(third.ptsNs) && third.data.length === 70_000)
  assert.equal(more, [])
})

test('any cutting of the bytes gives the same items', () => {
  const whole = readIn(STREAM, [STREAM.length])
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 5_000 }), { minLength: 1, maxLength: 20 }), (sizes) => {
      assert.equal(readIn(STREAM, sizes), whole)
    }),
    { numRuns: 200 },
  )
})

test('20,000 streams of garbage are refused with SAMPLE_INVALID or read, never more', () => {
  const short = STREAM.subarray(0, 700)
  let refused = 0
  let state = 1
  const random = (below: number) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
  const before = process.memoryUsage()
  for (let i = 0; i < 20_000; i++) {
    const bytes = i % 4 ? Uint8Array.from(short) : Uint8Array.from({ length: random(400) }, () => random(256))
    for (let n = random(4); n >= 0 && bytes.length; n--) bytes[random(bytes.length)] = random(256)
    const reader = new GdpReader()
    try {
      for (let at = 0; at < bytes.length; at += 97) reader.push(bytes.subarray(at, at + 97))
    } catch (fault) {
      if (!(fault instanceof VerbatimError) || fault.code !== 'SAMPLE_INVALID') throw fault
      refused++
    }
  }
  const { arrayBuffers } = process.memoryUsage()
  assert.ok(refused > 3_000, `${refused} refused`)
  assert.ok(arrayBuffers - before.arrayBuffers < 64 << 20, `${arrayBuffers - before.arrayBuffers} bytes more`)
})

test('a lying length is refused before anything is gathered for it', () => {
  const record = gdpRecord({ payload: Buffer.alloc(10) })
  record.writeUInt32BE(0xffff_ffff, 6)
  assert.throws(
    () => new GdpReader().push(record),
    (fault: unknown) => fault instanceof VerbatimError && fault.code === 'SAMPLE_INVALID',
  )
})

test.run()
