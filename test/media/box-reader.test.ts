import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { scanFragments } from '../../controller/media/box-reader.ts'
import { join } from '../../controller/media/bytes.ts'
import { Fragmenter, type MadeFragment } from '../../controller/media/fragmenter.ts'
import { OPUS } from '../builders/samples.ts'

const test = suite('box reader')

const recorded = (packets: number): MadeFragment[] => {
  const fragmenter = new Fragmenter({ track: 'judge', label: 'Судья', fragmentMs: 480, segmentMs: 60_000, stagger: 0 })
  fragmenter.describe(OPUS)
  fragmenter.open({ hearing: 'h-1', zeroMs: 0, utcMs: Date.UTC(2026, 10, 23), openMs: 0 })
  const made: MadeFragment[] = []
  for (let i = 0; i < packets; i++)
    made.push(...fragmenter.push({ monoMs: i * 20, durationNs: 20e6, key: true, data: new Uint8Array(8).fill(i) }))
  return [...made, ...fragmenter.flush()]
}

const MADE = recorded(60)
const FILE = join(MADE.map(({ bytes }) => bytes))
const ENDS = MADE.map((_, i) => MADE.slice(0, i + 1).reduce((sum, { bytes }) => sum + bytes.length, 0))

/** Reads from memory, counts, and refuses to be asked for more than a parsed box may hold. */
const reader = (file: Uint8Array) => {
  const asked = { reads: 0, most: 0 }
  const readAt = async (offset: number, length: number) => {
    asked.reads++
    asked.most = Math.max(asked.most, length)
    return file.subarray(offset, offset + length)
  }
  return { readAt, asked }
}
const scan = (file: Uint8Array, from = 0, size = file.length) => scanFragments(reader(file).readAt, size, from)

test('finds exactly what was written, with its place in time', async () => {
  const found = await scan(FILE)
  assert.is(found.stoppedBy, null)
  assert.is(found.end, FILE.length)
  assert.equal([found.timescale, found.codec], [48_000, 'opus'])
  assert.equal(found.place, {
    ...{ format: 'verbatim-segment/1', hearing: 'h-1', track: 'judge', startTicks: 0 },
    utc: '2026-11-23T00:00:00.000Z',
  })
  assert.equal(
    found.fragments,
    MADE.map(({ seq, bytes, samples, mediaMs, durationMs }, i) => ({
      ...{ seq, samples, bytes: bytes.length, offset: ENDS[i]! - bytes.length },
      ...{ startTicks: mediaMs * 48, durationTicks: durationMs * 48 },
    })),
  )
})

test('goes on from a fragment boundary', async () => {
  const rest = await scan(FILE, ENDS[0])
  assert.equal(
    rest.fragments.map(({ seq }) => seq),
    MADE.slice(1).map(({ seq }) => seq),
  )
  assert.equal([rest.timescale, rest.place, rest.end], [null, null, FILE.length])
})

test('cut short at every byte, every whole fragment is kept', async () => {
  for (let size = 0; size <= FILE.length; size++) {
    const { fragments, end, stoppedBy } = await scan(FILE.subarray(0, size))
    const whole = ENDS.filter((one) => one <= size).length
    assert.is(fragments.length, whole, `cut at ${size}`)
    assert.is(end, whole ? ENDS[whole - 1] : 0)
    assert.is(stoppedBy === null, end === size)
  }
})

test('a file that is shorter than its size says, as after a power cut, ends the scan', async () => {
  const { fragments, stoppedBy } = await scan(FILE.subarray(0, ENDS[1]! + 20), 0, FILE.length)
  assert.is(fragments.length, 2)
  assert.type(stoppedBy, 'string')
})

/** 64-bit and endless lengths, lengths below a header, boxes that reach past the file, a moov of 2 GB. */
test('lying lengths', async () => {
  for (const length of [0, 1, 7, 9, 0x7fff_ffff, 0xffff_ffff]) {
    for (const at of [0, ENDS[0]!, ENDS[1]!]) {
      const file = Uint8Array.from(FILE)
      new DataView(file.buffer).setUint32(at, length)
      const { readAt, asked } = reader(file)
      const { fragments, stoppedBy } = await scanFragments(readAt, file.length)
      assert.is(fragments.length, ENDS.filter((end) => end <= at).length)
      assert.type(stoppedBy, 'string')
      assert.ok(asked.most <= 4 << 20)
    }
  }
  const huge = Uint8Array.from([0x7f, 0, 0, 0, ...Buffer.from('moov')])
  const { readAt, asked } = reader(huge)
  assert.match((await scanFragments(readAt, 2 ** 31)).stoppedBy!, 'moov of')
  assert.is(asked.most, 8)
})

test('a place that is garbage ends the scan before any fragment, and throws nothing', async () => {
  const at = Buffer.from(FILE).indexOf('{"format"')
  for (const words of ['{"format!', '\0\0\0\0\0\0\0\0\0', '[[[[[[[[[', 'nullnull?']) {
    const file = Uint8Array.from(FILE)
    file.set(Buffer.from(words), at)
    const { fragments, stoppedBy } = await scan(file)
    assert.is(fragments.length, 0)
    assert.match(stoppedBy!, 'place of the segment')
  }
})

test('40,000 spoiled files: nothing is thrown, nothing hangs, no more is read than is there', async () => {
  let state = 7
  const random = (below: number) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
  let stopped = 0
  for (let i = 0; i < 40_000; i++) {
    const file = Uint8Array.from(FILE.subarray(0, 200 + random(FILE.length - 200)))
    for (let n = random(6); n >= 0; n--) {
      if (random(2)) file[random(file.length)] = random(256)
      else new DataView(file.buffer).setUint32(random(file.length - 4), random(2) ? random(64) : random(2 ** 32))
    }
    const { readAt, asked } = reader(file)
    const found = await scanFragments(readAt, file.length)
    if (found.stoppedBy !== null) stopped++
    assert.ok(found.end <= file.length && asked.reads <= file.length / 4 + 2 && asked.most <= 4 << 20)
    let end = 0
    for (const { offset, bytes } of found.fragments) {
      assert.ok(offset === end && bytes > 0)
      end = offset + bytes
    }
    assert.is(end, found.end)
  }
  assert.ok(stopped > 10_000, `${stopped} stopped`)
})

test('any bytes at all', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 500 }), async (bytes) => {
      assert.is((await scan(bytes)).fragments.length, 0)
    }),
    { numRuns: 3_000 },
  )
})

test('a moof that claims four thousand million samples is refused at once', async () => {
  const file = Uint8Array.from(FILE)
  const trun = Buffer.from(file).indexOf('trun')
  new DataView(file.buffer).setUint32(trun + 8, 0xffff_ffff)
  const began = performance.now()
  assert.match((await scan(file)).stoppedBy!, 'moof too short')
  assert.ok(performance.now() - began < 500)
})

test.run()
