import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { replaceFile } from '../../controller/base/replace-file.ts'
import { type CheckOptions, checkHearing, type HearingCheck } from '../../controller/ports/evidence/check.ts'
import { findHearings } from '../../controller/ports/evidence/find-hearings.ts'
import { exitCodeOf } from '../../controller/ports/evidence/finding.ts'
import { readJournal } from '../../controller/ports/evidence/journal-file.ts'
import { reportLines } from '../../controller/ports/evidence/report.ts'
import { summariseHearing, writeSummary } from '../../controller/ports/evidence/write-summary.ts'
import { buildHearing, FRAGMENT_MS, type HearingPlan } from '../builders/hearing-folder.ts'

const test = suite<{ root: string; dir: string; mirror: string }>('evidence')
test.before.each((context) => {
  context.root = mkdtempSync(join(tmpdir(), 'verbatim-evidence-'))
  context.dir = join(context.root, 'main', 'hearing-1')
  context.mirror = join(context.root, 'mirror', 'hearing-1')
})
test.after.each(({ root }) => rmSync(root, { recursive: true, force: true }))

const codes = (check: HearingCheck) => check.findings.map(({ code }) => code)
const flip = (path: string, at: number) => {
  const bytes = readFileSync(path)
  bytes[at]! ^= 1
  writeFileSync(path, bytes)
}
const why = { clerk: 'The cable was pulled.', engineer: 'no data for 3 s' }

test('a good hearing is whole', async ({ dir }) => {
  buildHearing(dir)
  const check = await checkHearing(dir)
  assert.equal([check.verdict, check.hearing, check.state, check.findings], ['whole', 'hearing-1', 'closed', []])
  const { name, codec, seconds, fragments, bytes, gaps, missing, damaged, segments } = check.tracks[1]!
  assert.equal([name, codec, seconds, fragments, bytes], ['judge', 'opus', 3.84, 8, 2 * (300 + 307 + 314 + 300)])
  assert.equal([gaps, missing, damaged, segments], [0, 0, 0, 2])
})

test('a byte flipped anywhere in the media is named with its track, file and time', async ({ dir }) => {
  const { files } = buildHearing(dir, { segments: 1, fragments: 2, fragmentBytes: 20 })
  for (const [file, bytes] of files)
    for (let at = 0; at < bytes.length; at++) {
      flip(join(dir, file), at)
      const { verdict, findings, tracks } = await checkHearing(dir)
      flip(join(dir, file), at)
      const [one, ...others] = findings
      assert.equal([verdict, one?.code, one?.file, others], ['damaged', 'fragment-damaged', file, []])
      assert.is(one!.track, file.split('/')[0])
      assert.is(one!.fromMs, at < 20 ? 0 : FRAGMENT_MS)
      assert.is(tracks.find(({ name }) => name === one!.track)!.damaged, 1)
    }
})

test('a file deleted after every disk had confirmed it: damaged', async ({ dir }) => {
  buildHearing(dir)
  rmSync(join(dir, 'judge/0001.mp4'))
  const check = await checkHearing(dir)
  assert.equal([check.verdict, codes(check)], ['damaged', ['fragment-lost']])
  assert.equal([check.tracks[1]!.missing, check.findings[0]!.fromMs, check.findings[0]!.toMs], [4, 0, 4 * FRAGMENT_MS])
  assert.match(check.findings[0]!.clerk, 'Judge, from 0:00:00.0 to 0:00:01.9 (1.9 s)')
})

test('a file cut at any length: what was cut is missing, the rest is whole', async ({ dir }) => {
  const { files } = buildHearing(dir, { segments: 1, fragments: 3, fragmentBytes: 10 })
  const path = join(dir, 'judge/0001.mp4')
  const ends = [10, 27, 51]
  for (let length = files.get('judge/0001.mp4')!.length - 1; length >= 0; length--) {
    truncateSync(path, length)
    const check = await checkHearing(dir)
    assert.is(check.verdict, 'damaged')
    assert.equal([check.tracks[1]!.missing, check.tracks[1]!.damaged], [ends.filter((end) => end > length).length, 0])
  }
})

