import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { EntryBody, FragmentEntry } from '../../controller/journal/entry.ts'
import { Manifest } from '../../controller/journal/manifest.ts'
import { journalOf, readAll } from '../builders/journal.ts'

const why = { clerk: 'Clerk words', engineer: 'engineer words' }
const opened: EntryBody = {
  kind: 'hearing-opened',
  id: 'h1',
  court: 'Court',
  room: 'Room 3',
  case: '2-17/2026',
  zeroMonoMs: 100,
  boot: 'b1',
  tracks: [
    { name: 'hall', label: 'Hall', media: 'video', source: 'hall', channel: 0 },
    { name: 'judge', label: 'Judge', media: 'audio', source: 'desk', channel: 1 },
  ],
  reason: why,
}
const fragment = (seq: number, change: Partial<FragmentEntry> = {}): FragmentEntry => ({
  track: 'judge',
  run: 1,
  seq,
  file: 'judge/a.mp4',
  offset: (seq - 1) * 10,
  bytes: 10,
  sha256: '0'.repeat(64),
  mediaMs: (seq - 1) * 480,
  durationMs: 480,
  samples: 24,
  codec: 'opus',
  stores: ['main'],
  ...change,
})
const state = (to: string, mediaMs: number): EntryBody => ({ kind: 'state', from: 'x', to, mediaMs, reason: why })

const fold = (...bodies: EntryBody[]) => {
  const { reader, entries, faults } = readAll(journalOf(bodies))
  assert.equal(faults, [])
  const manifest = new Manifest()
  for (const entry of entries) manifest.add(entry)
  return { manifest, summary: manifest.summary({ entries: reader.count, head: reader.head }), reader }
}

test('a hearing just opened', () => {
  const { summary, reader } = fold(opened)
  assert.equal(
    [summary.format, summary.id, summary.state, summary.closedUtc, summary.mediaSeconds],
    ['verbatim-hearing/1', 'h1', 'open', null, 0],
  )
  assert.equal(summary.journal, { entries: 1, head: reader.head })
  assert.is(summary.tracks[0]!.codec, null)
})

test('fragments add up, and one told twice counts once', () => {
  const { summary } = fold(
    opened,
    { kind: 'fragments', fragments: [fragment(1), fragment(2)] },
    { kind: 'fragments', fragments: [fragment(2), fragment(3, { file: 'judge/b.mp4', offset: 0, durationMs: 20.5 })] },
  )
  const judge = summary.tracks[1]!
  assert.equal([judge.fragments, judge.bytes, judge.seconds, judge.codec], [3, 30, 0.981, 'opus'])
  assert.equal(judge.segments, ['judge/a.mp4', 'judge/b.mp4'])
  assert.is(summary.mediaSeconds, 0.981)
})

test('closed, with a recess, a mark, a gap, trouble and an interruption', () => {
  const { summary, manifest } = fold(
    opened,
    { kind: 'store', store: 'mirror', to: 'failed', reason: why },
    { kind: 'gap', track: 'hall', fromMs: 0, toMs: 700, reason: why },
    { kind: 'mark', mediaMs: 900, note: 'oath', by: 'clerk' },
    state('off-record', 1_000),
    { kind: 'interrupted', lastUtc: '2026-11-23T09:00:04.000Z', boot: 'b2', zeroMonoMs: -50, reason: why },
    state('recording', 5_000),
    { kind: 'hearing-closed', mediaMs: 9_000, reason: why },
  )
  assert.equal(summary.offRecord, [{ fromMs: 1_000, toMs: 5_000, reason: 'Clerk words' }])
  assert.equal(summary.tracks[0]!.gaps, [{ fromMs: 0, toMs: 700, clerk: 'Clerk words' }])
  assert.is(summary.marks[0]!.note, 'oath')
  assert.is(summary.stores[0]!.to, 'failed')
  assert.is(summary.interruptions[0]!.lastUtc, '2026-11-23T09:00:04.000Z')
  assert.equal([summary.state, summary.mediaSeconds], ['closed', 9])
  assert.equal(
    [manifest.resumePoint.boot, manifest.resumePoint.zeroMonoMs, manifest.resumePoint.paused],
    ['b2', -50, false],
  )
})

test('closing off the record ends the recess', () => {
  const { summary } = fold(opened, state('off-record', 1_000), { kind: 'hearing-closed', mediaMs: 9_000, reason: why })
  assert.equal(summary.offRecord, [{ fromMs: 1_000, toMs: 9_000, reason: 'Clerk words' }])
})

test('where to carry on: last run and fragment, also found ones', () => {
  const { manifest } = fold(
    opened,
    { kind: 'fragments', fragments: [fragment(7, { run: 2 })] },
    { kind: 'found', why, fragments: [fragment(8, { run: 2, mediaMs: 4_000 })] },
    state('off-record', 5_000),
  )
  const { paused, mediaEndMs, tracks } = manifest.resumePoint
  assert.equal([paused, mediaEndMs], [true, 4_480])
  assert.equal(tracks.judge, { run: 2, seq: 8, fragments: 2, bytes: 20, seconds: 0.96, gaps: 0, endMs: 4_480 })
  assert.is(tracks.hall!.endMs, -1)
})

test('a track that no line announced is kept all the same', () => {
  const { summary } = fold({ kind: 'fragments', fragments: [fragment(1, { codec: 'avc1.42c01f' })] })
  assert.equal([summary.tracks[0]!.name, summary.tracks[0]!.media], ['judge', 'video'])
})

test('a day of fragments takes no memory to speak of', () => {
  const manifest = new Manifest()
  const envelope = { v: 1, n: 0, utc: '2026-11-23T09:00:00.000Z', monoMs: 0, prev: '' } as const
  const before = process.memoryUsage().heapUsed
  for (let seq = 1; seq <= 600_000; seq++) {
    const file = `judge/${Math.floor(seq / 600)}.mp4`
    const fragments = [fragment(seq, { file, offset: (seq % 600) * 10 })]
    manifest.add({ ...envelope, kind: 'fragments', fragments })
  }
  globalThis.gc?.()
  const grown = process.memoryUsage().heapUsed - before
  assert.is(manifest.summary({ entries: 0, head: '' }).tracks[0]!.segments.length, 1_001)
  assert.ok(grown < 64 << 20, `${grown} bytes more`)
})

test.run()