const absentCases: [string, HearingPlan, CheckOptions, string][] = [
  ['only the other disk confirmed it', { stores: ['main'], more: [store('mirror')] }, {}, 'incomplete'],
  ['this disk confirmed it', { stores: ['main'], more: [store('mirror')] }, { store: 'main' }, 'damaged'],
  ['this disk never did', { stores: ['main'], more: [store('mirror')] }, { store: 'mirror' }, 'incomplete'],
  ['this disk confirmed it later', { stores: ['main'], more: [stored(8)] }, { store: 'mirror' }, 'damaged'],
  ['this disk confirmed only earlier ones', { stores: ['main'], more: [stored(3)] }, { store: 'mirror' }, 'incomplete'],
  ['this disk failed before it said so', { more: [store('mirror'), stored(8)], stores: ['main'] }, {}, 'incomplete'],
  ['there is one disk', { stores: ['main'] }, {}, 'damaged'],
]
function store(name: string) {
  return { kind: 'store' as const, store: name, to: 'failed', reason: why }
}
function stored(upto: number) {
  return { kind: 'stored' as const, store: 'mirror', track: 'judge', run: 1, upto }
}
for (const [name, plan, options, expected] of absentCases)
  test(`a file is not here and ${name}: ${expected}`, async ({ dir }) => {
    buildHearing(dir, plan)
    rmSync(join(dir, 'judge/0002.mp4'))
    assert.is((await checkHearing(dir, options)).verdict, expected)
  })

test('bytes added to a closed hearing are damage, to an open one a remark', async ({ dir, mirror }) => {
  for (const [folder, closed, expected] of [
    [dir, true, ['damaged', ['bytes-added']]],
    [mirror, false, ['whole', ['bytes-unlisted', 'hearing-open']]],
  ] as const) {
    buildHearing(folder, { closed })
    appendFileSync(join(folder, 'hall/0002.mp4'), 'added')
    const check = await checkHearing(folder)
    assert.equal([check.verdict, codes(check)], expected)
    assert.is(check.findings[0]!.bytes, 5)
  }
})

test('a left-over that the journal names is a remark', async ({ dir }) => {
  const tail = { kind: 'tail', store: 'main', file: 'hall/0002.mp4', offset: 1_221, bytes: 5, why } as const
  buildHearing(dir, { more: [tail] })
  appendFileSync(join(dir, 'hall/0002.mp4'), 'added')
  const check = await checkHearing(dir)
  assert.equal([check.verdict, codes(check)], ['whole', ['bytes-unlisted']])
})

test('bytes between fragments that no fragment covers are named', async ({ dir }) => {
  buildHearing(dir, {
    alter: (one) => (one.seq === 2 && one.track === 'hall' ? { ...one, offset: 301, bytes: 306 } : one),
  })
  const check = await checkHearing(dir)
  assert.ok(codes(check).includes('bytes-added'))
})

test('a file nobody listed is a remark; the recorder’s own files are none', async ({ dir }) => {
  buildHearing(dir)
  writeFileSync(join(dir, 'hall', 'extra.mp4'), 'x')
  writeFileSync(join(dir, 'hearing.json'), '{}')
  mkdirSync(join(dir, 'index'))
  writeFileSync(join(dir, 'index', 'desk.ndjson'), '{}')
  const check = await checkHearing(dir)
  assert.equal([check.verdict, codes(check), check.findings[0]!.file], ['whole', ['file-unlisted'], 'hall/extra.mp4'])
})

test('a journal cut in its last line is torn, and the hearing is open', async ({ dir }) => {
  const { journal } = buildHearing(dir)
  truncateSync(join(dir, 'journal.ndjson'), journal.length - 5)
  const check = await checkHearing(dir)
  assert.equal([check.verdict, check.state, codes(check)], ['whole', 'open', ['journal-torn', 'hearing-open']])
})

test('anything written after the closing line is damage', async ({ dir }) => {
  buildHearing(dir)
  appendFileSync(join(dir, 'journal.ndjson'), 'x')
  const check = await checkHearing(dir)
  assert.equal([check.verdict, codes(check)], ['damaged', ['journal-added']])
})

test('a late confirmation after the closing line is in order', async ({ dir }) => {
  buildHearing(dir, { after: [stored(8)] })
  assert.is((await checkHearing(dir)).verdict, 'whole')
})

test('a byte of the journal flipped: damaged', async ({ dir }) => {
  const { journal } = buildHearing(dir)
  flip(join(dir, 'journal.ndjson'), journal.indexOf('Court of'))
  const check = await checkHearing(dir)
  assert.equal([check.verdict, codes(check)], ['damaged', ['journal-chain']])
})

test('a journal flipped anywhere or cut anywhere is checked without a throw', async ({ dir }) => {
  const { journal } = buildHearing(dir, { segments: 1, fragments: 1 })
  const path = join(dir, 'journal.ndjson')
  const last = journal.lastIndexOf(10, journal.length - 2)
  for (let at = 0; at < journal.length; at += 3) {
    const changed = Buffer.from(journal)
    changed[at]! ^= 2
    writeFileSync(path, changed)
    const { verdict } = await checkHearing(dir)
    assert.ok(at > last || verdict === 'damaged', `byte ${at}: ${verdict}`)
    writeFileSync(path, journal.subarray(0, at))
    assert.is((await checkHearing(dir)).verdict, journal.subarray(0, at).includes(10) ? 'whole' : 'unknown')
  }
})

test('no journal, an empty one, garbage, no folder: unknown', async ({ dir, root }) => {
  assert.equal(codes(await checkHearing(join(root, 'nowhere'))), ['journal-missing'])
  mkdirSync(dir, { recursive: true })
  const { verdict, state } = await checkHearing(dir)
  assert.equal([verdict, state, exitCodeOf(verdict)], ['unknown', 'unknown', 2])
  for (const content of ['', 'garbage\n'.repeat(2_000), '\0'.repeat(100)]) {
    writeFileSync(join(dir, 'journal.ndjson'), content)
    const check = await checkHearing(dir)
    assert.is(check.verdict, 'unknown')
    assert.ok(check.findings.length < 600)
  }
  rmSync(join(dir, 'journal.ndjson'))
  mkdirSync(join(dir, 'journal.ndjson'))
  assert.equal([(await checkHearing(dir)).verdict, codes(await checkHearing(dir))], ['unknown', ['journal-unreadable']])
})

test('a link or a pipe in place of a segment is not opened', async ({ dir }) => {
  buildHearing(dir)
  rmSync(join(dir, 'hall/0001.mp4'))
  symlinkSync('/dev/zero', join(dir, 'hall/0001.mp4'))
  rmSync(join(dir, 'judge/0001.mp4'))
  execFileSync('mkfifo', [join(dir, 'judge/0001.mp4')])
  const check = await checkHearing(dir)
  assert.equal([check.verdict, codes(check)], ['damaged', ['fragment-unreadable', 'fragment-unreadable']])
})

test('with the mirror: says whether it has the bytes whole', async ({ dir, mirror }) => {
  buildHearing(dir)
  buildHearing(mirror)
  assert.is((await checkHearing(dir, { mirror })).verdict, 'whole')
  flip(join(dir, 'hall/0001.mp4'), 0)
  flip(join(dir, 'judge/0001.mp4'), 0)
  flip(join(mirror, 'judge/0001.mp4'), 0)
  const { findings } = await checkHearing(dir, { mirror })
  assert.equal(
    findings.map(({ track, onMirror }) => [track, onMirror]),
    [
      ['hall', true],
      ['judge', false],
    ],
  )
  assert.match(findings[0]!.clerk, 'The other disk has it whole.')
})

test('with the mirror: its journal shorter, different, absent', async ({ dir, mirror }) => {
  const { journal } = buildHearing(dir)
  buildHearing(mirror)
  const other = join(mirror, 'journal.ndjson')
  truncateSync(other, journal.length - 5)
  assert.equal(codes(await checkHearing(dir, { mirror })), ['mirror-shorter'])
  writeFileSync(other, journal)
  flip(other, 50)
  const { findings } = await checkHearing(dir, { mirror })
  assert.equal([findings[0]!.code, findings[0]!.offset], ['mirror-differs', 50])
  rmSync(other)
  assert.equal(codes(await checkHearing(dir, { mirror })), ['mirror-unreadable'])
})

test('gaps are told with their place and cause', async ({ dir }) => {
  buildHearing(dir, { more: [{ kind: 'gap', track: 'judge', fromMs: 602_000, toMs: 609_500, reason: why }] })
  const { verdict, findings, tracks } = await checkHearing(dir)
  assert.equal([verdict, tracks[1]!.gaps, tracks[1]!.gapSeconds], ['whole', 1, 7.5])
  assert.is(findings[0]!.clerk, 'Judge: nothing recorded from 0:10:02.0 to 0:10:09.5 (7.5 s). The cable was pulled.')
})

test('progress goes up to the end', async ({ dir }) => {
  const { files } = buildHearing(dir)
  const total = [...files.values()].reduce((sum, bytes) => sum + bytes.length, 0)
  const seen: [number, number][] = []
  await checkHearing(dir, { onProgress: (done, of) => seen.push([done, of]) })
  assert.equal(seen.at(-1), [total, total])
  assert.ok(seen.every(([done], i) => i === 0 || done >= seen[i - 1]![0]))
})

test('a long hearing is checked in flat memory', async ({ dir }) => {
  buildHearing(dir, { segments: 20, fragments: 500, fragmentBytes: 40 })
  const before = process.memoryUsage().rss
  const { verdict, tracks } = await checkHearing(dir)
  assert.equal([verdict, tracks[0]!.fragments], ['whole', 10_000])
  const grown = process.memoryUsage().rss - before
  assert.ok(grown < 150 << 20, `${grown} bytes more`)
})

test('the journal is read to its end; without one JOURNAL_MISSING is thrown', async ({ dir }) => {
  buildHearing(dir)
  let count = 0
  for await (const item of readJournal(dir)) if (item.is === 'entry') count++
  assert.is(count, 11)
  rmSync(join(dir, 'journal.ndjson'))
  let code = ''
  await readJournal(dir)
    .next()
    .catch((thrown) => {
      code = thrown.code
    })
  assert.is(code, 'JOURNAL_MISSING')
})

test('the report says it in lines for a person', async ({ dir }) => {
  buildHearing(dir, { closed: false })
  rmSync(join(dir, 'judge/0001.mp4'))
  const lines = reportLines(await checkHearing(dir))
  assert.match(lines[0]!, 'Hearing hearing-1, case 2-17/2026, Room 3: open, 0:00:03.8 long')
  assert.match(lines[2]!, '4 MISSING')
  assert.match(lines.at(-1)!, 'DAMAGED')
})

test('the report says once that something was off the record', async ({ dir }) => {
  buildHearing(dir)
  const check = await checkHearing(dir)
  const offRecord = ['Off the record: recess', 'Clerk words'].map((reason) => ({ fromMs: 1_000, toMs: 2_000, reason }))
  const lines = reportLines({ ...check, offRecord }).filter((line) => line.includes('off the record'))
  assert.equal(lines, [
    '  off the record from 0:00:01.0 to 0:00:02.0: recess',
    '  off the record from 0:00:01.0 to 0:00:02.0: Clerk words',
  ])
})

test('hearing.json is written again from the journal', async ({ dir }) => {
  const { head } = buildHearing(dir)
  assert.is(await writeSummary([dir], replaceFile), 1)
  const summary = JSON.parse(readFileSync(join(dir, 'hearing.json'), 'utf8'))
  assert.equal(summary, await summariseHearing(dir))
  assert.equal([summary.format, summary.journal], ['verbatim-hearing/1', { entries: 11, head }])
  assert.is((await checkHearing(dir)).verdict, 'whole')
})

test('the register can be made again from the stores', async ({ root }) => {
  const [main, mirror] = [join(root, 'main'), join(root, 'mirror')]
  buildHearing(join(main, 'a'), { id: 'a', closed: false })
  buildHearing(join(mirror, 'a'), { id: 'a' })
  buildHearing(join(mirror, 'b'), { id: 'b', closed: false, segments: 40, fragments: 100, tracks: [] })
  mkdirSync(join(main, 'no-hearing'))
  writeFileSync(join(main, 'file'), '')
  mkdirSync(join(main, 'broken'))
  writeFileSync(join(main, 'broken', 'journal.ndjson'), '{"v":1')
  const found = await findHearings([main, mirror, join(root, 'gone')])
  assert.equal(
    found.map(({ id, state, case: number }) => [id, state, number]),
    [
      ['a', 'closed', '2-17/2026'],
      ['b', 'open', '2-17/2026'],
    ],
  )
})

test.run()
